package core

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode/netcodetest"
)

type arenaPlayer = player[arena.State, arena.Input]

// pilot steers at random, with changes at uneven times.
func pilot(p *arenaPlayer, r *rand.Rand) {
	if r.IntN(120) == 0 {
		p.Set(arena.Input{Thrust: int8(r.IntN(3) - 1), Turn: int8(r.IntN(3) - 1), Fire: r.IntN(2) == 0})
	}
}

func shipOf(s *arena.State, p game.PlayerID) *arena.Ship {
	_, ship := s.Ships.Find(func(s *arena.Ship) bool { return s.Player == p })
	return ship
}

func TestPredictionIsExactAt150ms(t *testing.T) {
	for _, jitter := range []time.Duration{0, 10 * ms} {
		b := newHarness(t, arena.Game, 7)
		p := b.join(arena.Game, true, netcodetest.Config{Seed: 3, Delay: 75 * ms, Jitter: jitter})
		r := rand.New(rand.NewPCG(1, 2))
		b.run(2*time.Second, func() { pilot(p, r) })
		before := p.Seat().Stats()
		travelled, ahead, turned := 0.0, 0, 0.0
		var last arena.Ship
		b.run(20*time.Second, func() {
			pilot(p, r)
			mine := shipOf(p.Predicted(), p.Seat().Player())
			if last.Player != 0 {
				travelled += math.Hypot(mine.X-last.X, mine.Y-last.Y)
				turned += math.Abs(mine.Angle - last.Angle)
			}
			last = *mine
			if n := p.Seat().Tick().Sub(b.server.Sim.Tick()); n > ahead {
				ahead = n
			}
		})
		st := p.Seat().Stats()
		if st.Corrections != before.Corrections || st.Largest != before.Largest {
			t.Errorf("jitter %v: %d corrections of up to %g, want exactly none: %+v", jitter, st.Corrections-before.Corrections, st.Largest, st)
		}
		if travelled < 1000 || turned < 10 || st.InputsSent < 50 || ahead < 2 {
			t.Errorf("jitter %v: nothing was proved: ship travelled %.0f, turned %.1f, %d inputs, %d ticks ahead", jitter, travelled, turned, st.InputsSent, ahead)
		}
		if st.Slack < 0 || st.Slack > 60*ms {
			t.Errorf("jitter %v: slack %v", jitter, st.Slack)
		}
		t.Logf("jitter %v: travelled %.0f, %d ticks ahead, %+v", jitter, travelled, ahead, st)
	}
}
