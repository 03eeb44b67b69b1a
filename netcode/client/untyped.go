package client

import (
	"context"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode/client/core"
)

// Untyped is a player, or a spectator, of one match at a time, of a game whose
// Go types this program does not have: inputs and state are numbers, in the
// order of the game's schema. It is for tools that must work with any game. See
// the package doc for which of its methods may be called where.
type Untyped struct {
	loop
	onReceive []func(*core.Received) // guarded by loop.mu

	input []int64 // guarded by loop.inputMu: what the player does
	aims  bool    // guarded by loop.inputMu
}

// DialUntyped connects as [Dial] does, and learns the game, of which only the
// name is known, from the schema in the server's welcome. Nothing is predicted:
// Config.NoPrediction and Config.Smooth have no meaning.
func DialUntyped(ctx context.Context, name string, cfg Config) (*Untyped, error) {
	return dialSeat(ctx, name, core.Config{}, cfg)
}

// Rules are a game whose rules this program can run without knowing its types,
// such as any [game.Game].
type Rules interface {
	Name() string
	Schema() *sim.Schema
	// PredictSim returns the rules for one player, to be run ahead of the server.
	PredictSim(p game.Player) sim.Prediction
}

// DialRules connects as [Dial] does, with the types of the game erased. Unlike
// [DialUntyped] it runs the rules ahead, and it fails if the server's game has
// another schema.
func DialRules(ctx context.Context, r Rules, cfg Config) (*Untyped, error) {
	seat := core.Config{Schema: r.Schema(), Smooth: cfg.Smooth}
	if !cfg.NoPrediction && !cfg.Spectate {
		seat.Predictor = func(p game.PlayerID) sim.Prediction { return r.PredictSim(game.Player{ID: p}) }
	}
	return dialSeat(ctx, r.Name(), seat, cfg)
}

func dialSeat(ctx context.Context, name string, seat core.Config, cfg Config) (*Untyped, error) {
	c := &Untyped{}
	c.setUp(name, core.NewSeat(seat), cfg)
	c.receive = c.received
	c.push = func() { c.seat.Set(c.input, c.aims) }
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Untyped) received(now time.Duration, msg []byte) (core.Received, error) {
	r, err := c.seat.Receive(now, msg)
	if err == nil {
		for _, f := range c.onReceive {
			f(&r)
		}
	}
	return r, err
}

// Schema describes the game's tables, inputs, commands and events. It is for
// callbacks and Do.
func (c *Untyped) Schema() *sim.Schema { return c.seat.Schema() }

// Set makes cells what the player does from the next tick on, until it is set
// anew: one number for each field of Schema().Input, of which it keeps a copy.
// aims says that the rules of the game use lag compensation for it, so that the
// server has to know what the player is looking at; Schema().Rewinds says
// whether they ever do.
func (c *Untyped) Set(cells []int64, aims bool) {
	c.inputMu.Lock()
	defer c.inputMu.Unlock()
	c.input, c.aims, c.changed = append(c.input[:0], cells...), aims, true
}

// Command sends a command to the rules: row of Schema().Commands[kind]. It waits
// while the connection is down. The only error is ErrFull, if MaxCommands wait
// already.
func (c *Untyped) Command(kind int, row sim.Row) error {
	return c.command(func() error { return c.seat.Command(kind, row) })
}

// OnReceive calls f for each message that was received and applied; the state
// it led to is Seat().Frame(). What f is given is valid during the call. It must
// not be called from a callback.
func (c *Untyped) OnReceive(f func(*core.Received)) {
	c.Do(func() { c.onReceive = append(c.onReceive, f) })
}
