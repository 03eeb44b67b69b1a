//go:build !race

package core

import (
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
)

// recordBout plays with two moving ships and returns the first one's mirror
// and the snapshots it has not yet been given, with their times.
func recordBout(t *testing.T, predict bool) (m *arenaPlayer, msgs [][]byte, at []time.Duration) {
	b := newHarness(t, arena.Game, 5)
	p := b.join(arena.Game, predict, netcodetest.Config{Delay: 20 * ms})
	o := b.join(arena.Game, false, netcodetest.Config{})
	r := rand.New(rand.NewPCG(1, 1))
	each := func() { pilot(p, r); pilot(o, r) }
	b.run(8*time.Second, each) // every ring has been around
	o.Set(arena.Input{Thrust: 1, Turn: 1})
	b.run(2*time.Second, nil)
	// From here on the server goes on alone, as if every message arrived.
	for range 600 {
		b.now += ms
		b.serve()
		for _, c := range b.clients {
			for msg := range c.pipe.Down.Recv(b.now) {
				if c == p && netcode.KindOf(msg) == netcode.KindSnapshot {
					msgs, at = append(msgs, msg), append(at, b.local())
				}
			}
		}
	}
	return p, msgs, at
}

func TestAllocsSteadyState(t *testing.T) {
	for _, c := range []struct {
		predict bool
		want    float64
	}{{false, 0}, {true, 0}} {
		p, msgs, at := recordBout(t, c.predict)
		if len(msgs) < 8 {
			t.Fatalf("only %d snapshots", len(msgs))
		}
		i, out, turn := 0, make([]byte, 0, 1<<12), int8(0)
		got := testing.AllocsPerRun(len(msgs)-2, func() {
			if _, err := p.Receive(at[i], msgs[i]); err != nil {
				t.Fatal(err)
			}
			turn = 1 - turn
			p.Set(arena.Input{Turn: turn})
			p.Seat().Advance(at[i])
			for ok := true; ok; out, ok = p.Seat().Next(at[i], out[:0]) {
			}
			if c.predict {
				p.Interpolated(at[i])
				p.Predicted()
			}
			p.State()
			i++
		})
		if got != c.want {
			t.Errorf("predict %v: %v allocations per snapshot and tick, want %v", c.predict, got, c.want)
		}
		if p.Seat().Stats().InputsSent < 5 {
			t.Error("no inputs were made")
		}
	}
}
