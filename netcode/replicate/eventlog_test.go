package replicate

import (
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode/netcodetest"
)

type noise struct{ Loud int64 }
type noiseState struct{ Noises game.Events[noise] }
type noiseRules struct{}

func (noiseRules) Join(*game.World[noiseState], game.Player)    {}
func (noiseRules) Leave(*game.World[noiseState], game.PlayerID) {}
func (noiseRules) Step(w *game.World[noiseState], _ *game.Inputs[netcodetest.FleetInput]) {
	for i := range 3 {
		w.State.Noises.Emit(noise{int64(i)})
	}
}

// The log's room is what clients may still need, up to its limit; who then has
// not been sent what goes is closed.
func TestEventLogGrowsWithNeed(t *testing.T) {
	g := game.MustDefine[noiseState, netcodetest.FleetInput]("noise", noiseRules{}, game.Config{TickRate: 30})
	m := g.New(1)
	r := New(m, Config{NoAckLimit: time.Hour})
	here, away := r.NewFeed(0), r.NewFeed(1)
	here.Connect(0, false, 0)
	away.Connect(0, false, 0)
	now := time.Duration(0)
	turns := func(n int, feeds ...*Feed) {
		for range n {
			now += time.Second / 30
			m.Step(&sim.TickInput{})
			r.CollectEvents()
			r.Capture()
			for _, f := range feeds {
				if d := r.Plan(f, SeatStatus{}, now); d != Send {
					t.Fatalf("tick %d: decision %d, want a snapshot", m.Tick(), d)
				}
				f.Sent(len(f.Append(nil)), now)
				f.Ack(f.NewestSent(), now)
			}
		}
	}
	turns(200, here, away)
	if n := len(r.events.ring); n == 0 || n > 16 {
		t.Errorf("room for %d events that all have acknowledged at once, want at most 16", n)
	}
	last := away.AckedTick()
	turns(60, here)
	if n := len(r.events.ring); n < 180 || n > 512 || r.events.lost(last) {
		t.Errorf("room for %d of 180 events that one client missed, lost %v", n, r.events.lost(last))
	}
	if away.Connect(last, true, now); away.eventTick != last {
		t.Errorf("events after tick %d are owed, served up to %d", last, away.eventTick)
	}
	turns(1, here, away)
	turns(maxEvents/3+2, here) // and more than the ticks that are kept
	if n := len(r.events.ring); n != maxEvents {
		t.Errorf("room for %d events, want the limit, %d", n, maxEvents)
	}
	if d := r.Plan(away, SeatStatus{}, now); d != CloseSlow {
		t.Errorf("a client a whole log behind: decision %d, want CloseSlow", d)
	}
}

type burstRules struct{ noiseRules }

func (burstRules) Step(w *game.World[noiseState], _ *game.Inputs[netcodetest.FleetInput]) {
	for i := range game.MaxPerTick {
		w.State.Noises.Emit(noise{int64(i)})
	}
}

// Rules may emit as many events as they may in every tick, however rare snapshots are:
// a client that is sent every one of those is never too slow, and gets all events. The
// log does not grow beyond what that takes, even if a client takes nothing.
func TestEventLogHoldsWhatRulesMayEmit(t *testing.T) {
	g := game.MustDefine[noiseState, netcodetest.FleetInput]("burst", burstRules{}, game.Config{TickRate: 60, SnapshotRate: 10})
	m := g.New(1)
	r := New(m, Config{NoAckLimit: time.Hour})
	here, stuck := r.NewFeed(0), r.NewFeed(1)
	here.Connect(0, false, 0)
	stuck.Connect(0, false, 0)
	now, items := time.Duration(0), 0
	for tick := range 600 {
		now += time.Second / 60
		m.Step(&sim.TickInput{})
		r.CollectEvents()
		if tick%6 != 5 {
			continue
		}
		r.Capture()
		if d := r.Plan(here, SeatStatus{}, now); d != Send {
			t.Fatalf("tick %d: decision %d, want a snapshot", m.Tick(), d)
		}
		items += here.plan.private.Events.Items
		here.Sent(len(here.Append(nil)), now)
		here.Ack(here.NewestSent(), now)
	}
	if want := 600 * game.MaxPerTick * 3; items != want { // kind, age, one field
		t.Errorf("%d items of events were sent, want %d", items, want)
	}
	if n, most := len(r.events.ring), 2*(r.events.keep+1)*game.MaxPerTick; n > most {
		t.Errorf("room for %d events, want at most %d", n, most)
	}
	if d := r.Plan(stuck, SeatStatus{}, now); d != CloseSlow {
		t.Errorf("a client that takes nothing: decision %d, want CloseSlow", d)
	}
}
