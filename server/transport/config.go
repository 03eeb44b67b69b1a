package transport

import (
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"time"
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
	// Origins are the origins (scheme://host[:port]) whose pages may connect;
	// "*" allows every origin. Empty means pages of the requested host only.
	Origins []string
	// RefuseNoOrigin refuses requests without an Origin, that is, clients that
	// are not browsers. False allows them.
	RefuseNoOrigin bool

	// Text accepts text messages too, for receivers that are TextReceivers. Without
	// it a text message closes the connection with 1003.
	Text bool

	// Limits bound what one connection, one address and all of them may take.
	Limits Limits

	// Log receives panics of callbacks and accept failures. Nil discards them.
	Log *slog.Logger
}

// Limits bound what clients may take. For every field zero means the default
// that is named in its comment; so do negative values where no other meaning
// is given.
type Limits struct {
	MaxConns      int // connections of all addresses; 65,536; negative: no limit
	MaxPerAddress int // connections of one IPv4 address or IPv6 /64; 256; negative: no limit

	HeadBytes   int           // request head; 8 KB
	HeadLines   int           // request line and header lines; 64
	HeadTimeout time.Duration // from accept to a complete head, in total; 5 s

	AuthTimeout  time.Duration // from upgrade to the first complete message; 5 s
	Heartbeat    time.Duration // silence before a ping; after twice this the connection is closed; 15 s
	CloseTimeout time.Duration // from the first close frame or refusal to the end of the TCP connection; 2 s

	MessageBytes   int           // payload of one message, all fragments together; 4 KB; at most 64 MB
	Fragments      int           // frames of one message; 16
	MessageTimeout time.Duration // from the first to the last byte of one message; 10 s

	MessageRate  int // messages per second, on average; 120
	MessageBurst int // messages at once; twice MessageRate
	ByteRate     int // bytes per second on the wire, on average; 32 KB
	ByteBurst    int // bytes at once; the larger of twice ByteRate and four times MessageBytes
	ControlRate  int // ping and pong frames per second, on average; 10
	ControlBurst int // ping and pong frames at once; twice ControlRate

	PendingBytes int           // bytes accepted by Send that the kernel has not taken; 64 KB
	SendBuffer   int           // SO_SNDBUF of each socket, bytes; 32 KB
	UserTimeout  time.Duration // TCP_USER_TIMEOUT (Linux), sent data without acknowledgement; 20 s
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
	for _, o := range c.Origins {
		if o != "*" && o != "null" && !strings.Contains(o, "://") {
			return nil, fmt.Errorf("transport: origin %q has no scheme: write it as https://host[:port], or *", o)
		}
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

func (l *Limits) fill() {
	if l.MaxConns == 0 {
		l.MaxConns = 65536
	}
	if l.MaxPerAddress == 0 {
		l.MaxPerAddress = 256
	}
	def(&l.HeadBytes, 8<<10)
	def(&l.HeadLines, 64)
	def(&l.HeadTimeout, 5*time.Second)
	def(&l.AuthTimeout, 5*time.Second)
	def(&l.Heartbeat, 15*time.Second)
	def(&l.CloseTimeout, 2*time.Second)
	def(&l.MessageBytes, 4<<10)
	def(&l.Fragments, 16)
	def(&l.MessageTimeout, 10*time.Second)
	def(&l.MessageRate, 120)
	def(&l.MessageBurst, 2*l.MessageRate)
	def(&l.ByteRate, 32<<10)
	def(&l.ByteBurst, max(2*l.ByteRate, 4*l.MessageBytes))
	def(&l.ControlRate, 10)
	def(&l.ControlBurst, 2*l.ControlRate)
	def(&l.PendingBytes, 64<<10)
	def(&l.SendBuffer, 32<<10)
	def(&l.UserTimeout, 20*time.Second)
}

func def[T int | time.Duration](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}
