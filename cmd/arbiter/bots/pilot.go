package bots

import (
	"context"
	"fmt"

	"arbiter/game"
	"arbiter/netcode/client"
)

// Pilot decides for the bots of one game what they do. Bots of a game without a
// pilot change their inputs at random within the bounds that its schema gives.
type Pilot struct {
	game string
	open func(*hosted) (opener, error)
}

// View is what a pilot knows besides the state.
type View struct {
	Player   game.PlayerID // whom it decides for
	Tick     game.Tick     // of the newest state that the server sent
	TickRate int           // of the match, in Hz
	Rate     int           // decisions a second
}

// NewPilot returns the pilot of a game. mind is called once for each bot, and
// what it returns decides for that bot, about Config.Rate times a second, on
// its client's goroutine. The state is valid during the call and not to be
// changed; with Config.Predict it has the bot's own rows as predicted.
func NewPilot[S, I any](g *game.Game[S, I], mind func() func(s *S, v View) I) Pilot {
	return Pilot{g.Name(), func(h *hosted) (opener, error) { return piloting(g, h, mind) }}
}

// piloting is the opener of bots with a pilot.
func piloting[S, I any](g *game.Game[S, I], h *hosted, mind func() func(*S, View) I) (opener, error) {
	g, err := g.WithRates(h.TickRate, h.SnapshotRate)
	if err != nil {
		return nil, fmt.Errorf("bots: %w", err)
	}
	return func(ctx context.Context, cfg client.Config, n int) (*bot, error) {
		cfg.NoPrediction = !h.predict
		c, err := client.Dial(ctx, g, cfg)
		if err != nil {
			return nil, err
		}
		decide, turn, b := mind(), n, &bot{client: c} // n: not all decide in the same tick
		state := c.State
		if h.predict {
			state = c.Predicted
		}
		c.OnTick(func() {
			turn++
			switch f := c.Seat().Frame(); {
			case b.stopping.Load():
				var nothing I
				c.Set(nothing)
				b.idleTicks.Add(1)
			case f != nil && turn%h.every() == 0:
				c.Set(decide(state(), View{c.Player(), f.Tick, h.TickRate, h.decisions()}))
			}
		})
		return b, nil
	}, nil
}
