package replicate_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
	. "arbiter/netcode/replicate"
	"arbiter/netcode/view"
)

// The dense game sends about 1 kB of changes a tick, which is 30 kB/s.
type denseRow struct{ A, B, C int64 }
type denseState struct{ Rows game.Table[denseRow] }
type denseInput struct{ Go bool }
type denseRules struct{ rows int }

func (c denseRules) Start(w *game.World[denseState]) {
	for range c.rows {
		w.State.Rows.Add(denseRow{})
	}
}
func (denseRules) Join(*game.World[denseState], game.Player)    {}
func (denseRules) Leave(*game.World[denseState], game.PlayerID) {}
func (denseRules) Step(w *game.World[denseState], _ *game.Inputs[denseInput]) {
	for _, r := range w.State.Rows.All() {
		r.A += int64(w.Rand.IntN(400)) + 100
		r.B += int64(w.Rand.IntN(60))
		r.C += int64(w.Rand.IntN(60))
	}
}

// streamed is what one client experienced over a link.
type streamed struct {
	ages   []time.Duration // of the newest state, every tick
	every  []int           // how many snapshots could be left unacknowledged, every second
	acks   int
	stats  FeedStats
	closed bool
}

// trial is what a client goes through.
type trial struct {
	link    netcodetest.Config
	then    netcodetest.Config // the link in the second half, if changes
	changes bool
	seconds int
	rows    int  // that change in every tick; 0 means 130, which is about 1 kB
	deaf    bool // does not read
	simple  bool // acknowledges as the welcome said, whatever comes later
}

// stream plays a match to one client for some seconds of virtual time.
func stream(link netcodetest.Config, seconds int, deaf bool) streamed {
	return trial{link: link, seconds: seconds, deaf: deaf}.sectionWriter()
}

// run plays the match. The client acknowledges as rarely as it may.
func (c trial) sectionWriter() (s streamed) {
	g := game.MustDefine[denseState, denseInput]("dense", denseRules{cmp.Or(c.rows, 130)}, game.Config{TickRate: 30})
	m := g.New(1)
	r := New(m, Config{})
	pipe := netcodetest.NewPipe(c.link)
	old := netcodetest.NewPipe(c.link)
	feed, v := r.NewFeed(0), view.New(g.Schema(), 0)
	feed.Connect(0, false, 0)
	v.Connect(netcode.Fresh)
	const dt = time.Second / 30
	var tick game.Tick
	unacked, every := 0, r.AckEvery()
	for now := time.Duration(0); now < time.Duration(c.seconds)*time.Second; now += time.Millisecond {
		if c.changes && now == time.Duration(c.seconds)*time.Second/2 {
			old, pipe = pipe, netcodetest.NewPipe(c.then)
		}
		if now%time.Second == 0 {
			s.every = append(s.every, every)
		}
		if now >= time.Duration(tick)*dt {
			m.Step(&sim.TickInput{})
			tick = m.Tick()
			r.CollectEvents()
			r.Capture()
			for _, p := range [...]*netcodetest.Pipe{&old, &pipe} {
				for b := range p.Up.Recv(now) {
					ack, _ := netcode.ParseAck(b)
					feed.Ack(ack.Tick, now)
				}
			}
			switch r.Plan(feed, SeatStatus{}, now) {
			case Send:
				b := feed.Append(nil)
				pipe.Down.Send(now, b)
				feed.Sent(len(b), now)
			case CloseSlow:
				s.closed = true
				s.stats = feed.Stats()
				return s
			}
			if f := v.Frame(); f != nil {
				s.ages = append(s.ages, now-time.Duration(f.Tick-1)*dt)
			}
		}
		for _, p := range [...]*netcodetest.Pipe{&old, &pipe} {
			if c.deaf {
				break
			}
			for b := range p.Down.Recv(now) {
				u, err := v.Apply(b)
				if err != nil {
					panic(err)
				}
				if u.Checked && !c.simple {
					every = cmp.Or(u.AckEvery, r.AckEvery())
				}
				if unacked++; unacked >= every {
					unacked = 0
					s.acks++
					pipe.Up.Send(now, netcode.Ack{Tick: u.Tick}.Append(nil))
				}
			}
		}
	}
	s.stats = feed.Stats()
	slices.Sort(s.ages)
	return s
}

func (s streamed) age(q float64) time.Duration {
	return s.ages[int(q*float64(len(s.ages)-1))]
}

// On a link too slow for the game, state stays young: what does not fit is
// skipped before it is encoded, not queued.
func TestSlowLinkKeepsStateYoung(t *testing.T) {
	fast := stream(netcodetest.Config{Delay: 25 * time.Millisecond}, 30, false)
	if n := fast.stats; n.SkippedWindow+n.SkippedRate > 0 || fast.age(0.5) > 70*time.Millisecond {
		t.Errorf("on a good link: age %v, %+v", fast.age(0.5), n)
	}
	if perTick := fast.stats.Bytes / fast.stats.Snapshots; perTick < 700 || perTick > 1300 {
		t.Fatalf("the game sends %d bytes a tick, the test wants about 1000", perTick)
	}
	slow := stream(netcodetest.Config{Delay: 25 * time.Millisecond, Rate: 20_000}, 30, false)
	if slow.closed || slow.age(0.5) > 200*time.Millisecond || slow.age(0.99) > 500*time.Millisecond {
		t.Errorf("on 20 kB/s: closed %v, age p50 %v, p99 %v, want at most 200 and 500 ms", slow.closed, slow.age(0.5), slow.age(0.99))
	}
	if n := slow.stats; n.SkippedWindow == 0 || n.Bytes < 20_000*30*6/10 {
		t.Errorf("on 20 kB/s: %+v; want skips, and the link well used", n)
	}
	stalls := stream(netcodetest.Config{Delay: 25 * time.Millisecond, Rate: 45_000, StallRate: 0.3, Stall: 700 * time.Millisecond}, 60, false)
	if stalls.closed || stalls.age(0.5) > 120*time.Millisecond {
		t.Errorf("on 45 kB/s with stalls: closed %v, age p50 %v", stalls.closed, stalls.age(0.5))
	}
	jitter := stream(netcodetest.Config{Delay: 170 * time.Millisecond, Jitter: 60 * time.Millisecond}, 30, false)
	if n := jitter.stats; n.Snapshots < 30*30*8/10 {
		t.Errorf("with 170 to 230 ms each way: %+v; want nearly all snapshots sent", n)
	}
	stalled := stream(netcodetest.Config{Delay: 50 * time.Millisecond, StallRate: 0.4, Stall: 700 * time.Millisecond}, 60, false)
	if n := stalled.stats; n.Snapshots < 60*30/2 {
		t.Errorf("with 700 ms stalls: %+v; want at least half of the snapshots sent", n)
	}
	t.Logf("sent of 900 with jitter %d, of 1800 with stalls %d", jitter.stats.Snapshots, stalled.stats.Snapshots)
	t.Logf("age p50/p99: fast %v/%v, 20 kB/s %v/%v, 45 kB/s with stalls %v/%v", fast.age(0.5), fast.age(0.99),
		slow.age(0.5), slow.age(0.99), stalls.age(0.5), stalls.age(0.99))
}

// A client that stops reading is sent a window's worth and closed.
func TestDeafClientIsClosed(t *testing.T) {
	s := stream(netcodetest.Config{}, 30, true)
	if !s.closed || s.stats.Snapshots > MaxWindow || s.stats.Bytes > 2*MaxWindowBytes || s.stats.SkippedWindow < 100 {
		t.Errorf("closed %v after %+v", s.closed, s.stats)
	}
}

// Stalls narrow the window but never close it for good.
func TestWindowNeverWedges(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		s := stream(netcodetest.Config{Seed: r.Uint64(), Delay: time.Duration(r.IntN(200)) * time.Millisecond, Jitter: 60 * time.Millisecond,
			StallRate: 1, Stall: time.Duration(r.IntN(900)) * time.Millisecond}, 20, false)
		if s.closed || s.stats.Snapshots < 20*4 {
			t.Errorf("closed %v, %+v", s.closed, s.stats)
		}
	}
}

// Snapshots of which a few fill the window's bytes, to a client that sends
// nothing but the acks it owes: it is sent as many as it may leave unacknowledged,
// or it would wait for ever.
func TestLargeSnapshotsNeverWedge(t *testing.T) {
	for _, c := range []struct{ rows, least int }{{1500, 540}, {2600, 540}, {5500, 300}, {12000, 200}} {
		s := trial{link: netcodetest.Config{Delay: 25 * time.Millisecond}, seconds: 20, rows: c.rows}.sectionWriter()
		if size := s.stats.Bytes / max(s.stats.Snapshots, 1); s.closed || int(s.stats.Snapshots) < c.least {
			t.Errorf("snapshots of %d bytes: closed %v, %d of 600 sent, at least %d wanted", size, s.closed, s.stats.Snapshots, c.least)
		}
	}
}
