package server

import (
	"log/slog"
	"maps"
	"slices"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/server/auth"
	"arbiter/server/webhook"
)

// core is what sessions and matches share. What has no comment does not change.
type core struct {
	config   *Config
	log      *slog.Logger
	games    map[string]*hostedGame
	metrics  *metricSet
	output   *outputPool
	lobby    *lobby
	sessions sessionIndex // of live sessions
	overload overload
	revoked  auth.Revocations // safe for concurrent use

	verifier *auth.Verifier
	events   *eventLog
	hook     *webhook.Hook // nil: none
}

// hostedGame is one game and what is worked out once for all its matches.
type hostedGame struct {
	name    string
	define  game.Definition
	config  game.Config
	schema  *sim.Schema
	layout  *netcode.InputLayout
	packed  []byte // the schema as a welcome carries it
	rewind  int    // how far inputs may look back, in ticks
	behind  int    // how far an honest client draws behind what it has, in ticks
	metrics *gameMetrics

	open openMatches
}

func newHostedGame(d game.Definition, m *metricSet) *hostedGame {
	g := &hostedGame{
		name:    d.Name(),
		define:  d,
		config:  d.Config(),
		schema:  d.Schema(),
		layout:  netcode.NewInputLayout(d.Schema()),
		packed:  netcode.AppendSchema(nil, d.Schema()),
		metrics: m.ofGame(d.Name()),
	}
	dt := int64(time.Second) / int64(g.config.TickRate)
	g.rewind = int((int64(g.config.Rewind) + dt - 1) / dt)
	g.behind = int((int64(maxBehind) + dt - 1) / dt)
	return g
}

func (c *core) gameNames() []string { return slices.Sorted(maps.Keys(c.games)) }
