package bots

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/tag"
	"arbiter/netcode"
	"arbiter/netcode/client"
	"arbiter/netcode/client/core"
	"arbiter/netcode/client/matchmake"
)

// bot is one client that plays. Its decisions run on the client's goroutine.
type bot struct {
	client interface {
		Do(func())
		Seat() *core.Seat
		Status() client.Status
		Stats() core.Stats
		Done() <-chan struct{}
		Err() error
		Close() error
	}
	seat     *matchmake.Seat // from matchmaking; nil: it went there by itself
	stopping atomic.Bool
	rested   atomic.Int32 // ticks since it lets go of everything

	quiet  bool   // everything was acknowledged
	checks uint64 // that had come until then
}

// settled reports whether everything the bot did is acknowledged, and the
// server's account of it was compared after that. restTicks are enough for its
// last input, that of letting go, to get its number.
func (b *bot) settled() bool {
	if b.rested.Load() < restTicks {
		return false
	}
	pending, checks := 0, uint64(0)
	b.client.Do(func() {
		pending, checks = b.client.Seat().Inputs().Pending(), b.client.Seat().Stats().HashChecks
	})
	if !b.quiet && pending == 0 {
		b.quiet, b.checks = true, checks
	}
	return b.quiet && checks > b.checks
}

const restTicks = 3

// pending is the number of inputs that are not acknowledged.
func (b *bot) pending() (n int) {
	b.client.Do(func() { n = b.client.Seat().Inputs().Pending() })
	return n
}

var errNone = errors.New("no error")

// over reports whether the client ended by itself, and why, unless that is as
// it should be.
func (b *bot) over() (bool, error) {
	select {
	case <-b.client.Done():
	default:
		return false, nil
	}
	err := b.client.Err()
	var closed *client.CloseError
	if errors.As(err, &closed) && closed.Code == netcode.CodeMatchFinished {
		err = nil
	}
	return true, err
}

// opener connects the nth bot. The bot lives until it is closed or ctx ends.
type opener func(ctx context.Context, c client.Config, n int) (*bot, error)

// style is how bots play, whatever the game.
type style struct {
	at      hostedGame
	rate    int // decisions a second
	predict bool
}

// opener returns how to play the game.
func (y style) opener() (opener, error) {
	hunt := func() func(*arena.State, sight) arena.Input {
		h := hunter{rate: float64(y.decisions())}
		return func(s *arena.State, at sight) arena.Input { return h.decide(s, at.me, at.tick, float64(y.at.TickRate)) }
	}
	ships := []*game.Game[arena.State, arena.Input]{arena.Game, arena.Large, arena.Uncompensated}
	for _, g := range ships {
		if g.Name() == y.at.Name {
			return opening(g, y, hunt)
		}
	}
	if y.at.Name == tag.Game.Name() {
		return opening(tag.Game, y, func() func(*tag.State, sight) tag.Input {
			return func(s *tag.State, at sight) tag.Input { return runner{}.decide(s, at.me, at.tick) }
		})
	}
	return y.strolling(), nil
}

// strolling is the opener of a game that this program does not know.
func (y style) strolling() opener {
	return func(ctx context.Context, cfg client.Config, n int) (*bot, error) {
		b, turn := &bot{}, n
		var w walker
		c, err := meet(ctx, y.at.Name, cfg, func(seat *core.Seat) {
			if w.input == nil {
				w = newWalker(&seat.Schema().Input, cfg.Token)
			}
			turn++
			switch {
			case b.stopping.Load():
				seat.Set(w.cells, false)
				b.rested.Add(1)
			case turn%y.every() == 0:
				seat.Set(w.decide(), seat.Schema().Rewinds)
			}
		})
		if err != nil {
			return nil, err
		}
		b.client = c
		return b, nil
	}
}

// every is how many ticks there are to a decision.
func (y style) every() int { return max(1, (y.at.TickRate+y.rate/2)/y.rate) }

// decisions is the rate as it comes out in whole ticks.
func (y style) decisions() int { return max(1, y.at.TickRate/y.every()) }

// sight is what a decision is made by besides the state.
type sight struct {
	me   game.PlayerID
	tick game.Tick // of the state
}

// opening makes the opener of a game. mind makes the mind of one bot.
func opening[S, I any](g *game.Game[S, I], y style, mind func() func(*S, sight) I) (opener, error) {
	g, err := g.WithRates(y.at.TickRate, y.at.SnapshotRate)
	if err != nil {
		return nil, fmt.Errorf("bots: %w", err)
	}
	return func(ctx context.Context, cfg client.Config, n int) (*bot, error) {
		cfg.NoPrediction = !y.predict
		c, err := client.Dial(ctx, g, cfg)
		if err != nil {
			return nil, err
		}
		decide, turn, b := mind(), n, &bot{client: c} // n: not all decide in the same tick
		look := c.State
		if y.predict {
			look = c.Predicted
		}
		c.OnTick(func() {
			turn++
			switch f := c.Seat().Frame(); {
			case b.stopping.Load():
				var nothing I
				c.Set(nothing)
				b.rested.Add(1)
			case f != nil && turn%y.every() == 0:
				c.Set(decide(look(), sight{c.Player(), f.Tick}))
			}
		})
		return b, nil
	}, nil
}
