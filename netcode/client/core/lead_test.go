package core

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/game/arena"
	"arbiter/netcode/netcodetest"
)

func TestLeadConverges(t *testing.T) {
	for _, path := range []netcodetest.Config{
		{Delay: 1 * ms},
		{Delay: 20 * ms, Jitter: 5 * ms},
		{Delay: 75 * ms, Jitter: 20 * ms},
		{Delay: 200 * ms, Jitter: 60 * ms},
		{Delay: 30 * ms, Jitter: 10 * ms, StallRate: 0.2, Stall: 400 * ms},
	} {
		t.Run(fmt.Sprint(path.Delay, path.Jitter, path.Stall), func(t *testing.T) {
			path.Seed = 9
			b := newHarness(t, arena.Game, 3)
			p := b.join(arena.Game, false, path)
			r := rand.New(rand.NewPCG(1, 1))
			b.run(8*time.Second, func() { pilot(p, r) })
			reports, late, sum := 0, 0, 0
			p.got = func(r Received) {
				if r.Update.HasSlack {
					reports++
					sum += r.Update.Slack
					if r.Update.Slack < 0 {
						late++
					}
				}
			}
			b.run(30*time.Second, func() { pilot(p, r) })
			if reports < 40 {
				t.Fatalf("only %d reports: %+v", reports, p.Seat().Stats())
			}
			mean := time.Duration(sum/reports) * ms
			most := 30*ms + path.Jitter
			if path.Stall > 0 {
				most += 20 * ms
			} else if late*20 > reports {
				t.Errorf("%d of %d inputs came late", late, reports)
			}
			if mean < 0 && path.Stall == 0 || mean > most {
				t.Errorf("inputs are early by %v on average, want 0 to %v", mean, most)
			}
			t.Logf("early by %v, %d of %d late, %+v", mean, late, reports, p.Seat().Stats())
		})
	}
}

// The server's clock may be anywhere else than half a round trip away: the
// reports alone have to find it.
func TestLeadIgnoresAWrongIdeaOfThePath(t *testing.T) {
	b := newHarness(t, arena.Game, 3)
	p := b.join(arena.Game, false, netcodetest.Config{})
	p.pipe.Up = netcodetest.NewLink(netcodetest.Config{Delay: 150 * ms}) // up slow, down at once
	r := rand.New(rand.NewPCG(1, 1))
	b.run(10*time.Second, func() { pilot(p, r) })
	late := p.Seat().Stats().Late
	b.run(10*time.Second, func() { pilot(p, r) })
	if st := p.Seat().Stats(); st.Late != late || st.Slack < 0 || st.Slack > 40*ms {
		t.Errorf("%d late at first, %d in the end, slack %v", late, st.Late, st.Slack)
	}
}

// Reports never bring the lead below the way to the server: what is sent with
// less is late, whatever they say, and who sends nothing gets none.
func TestLeadIsNeverLessThanTheWay(t *testing.T) {
	var l Lead
	l.OneWay(50 * ms) // says nothing before the start
	l.Start(150*ms, time.Second/30)
	for now := time.Duration(0); now < 60*time.Second; now += 50 * ms {
		l.OneWay(75 * ms)
		if l.Slack(now, 500*ms, 150*ms); l.Goal() < 75*ms {
			t.Fatalf("after %v the lead is %v, and the way 75 ms", now, l.Goal())
		}
	}
	if l.Goal() > 80*ms {
		t.Errorf("in the end the lead is %v", l.Goal())
	}
	l.OneWay(200 * ms)
	if l.Goal() != 200*ms {
		t.Errorf("the way takes 200 ms now, the lead is %v", l.Goal())
	}
}

// A lead that is too short, for whatever reason, keeps nobody from sending: the
// prediction is ahead of the newest snapshot at least, and reports bring it back.
func TestLeadThatIsTooShortRecovers(t *testing.T) {
	b := newHarness(t, arena.Game, 3)
	p := b.join(arena.Game, true, netcodetest.Config{Delay: 40 * ms})
	spin := func() { p.Set(arena.Input{Turn: int8(p.Seat().Tick()/2%3) - 1}) }
	b.run(3*time.Second, spin)
	for _, lead := range []time.Duration{-4 * ms, -300 * ms, -20 * time.Second} {
		p.seat.lead.goal, p.seat.lead.floor = lead, lead
		p.seat.clock.trip = least{}
		p.seat.clock.trip.add(b.local(), 0) // and so the way seems
		sent := p.Seat().Stats().InputsSent
		b.run(time.Second, spin)
		if made := p.Seat().Stats().InputsSent - sent; made < 10 {
			t.Errorf("with a lead of %v: %d entries in a second, then it is %v", lead, made, p.Seat().Stats().Lead)
		}
		late := p.peer.Buffer.Stats().Late
		b.run(3*time.Second, spin)
		if more := p.peer.Buffer.Stats().Late - late; more > 1 {
			t.Errorf("a lead that was %v: %d late, it is %v", lead, more, p.Seat().Stats().Lead)
		}
	}
}

// A server that stands still for longer than clients wait: they connect again,
// and go on.
func TestClockFollowsOverAResume(t *testing.T) {
	b := newHarness(t, arena.Game, 3)
	p := b.join(arena.Game, true, netcodetest.Config{Delay: 10 * ms})
	n := 0
	spin := func() { n++; p.Set(arena.Input{Turn: int8(n/33%3) - 1}) }
	b.run(4*time.Second, spin)
	b.paused = true
	b.run(5*time.Second, spin)
	b.cut(p, 0)
	b.run(5*time.Second, spin)
	b.paused = false
	sent, late := p.Seat().Stats().InputsSent, p.peer.Buffer.Stats().Late
	b.run(time.Second, spin)
	if made := p.Seat().Stats().InputsSent - sent; made < 20 {
		t.Errorf("%d entries in the second after: %+v", made, p.Seat().Stats())
	}
	b.run(2*time.Second, spin)
	if more := p.peer.Buffer.Stats().Late - late; more > 8 || p.Seat().Stats().Resumes != 1 {
		t.Errorf("%d late: %+v", more, p.Seat().Stats())
	}
}
