package service

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"arbiter/matchmaking"
)

// Config configures a service. New copies it. A field's comment says what zero
// means.
type Config struct {
	// Rules are the queues, with distinct names. There may be none: then every
	// queue is answered as unknown.
	Rules []matchmaking.Rules
	// Host runs the matches. Required.
	Host Host
	// Authenticate identifies who makes a request. Required.
	Authenticate Authenticator
	// Store keeps waiting tickets over a restart. Nil: a new [Memory], which
	// does not survive the process.
	Store Store
	// Limits bound memory and work.
	Limits Limits
	// Log receives what operators should know. Nil: it is discarded.
	Log *slog.Logger
}

// Limits bound memory and work. A zero field has the default stated.
type Limits struct {
	Rate, Burst               float64       // requests a second of a player, and at once; default 10 and 30
	ServiceRate, ServiceBurst float64       // of a service; default 1,000 and 5,000
	Identities                int           // whose rate limits are kept, the least recent are dropped; default 65,536
	Tickets                   int           // open in one queue; default 100,000
	TicketsEach               int           // open of one service; default 5,000
	Streams                   int           // long polls and streams of a player at once; default 16; of a service TicketsEach
	Parties                   int           // default 10,000
	PartyMembers              int           // default 16
	PartyIdle                 time.Duration // a party without a request for so long is closed; default 30 min
	Kept                      time.Duration // how long tickets that left can be read; default 10 min
	KeptTickets               int           // the most of them, the oldest are dropped; default 100,000
	Credit                    time.Duration // how long an age credit can be used; default 2 min
	StreamGrace               time.Duration // time to reconnect before a lost stream cancels its ticket, where asked; default 2 s
	Heartbeat                 time.Duration // between comments on a silent stream; default 15 s
}

// Bounds of requests.
const (
	maxText     = 64   // bytes of a name
	maxUpdates  = 32   // of a ticket that a stream can catch up with
	maxCommands = 4096 // that wait for a queue; more are answered with busy
	maxExplains = 64   // of these, explanations
)

func def[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}

func (c Config) filled() (*Config, error) {
	if c.Host == nil || c.Authenticate == nil {
		return nil, errors.New("service: no host or no authenticator: give Config.Host and Config.Authenticate")
	}
	names := map[string]bool{}
	for _, r := range c.Rules {
		if names[r.Name] {
			return nil, fmt.Errorf("service: two queues named %q: rename one of them", r.Name)
		}
		names[r.Name] = true
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Store == nil {
		c.Store = NewMemory()
	}
	l := &c.Limits
	def(&l.Rate, 10)
	def(&l.Burst, 30)
	def(&l.ServiceRate, 1000)
	def(&l.ServiceBurst, 5000)
	def(&l.Identities, 65_536)
	def(&l.Tickets, 100_000)
	def(&l.TicketsEach, 5000)
	def(&l.Streams, 16)
	def(&l.Parties, 10_000)
	def(&l.PartyMembers, 16)
	def(&l.PartyIdle, 30*time.Minute)
	def(&l.Kept, 10*time.Minute)
	def(&l.KeptTickets, 100_000)
	def(&l.Credit, 2*time.Minute)
	def(&l.StreamGrace, 2*time.Second)
	def(&l.Heartbeat, 15*time.Second)
	return &c, nil
}
