package match

import (
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
)

// Game is one hosted game and what is worked out once for all its matches.
type Game struct {
	// Static.
	name    string
	define  game.Definition
	config  game.Config
	schema  *sim.Schema
	layout  *netcode.InputLayout
	idle    []int64 // the input of somebody who does nothing, as cells
	packed  []byte  // the schema as a welcome carries it
	rewind  int     // how far inputs may look back, in ticks
	behind  int     // how far an honest client draws behind what it has, in ticks
	metrics *gameMetrics

	// Safe for concurrent use.
	open    openMatches
	breaker circuitBreaker
}

func newGame(d game.Definition, m *metricSet) *Game {
	g := &Game{
		name:    d.Name(),
		define:  d,
		config:  d.Config(),
		schema:  d.Schema(),
		layout:  netcode.NewInputLayout(d.Schema()),
		packed:  netcode.AppendSchema(nil, d.Schema()),
		metrics: m.ofGame(d.Name()),
	}
	g.idle = make([]int64, len(g.schema.Input.Fields))
	dt := int64(time.Second) / int64(g.config.TickRate)
	g.rewind = int((int64(g.config.Rewind) + dt - 1) / dt)
	g.behind = int((int64(maxBehind) + dt - 1) / dt)
	return g
}

// Definition is the game as its author defined it.
func (g *Game) Definition() game.Definition { return g.define }

// Name is the game's name.
func (g *Game) Name() string { return g.name }
