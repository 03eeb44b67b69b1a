// Package bots plays on a server with many clients at once and checks what the
// server sends: that every state is the server's, and that every input is
// applied exactly once, also over connections that are cut and stalled.
package bots

import (
	"cmp"
	"fmt"
	"io"
	"net/url"
	"time"
)

// Config says what to play and how. Zero values mean what their comments say.
type Config struct {
	URL     string        // ws:// or wss://; required
	Game    string        // empty: the match's, or arena
	Match   string        // empty: the server chooses
	Clients int           // 0 means 1
	For     time.Duration // how long to play once all are connected; 0 means 10 s
	Rate    int           // decisions of each bot a second; 0 means 15
	Drop    float64       // chance of each connection to be cut, a second
	Stall   float64       // and to be held up
	Predict bool          // run the rules ahead as a player's client does
	Seed    uint64        // of the chances
	// Token mints the nth bot's token. Nil asks the server for guest tokens.
	Token func(n int) (string, error)
	// Matchmaking, if not nil, has every bot queue for its match, and all matches
	// judged. Game and Match are not used then.
	Matchmaking *Matchmaking
	// Progress gets a line a second; nil means none. Rewrite has each line
	// overwrite the one before, as terminals can.
	Progress io.Writer
	Rewrite  bool
}

const (
	connecting    = 15 * time.Second // the most that it may take until all are connected
	atOnce        = 16               // of them at the same time
	settling      = 3 * time.Second  // the most that may pass until everything is acknowledged,
	reconnecting  = 20 * time.Second // this much longer while a bot has no connection
	guestLifetime = 50 * time.Minute // the server's is an hour
)

func (c *Config) fill() (*url.URL, error) {
	c.Clients = max(c.Clients, 1)
	if c.For == 0 {
		c.For = 10 * time.Second
	}
	if c.Rate <= 0 {
		c.Rate = 15
	}
	if c.Token == nil && c.For > guestLifetime {
		return nil, fmt.Errorf("bots: guest tokens end after an hour, so %v is too long: play %v at most, or bring tokens", c.For, guestLifetime)
	}
	u, err := url.Parse(c.URL)
	if err != nil || u.Host == "" || u.Scheme != "ws" && u.Scheme != "wss" {
		return nil, fmt.Errorf("bots: %q is not the address of a server: write ws://host:port or wss://host", c.URL)
	}
	c.Game, c.Match = cmp.Or(c.Game, u.Query().Get("game")), cmp.Or(c.Match, u.Query().Get("match")) // a seat's URL
	return u, nil
}
