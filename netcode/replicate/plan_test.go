package replicate

import (
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
)

// A drifter moves evenly, so that its every residual is zero, and stops.
type driftState struct {
	Ships game.Table[struct {
		X float64 `net:"step=1/8,linear"`
	}]
}
type driftInput struct{ Go bool }
type driftRules struct{}

func (driftRules) Start(w *game.World[driftState]) {
	w.State.Ships.Add(struct {
		X float64 "net:\"step=1/8,linear\""
	}{})
}
func (driftRules) Join(*game.World[driftState], game.Player)    {}
func (driftRules) Leave(*game.World[driftState], game.PlayerID) {}
func (driftRules) Step(w *game.World[driftState], _ *game.Inputs[driftInput]) {
	if w.Tick() < 60 {
		w.State.Ships.Get(1).X += 0.5
	}
}

// What moves as expected is sent though nothing is written about it, because
// the client cannot know that it does; what rests is not sent, but for one
// heartbeat a second.
func TestEmptyIsNotSentUnlessItMoves(t *testing.T) {
	g := game.MustDefine[driftState, driftInput]("drift", driftRules{}, game.Config{TickRate: 30})
	m := g.New(1)
	r := New(m, Config{})
	f := r.NewFeed(0)
	f.Connect(0, false, 0)
	sent, bytes := [2]int{}, [2]int{}
	var now time.Duration
	for range 150 {
		now += time.Second / 30
		m.Step(&sim.TickInput{})
		r.Capture()
		if t := f.NewestSent(); t != 0 {
			f.Ack(t, now)
		}
		half := 0
		if m.Tick() > 62 {
			half = 1
		}
		if r.Plan(f, SeatStatus{}, now) == Send {
			b := f.Append(nil)
			f.Sent(len(b), now)
			sent[half]++
			bytes[half] += len(b)
		}
	}
	if sent[0] < 60 || bytes[0]/sent[0] > 10 {
		t.Errorf("while moving: %d snapshots of %d bytes, want all 60 and at most 10 bytes", sent[0], bytes[0]/sent[0])
	}
	if sent[1] < 2 || sent[1] > 4 {
		t.Errorf("at rest for 3 s: %d snapshots, want one a second", sent[1])
	}
}
