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
			b := newBout(t, arena.Game, 3)
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
	b := newBout(t, arena.Game, 3)
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
