package client

import (
	"context"

	"arbiter/game"
	"arbiter/netcode/client/core"
)

// Client is a player, or a spectator, of one match at a time, of a game whose
// types this program has. See the package doc for which of its methods may be
// called where.
type Client[S, I any] struct {
	loop
	mirror *core.Mirror[S, I] // guarded by loop.mu
	input  I                  // guarded by loop.inputMu: what the player does
}

// Dial connects to a server and returns once the client plays. It fails if the
// server cannot be reached or refuses for good, see [RefusedError] and
// [CloseError]; while the server says that it is busy, Dial tries again. The
// client lives until Close, until ctx ends, or until the server or the game ends
// it for good; from then on Err says why.
func Dial[S, I any](ctx context.Context, g *game.Game[S, I], cfg Config) (*Client[S, I], error) {
	c := &Client[S, I]{mirror: core.NewMirror(g, !cfg.NoPrediction && !cfg.Spectate, cfg.Smooth)}
	c.setUp(g.Name(), c.mirror.Seat(), cfg)
	c.receive = c.mirror.Receive
	c.push = func() { c.mirror.Set(c.input) }
	if err := c.begin(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// Set makes in what the player does from the next tick on, until it is set
// anew. What is set and replaced between two ticks is never sent.
func (c *Client[S, I]) Set(in I) {
	c.inputMu.Lock()
	defer c.inputMu.Unlock()
	c.input, c.changed = in, true
}

// Command sends a command to the rules: v of the commands that pick selects.
// It waits while the connection is down. The only error is ErrFull, if
// MaxCommands wait already.
func Command[S, I, T any](c *Client[S, I], pick func(*S) *game.Commands[T], v T) error {
	return c.command(func() error { return core.Command(c.mirror, pick, v) })
}

// State is the newest state that the server sent. It is for callbacks and Do,
// valid until they return, and not to be changed.
func (c *Client[S, I]) State() *S { return c.mirror.State() }

// Predicted is State with the player's own rows by client-side prediction: as
// the rules, run ahead, say they are at the tick that Set is for. It is for
// callbacks and Do, valid until they return, and not to be changed.
func (c *Client[S, I]) Predicted() *S { return c.mirror.Predicted() }

// Interpolated is what to draw now: rows of others between two snapshots, as
// they were a moment ago (the interpolation delay), and the player's own rows as
// predicted. It is for callbacks and Do, valid until they return, and not to be
// changed.
func (c *Client[S, I]) Interpolated() *S { return c.mirror.Interpolated(c.now()) }

// OnAdded calls f for each row that appears in the table that pick selects:
// because it was made, or because the player sees it now. Rows that are there
// already count as appearing with the next snapshot. The row is valid during
// the call.
func OnAdded[S, I, T any](c *Client[S, I], pick func(*S) *game.Table[T], f func(id game.ID, row *T)) {
	c.Do(func() { core.OnAdded(c.mirror, pick, f) })
}

// OnChanged calls f for each row that differs from the snapshot before.
// Both are valid during the call.
func OnChanged[S, I, T any](c *Client[S, I], pick func(*S) *game.Table[T], f func(id game.ID, was, is *T)) {
	c.Do(func() { core.OnChanged(c.mirror, pick, f) })
}

// OnRemoved calls f for each row that is gone, or not seen any more, with what
// it was last, valid during the call.
func OnRemoved[S, I, T any](c *Client[S, I], pick func(*S) *game.Table[T], f func(id game.ID, last *T)) {
	c.Do(func() { core.OnRemoved(c.mirror, pick, f) })
}

// OnValue calls f when the value that pick selects is not what it was, and for
// the first one, which was zero before. Both are valid during the call.
func OnValue[S, I, T any](c *Client[S, I], pick func(*S) *game.Value[T], f func(was, is *T)) {
	c.Do(func() { core.OnValue(c.mirror, pick, f) })
}

// OnEvent calls f for each event of the kind that pick selects, once, in the
// order in which they happened, with the tick it happened in. The event is
// valid during the call.
func OnEvent[S, I, T any](c *Client[S, I], pick func(*S) *game.Events[T], f func(tick game.Tick, e *T)) {
	c.Do(func() { core.OnEvent(c.mirror, pick, f) })
}
