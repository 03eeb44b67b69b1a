package client

import (
	"arbiter/netcode"

	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"arbiter/netcode/client/apiclient"
)

// Subprotocol is what the client offers; the server has to choose it.
const Subprotocol = "arbiter.v1"

// Config says where to play and as whom. Zero values mean the defaults.
type Config struct {
	// URL of the server, ws://, wss://, http:// or https://, or of a seat. A path is
	// the prefix below which a proxy has the server, unless it ends in /play. Its
	// query is kept.
	URL string
	// Match joins a certain match; empty lets the server choose.
	Match string
	// Spectate watches without a seat.
	Spectate bool
	// Token proves who the player is; empty sends none.
	Token string
	// GetToken returns the token of every connection, in place of Token. While
	// the client plays, GetToken is called again before the token expires; if it
	// fails then, it is called again a while later. A token that the server refuses
	// is asked for once more. An error before the client has played ends the client; one before a later connection is treated like a
	// network that is down. It is called on the client's goroutines, one call at a
	// time, and has to return when ctx ends, which is after 30 s at most. The
	// token may be for this match or for any, but must be of the same player. Nil:
	// the session ends when Token expires.
	GetToken func(ctx context.Context) (token string, err error)
	// Seek returns the URL and the token of every connection: for tokens that are
	// valid once, and for players who are sent to another server. An error ends
	// the client. Nil: URL and Token or GetToken are used. With Seek, GetToken is
	// called only while the client plays.
	Seek func(ctx context.Context) (url, token string, err error)

	// NoPrediction turns client-side prediction off: the player's own rows are as
	// the server sends them. It saves processor time in tools.
	NoPrediction bool
	// Smooth is the half-life of error smoothing: after how long half of a
	// correction is drawn. 0 means 60 ms, negative draws corrections at once.
	Smooth time.Duration

	// Dialer makes the TCP connections; nil uses the net package. Tools wrap the
	// connection here to stall or cut it (fault injection).
	Dialer func(ctx context.Context, network, addr string) (net.Conn, error)
	// TLS is used for wss and https; nil means the defaults.
	TLS *tls.Config

	// OnStatus is called at each change of phase, on the client's goroutine. The
	// first calls come before Dial has returned.
	OnStatus func(Status)
}

// Limits of a connection.
const (
	dialTimeout  = 10 * time.Second
	writeTimeout = 5 * time.Second
	closeTimeout = time.Second     // to end a connection properly
	silence      = 5 * time.Second // without a message the connection counts as lost: heartbeats come each second
	readPiece    = 16 << 10        // bytes that have to come within silence
	maxMessage   = netcode.MaxMessage
	inbox        = 64 // messages read and not yet applied; then nothing is read (backpressure)
)

// target is where and how to connect.
type target struct {
	url   string
	token string
}

// target builds the URL of the next connection. match overrides the config's.
func (c *Config) target(ctx context.Context, game, match string) (target, error) {
	t := target{c.URL, c.Token}
	var err error
	switch {
	case c.Seek != nil:
		if t.url, t.token, err = c.Seek(ctx); err != nil {
			return t, final(fmt.Errorf("client: seeking a server: %w", err))
		}
	case c.GetToken != nil:
		within, cancel := context.WithTimeout(ctx, tokenPeriod)
		defer cancel()
		if t.token, err = c.GetToken(within); err != nil {
			return t, marked{fmt.Errorf("client: getting a token: %w", err), errUnreachable}
		}
	}
	at, err := apiclient.ParseAddress(t.url)
	if err != nil {
		return t, final(fmt.Errorf("client: URL %q: %w", t.url, err))
	}
	u := at.Play
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
