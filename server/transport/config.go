package transport

import (
	"fmt"
	"log/slog"
	"runtime"
	"slices"
)

// Kind selects an implementation of the transport.
type Kind string

const (
	Auto  Kind = "auto"  // Epoll on Linux, Net elsewhere
	Epoll Kind = "epoll" // Linux only
	Net   Kind = "net"   // everywhere
)

// Config says what to listen on and whom to let in. Listen copies it.
type Config struct {
	// Addr is the TCP address, host:port. Empty means 127.0.0.1 and a free port.
	Addr string
	// Kind is the implementation. Empty means Auto.
	Kind Kind
	// Shards is the number of epoll loops. Zero means GOMAXPROCS. Net ignores it.
	Shards int

	// Subprotocol is selected when a client offers it. Entries that start with
	// "token." are never selected. Empty means none is ever selected.
	Subprotocol string
	// Origins are the origins (scheme://host[:port]) whose pages may connect.
	// https://*.example.com stands for all hosts below example.com, at any depth,
	// with this scheme and port; "*" for every origin. Empty means pages of the
	// requested host only.
	Origins []string
	// RefuseNoOrigin refuses requests without an Origin, that is, clients that
	// are not browsers. False allows them.
	RefuseNoOrigin bool

	// Text accepts text messages too, for receivers that are TextReceivers. Without
	// it a text message closes the connection with 1003.
	Text bool

	// Security is about TLS and proxies.
	Security

	// Limits bound what one connection, one address and all of them may take.
	Limits Limits

	// Log receives panics of callbacks and accept failures. Nil discards them.
	Log *slog.Logger
}

func (c Config) filled() (*Config, error) {
	if c.Addr == "" {
		c.Addr = "127.0.0.1:0"
	}
	if c.Kind == "" || c.Kind == Auto {
		c.Kind = Net
		if runtime.GOOS == "linux" {
			c.Kind = Epoll
		}
	}
	if c.Kind != Net && c.Kind != Epoll {
		return nil, fmt.Errorf("transport: unknown kind %q: use %q, %q or %q", c.Kind, Auto, Epoll, Net)
	}
	if c.Shards <= 0 {
		c.Shards = runtime.GOMAXPROCS(0)
	}
	if !validProtocol(c.Subprotocol) {
		return nil, fmt.Errorf("transport: subprotocol %q is not an HTTP token: use letters, digits, dots and dashes", c.Subprotocol)
	}
	c.Origins = slices.Clone(c.Origins)
	if _, err := NewOrigins(c.Origins); err != nil {
		return nil, err
	}
	if err := c.Security.fill(); err != nil {
		return nil, err
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	c.Limits.fill()
	if c.Limits.MessageBytes > 64<<20 {
		return nil, fmt.Errorf("transport: message limit of %d bytes is above 64 MB: split large data or serve it over HTTP", c.Limits.MessageBytes)
	}
	return &c, nil
}
