package bots

import (
	"context"
	"fmt"

	"arbiter/game"
	"arbiter/netcode/client"
)

// opener connects the nth bot. The bot lives until it is closed or ctx ends.
type opener func(ctx context.Context, c client.Config, n int) (*bot, error)

// hosted is a game as the server runs it, and how bots are to play it.
type hosted struct {
	hostedGame
	rate    int  // decisions of each bot a second, as wished
	predict bool // run the rules ahead
}

// every is how many ticks there are to a decision.
func (h *hosted) every() int { return max(1, (h.TickRate+h.rate/2)/h.rate) }

// decisions is the rate as it comes out in whole ticks.
func (h *hosted) decisions() int { return max(1, h.TickRate/h.every()) }

// opener chooses how to play the game: with its pilot, or with inputs at random.
// It clears h.predict if this program does not have the game's rules.
func (h *hosted) opener(c *Config) (opener, error) {
	for _, p := range c.Pilots {
		if p.game == h.Name {
			return p.open(h)
		}
	}
	rules, err := h.rules(c.Games)
	if err != nil {
		return nil, err
	}
	h.predict = h.predict && rules != nil
	return h.wandering(rules), nil
}

// rules are those of the game, at the server's rates; nil if it is none of the
// games that this program has.
func (h *hosted) rules(games []game.Definition) (client.Rules, error) {
	for _, d := range games {
		rated, can := d.(interface {
			AtRates(tick, snapshot int) (game.Definition, error)
		})
		if d.Name() != h.Name || !can {
			continue
		}
		at, err := rated.AtRates(h.TickRate, h.SnapshotRate)
		if err != nil {
			return nil, fmt.Errorf("bots: %w", err)
		}
		rules, _ := at.(client.Rules)
		return rules, nil
	}
	return nil, nil
}

// wandering is the opener of bots without a pilot. rules are only needed to
// predict.
func (h *hosted) wandering(rules client.Rules) opener {
	return func(ctx context.Context, cfg client.Config, n int) (*bot, error) {
		var c *client.Untyped
		var err error
		if h.predict {
			c, err = client.DialRules(ctx, rules, cfg)
		} else {
			c, err = client.DialUntyped(ctx, h.Name, cfg)
		}
		if err != nil {
			return nil, err
		}
		b, turn := &bot{client: c}, n // n: not all decide in the same tick
		var w wanderer
		c.OnTick(func() {
			turn++
			if w.input == nil {
				w = newWanderer(c.Schema(), cfg.Token)
			}
			switch {
			case b.stopping.Load():
				c.Set(w.cells, false)
				b.idleTicks.Add(1)
			case turn%h.every() == 0:
				c.Set(w.decide(), c.Schema().Rewinds)
				if kind, row, chosen := w.command(); chosen && c.Command(kind, row) == nil {
					b.commands++
				}
			}
		})
		return b, nil
	}
}
