package core

import (
	"math"
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode/netcodetest"
)

// Inputs that come too late are applied later than predicted: that must show
// as a correction, be drawn smoothly, and be over once the state says so.
func TestLateInputIsCorrectedAndDrawnSmoothly(t *testing.T) {
	b := newHarness(t, arena.Game, 7)
	p := b.join(arena.Game, true, netcodetest.Config{Delay: 40 * ms})
	b.run(2*time.Second, nil)
	before := p.Seat().Stats()
	hold := b.now // nothing gets through upwards for 300 ms, and then everything
	p.pipe.Up = netcodetest.NewLink(netcodetest.Config{Delay: 340 * ms})
	p.Set(arena.Input{Thrust: 1})
	last, worst, logical, jumped := arena.Ship{}, 0.0, arena.Ship{}, 0.0
	b.run(time.Second, func() {
		drawn, state := *shipOf(p.Interpolated(b.local()), 1), *shipOf(p.Predicted(), 1)
		if b.now > hold+ms {
			worst = max(worst, math.Hypot(drawn.X-last.X, drawn.Y-last.Y))
			jumped = max(jumped, math.Hypot(state.X-logical.X, state.Y-logical.Y))
		}
		last, logical = drawn, state
	})
	st := p.Seat().Stats()
	if st.Corrections == before.Corrections || st.Largest < 1 || st.Late == 0 {
		t.Fatalf("nothing was corrected: %+v", st)
	}
	if jumped < 4 || worst > jumped/3 {
		t.Errorf("the state jumped by %.1f, what is drawn by %.1f", jumped, worst)
	}
	p.Set(arena.Input{})
	b.run(3*time.Second, nil)
	drawn, state := shipOf(p.Interpolated(b.local()), 1), shipOf(p.Predicted(), 1)
	if d := math.Hypot(drawn.X-state.X, drawn.Y-state.Y); d > 3*math.Hypot(state.VX, state.VY)/30+0.1 {
		t.Errorf("what is drawn is still %.2f away from the prediction", d)
	}
	if now := p.Seat().Stats(); now.InputsLost+now.InputsRepeated+now.HashMismatches > 0 {
		t.Errorf("%+v", now)
	}
}

func TestPredictionStandsStillInALongSilence(t *testing.T) {
	b := newHarness(t, arena.Game, 7)
	p := b.join(arena.Game, true, netcodetest.Config{Delay: 40 * ms})
	p.Set(arena.Input{Turn: 1})
	b.run(2*time.Second, nil)
	base := p.Seat().Frame().Tick
	p.pipe.Down = netcodetest.NewLink(netcodetest.Config{Delay: time.Hour})
	b.run(4*time.Second, nil)
	if n := p.Seat().Prediction().Newest().Sub(base); n < MaxPredicted || n > MaxPredicted+4 {
		t.Errorf("predicted %d ticks beyond the server's state", n)
	}
	one, two := shipOf(p.Interpolated(b.local()), 1).Angle, 0.0
	b.run(100*ms, nil)
	if two = shipOf(p.Interpolated(b.local()), 1).Angle; one != two {
		t.Errorf("what is drawn goes on from %v to %v", one, two)
	}
}

func TestOwnShipIsDrawnEvenly(t *testing.T) {
	b := newHarness(t, arena.Game, 7)
	p := b.join(arena.Game, true, netcodetest.Config{Seed: 1, Delay: 60 * ms, Jitter: 15 * ms})
	b.run(2*time.Second, func() { p.Set(arena.Input{Turn: 1}) })
	p.Set(arena.Input{Thrust: 1})
	b.run(700*ms, nil)
	last, moved, uneven := arena.Ship{}, 0.0, 0
	b.run(480*ms, func() {
		if b.now%(8*ms) != 0 { // 125 pictures a second
			return
		}
		s := *shipOf(p.Interpolated(b.local()), 1)
		if d := math.Hypot(s.X-last.X, s.Y-last.Y); last.Player != 0 {
			if want := math.Hypot(s.VX, s.VY) * 8 / 1000; d < want*0.8 || d > want*1.2 {
				uneven++
			}
			moved += d
		}
		last = s
	})
	if moved < 50 || uneven > 0 {
		t.Errorf("over %.0f units %d of 60 pictures were uneven", moved, uneven)
	}
}
