package replicate

import (
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
)

// link is a feed over a link that loses nothing, and how many of the newest
// snapshots its client has yet to acknowledge.
type link struct {
	feed    *Feed
	lag     int
	pending []game.Tick
}

func newLink(r *Replicator, lag int) *link {
	l := &link{feed: r.NewFeed(0), lag: lag}
	l.feed.Connect(0, false, 0)
	return l
}

func (l *link) tick(t *testing.T, r *Replicator, now time.Duration) {
	t.Helper()
	if r.Plan(l.feed, SeatStatus{}, now) == Send {
		l.feed.Sent(len(l.feed.Append(nil)), now)
		l.pending = append(l.pending, l.feed.NewestSent())
	}
	if len(l.pending) > l.lag {
		if err := l.feed.Ack(l.pending[0], now); err != nil {
			t.Fatal(err)
		}
		l.pending = l.pending[1:]
	}
}

func play(t *testing.T, m *game.Match[netcodetest.FleetState, netcodetest.FleetInput], r *Replicator, ticks int, links ...*link) {
	t.Helper()
	for range ticks {
		m.Step(&sim.TickInput{})
		r.CollectEvents()
		r.Capture()
		now := time.Duration(m.Tick()) * time.Second / 30
		for _, l := range links {
			l.tick(t, r, now)
		}
	}
}

// holders checks that every frame is held as often as records say.
func holders(t *testing.T, r *Replicator) {
	t.Helper()
	want := map[*Frame]int{}
	for _, f := range r.feeds {
		for n := f.first; n <= f.last; n++ {
			if frame := f.record(n).state(); frame != nil {
				want[frame]++
			}
		}
	}
	for _, f := range r.frames.held {
		if f.holders != want[f] {
			t.Errorf("the frame of tick %d has %d holders, %d records name it", f.Tick, f.holders, want[f])
		}
	}
}

// A match keeps the frames that its clients may name, and no others.
func TestFramesAreKeptAsLongAsTheyAreNeeded(t *testing.T) {
	g := netcodetest.Fleet
	m := g.New(1)
	r := New(m, Config{})
	near, far := newLink(r, 0), newLink(r, 6)
	play(t, m, r, 50, near)
	if n := len(r.frames.held); n > 2 {
		t.Errorf("%d frames are held for a client without delay, want the newest and the one before", n)
	}
	play(t, m, r, 50, near, far)
	if n := len(r.frames.held); n < 7 || n > 9 {
		t.Errorf("%d frames are held for a client six snapshots behind, want 7 to 9", n)
	}
	if n := len(far.feed.records); n != 8 && n != 16 {
		t.Errorf("room for %d records, want 8 or 16", n)
	}
	last := far.pending[0] - 1 // what its client is known to have
	if far.feed.Connect(last, true, 0) != netcode.Resumed || r.Frame(last) == nil {
		t.Error("the client furthest behind cannot resume")
	}
	far.pending = far.pending[:0]
	play(t, m, r, 3, near, far)
	if far.feed.Connect(last, true, 0) != netcode.Resumed {
		t.Error("a client that the last welcome did not reach cannot resume again")
	}
	far.pending = far.pending[:0]
	far.lag = 0
	play(t, m, r, 2*netcode.MinFrames, near, far)
	if held, free := len(r.frames.held), len(r.frames.free); held > 2 || free > 1 {
		t.Errorf("%d frames held and %d free once both are near, want 2 and 1", held, free)
	}
	holders(t, r)
}

// A feed whose connection was cut abruptly holds its frames no longer than the
// ring is long; one that ends lets go at once.
func TestFramesOfTheAbsentAreTakenBack(t *testing.T) {
	g := netcodetest.Fleet
	m := g.New(1)
	r := New(m, Config{})
	gone, here, left := newLink(r, 0), newLink(r, 0), newLink(r, 5)
	play(t, m, r, 20, gone, here, left)
	last := gone.feed.NewestSent()
	left.feed.End()
	play(t, m, r, 1, here)
	if n := len(r.frames.held); n > 4 {
		t.Errorf("%d frames are held, want those of two clients", n)
	}
	play(t, m, r, netcode.MinFrames-2, here)
	if r.Frame(last) == nil || gone.feed.record(gone.feed.last).state() == nil {
		t.Fatalf("the frame of tick %d is gone after %d captures", last, netcode.MinFrames-1)
	}
	play(t, m, r, 2, here)
	if r.Frame(last) != nil || gone.feed.record(gone.feed.last).state() != nil {
		t.Errorf("the frame of tick %d is still held after %d captures", last, netcode.MinFrames+1)
	}
	if got := gone.feed.Connect(last, true, 0); got != netcode.ResumedKeyframe {
		t.Errorf("resuming from it: %v, want a keyframe", got)
	}
	play(t, m, r, 5, here)
	holders(t, r)
	if here.feed.Restart(0); r.Frame(r.newest) == nil {
		t.Error("the newest frame went with its last holder")
	}
	if n := len(r.feeds); n != 2 {
		t.Errorf("%d feeds are known, want 2: one ended", n)
	}
}
