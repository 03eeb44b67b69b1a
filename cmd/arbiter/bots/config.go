package bots

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"io"
	"time"

	"arbiter/game"
	"arbiter/matchmaking"
	"arbiter/netcode/client/apiclient"
)

// Config says what to play and how. Zero values mean what their comments say.
type Config struct {
	URL     string        // of a server or a seat: ws, wss, http or https, perhaps with a prefix; required
	TLS     *tls.Config   // for wss and https; nil means the defaults
	Game    string        // empty: the match's, or the first of Games that the server hosts
	Match   string        // empty: the server chooses
	Clients int           // number of bots; 0 means 1
	For     time.Duration // how long to play once all are connected; 0 means 10 s
	Rate    int           // decisions of each bot a second; 0 means 15
	Drop    float64       // chance per second that a connection is cut, 0 to 1
	Stall   float64       // chance per second that a connection is stalled, 0 to 1
	Predict bool          // client-side prediction, for games whose rules are in Games or in a pilot
	Seed    uint64        // of the random faults
	// Games are those whose rules this program has. Only prediction needs them:
	// what inputs a game has the server says.
	Games []game.Definition
	// Pilots decide for the bots, at most one for a game. Bots of other games
	// change their inputs at random.
	Pilots []Pilot
	// Queues are the rules of queues that this program knows; see
	// Matchmaking.Rules.
	Queues []matchmaking.Rules
	// Token mints the nth bot's token. Nil asks the server for guest tokens.
	Token func(n int) (string, error)
	// Matchmaking, if not nil, has every bot queue for its match, and all matches
	// checked against the queue's rules. Game and Match are not used then.
	Matchmaking *Matchmaking
	// Progress gets one line of text per second; nil means none. Rewrite has each line
	// overwrite the one before, as terminals can.
	Progress io.Writer
	Rewrite  bool
}

const (
	connecting    = 15 * time.Second // until all bots are connected, at most
	atOnce        = 16               // bots that connect at the same time
	acknowledging = 3 * time.Second  // until everything is acknowledged, at most,
	reconnecting  = 20 * time.Second // but up to this long while a bot has no connection
	guestLifetime = 50 * time.Minute // the server's is an hour
)

func (c *Config) fill() (apiclient.Addresses, error) {
	c.Clients = max(c.Clients, 1)
	if c.For == 0 {
		c.For = 10 * time.Second
	}
	if c.Rate <= 0 {
		c.Rate = 15
	}
	if c.Token == nil && c.For > guestLifetime {
		return apiclient.Addresses{}, fmt.Errorf("bots: guest tokens end after an hour, so %v is too long: play %v at most, or bring tokens", c.For, guestLifetime)
	}
	at, err := apiclient.ParseAddress(c.URL)
	if err != nil {
		return at, fmt.Errorf("bots: URL %q: %w", c.URL, err)
	}
	seat := at.Play.Query()
	c.Game, c.Match = cmp.Or(c.Game, seat.Get("game")), cmp.Or(c.Match, seat.Get("match"))
	return at, nil
}
