package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"
)

// Subprotocol is what the client offers; the server has to choose it.
const Subprotocol = "arbiter.v1"

// Config says where to play and as whom. Zero values mean the defaults.
type Config struct {
	// URL of the server, ws:// or wss://. Without a path /play is meant. The
	// query is kept.
	URL string
	// Match joins a certain match; empty lets the server choose.
	Match string
	// Spectate watches without a seat.
	Spectate bool
	// Token proves who the player is; empty sends none.
	Token string
	// Seek is asked before every connection for its URL and token, for tokens
	// that expire and for players who are sent elsewhere. Nil uses URL and
	// Token. An error ends the client.
	Seek func(ctx context.Context) (url, token string, err error)

	// NoPrediction leaves the player's own rows as the server sends them, and
	// saves the time: for tools.
	NoPrediction bool
	// Smooth is after how long half of a correction is drawn; 0 means 60 ms,
	// negative draws it at once.
	Smooth time.Duration

	// Dialer makes the connections; nil uses the net package. Tools wrap the
	// connection here to stall or cut it.
	Dialer func(ctx context.Context, network, addr string) (net.Conn, error)
	// TLS is used for wss; nil means the defaults.
	TLS *tls.Config

	// OnStatus is called at each change of phase, on the client's goroutine;
	// for the first ones Dial has not returned yet.
	OnStatus func(Status)
}

// Limits of a connection.
const (
	dialTimeout  = 10 * time.Second
	writeTimeout = 5 * time.Second
	farewell     = time.Second     // to end a connection properly
	silence      = 5 * time.Second // without a message the connection counts as lost: heartbeats come each second
	maxMessage   = 4 << 20         // bytes the client believes in one message
	inbox        = 64              // messages read and not yet handled; then the socket waits
)

// target is where and how to connect.
type target struct {
	url   string
	token string
}

// target builds the URL of the next connection. match overrides the config's.
func (c *Config) target(ctx context.Context, game, match string) (target, error) {
	t := target{c.URL, c.Token}
	if c.Seek != nil {
		var err error
		if t.url, t.token, err = c.Seek(ctx); err != nil {
			return t, fmt.Errorf("client: seeking a server: %w", err)
		}
	}
	u, err := url.Parse(t.url)
	if err != nil || u.Host == "" || u.Scheme != "ws" && u.Scheme != "wss" {
		return t, errors.Join(fmt.Errorf("client: URL %q must look like ws://host:port or wss://host", t.url), err)
	}
	if u.Path == "" || u.Path == "/" {
		u.Path = "/play"
	}
	q := u.Query()
	q.Set("game", game)
	if match == "" {
		match = c.Match
	}
	if match != "" {
		q.Set("match", match)
	}
	if c.Spectate {
		q.Set("spectate", "1")
	}
	u.RawQuery = q.Encode()
	t.url = u.String()
	return t, nil
}
