package core

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
)

func TestInputsExactlyOnceAcrossCutsAndStalls(t *testing.T) {
	cuts, resumes, applied := 0, uint64(0), uint64(0)
	for seed := range uint64(8) {
		b := newHarness(t, arena.Game, seed)
		var players []*arenaPlayer
		for i := range uint64(3) {
			path := netcodetest.Config{Seed: seed*10 + i, Delay: time.Duration(i) * 30 * ms, Jitter: 15 * ms, StallRate: 0.3, Stall: 300 * ms}
			players = append(players, b.join(arena.Game, i == 0, path))
		}
		r := rand.New(rand.NewPCG(seed, 5))
		renamed := 0
		b.run(20*time.Second, func() {
			for _, p := range players {
				if r.IntN(40) == 0 {
					p.Set(arena.Input{Thrust: int8(r.IntN(3) - 1), Turn: int8(r.IntN(3) - 1), Fire: r.IntN(2) == 0})
				}
				if r.IntN(1500) == 0 && p.Seat().Player() != 0 {
					renamed++
					if err := Command(p.Mirror, func(s *arena.State) *game.Commands[arena.Rename] { return &s.Renames }, arena.Rename{Name: fmt.Sprint("n", renamed)}); err != nil {
						t.Error(err)
					}
				}
				if p.conn != nil && r.IntN(1500) == 0 {
					cuts++
					b.cut(p, time.Duration(r.IntN(4000))*ms)
				}
			}
		})
		for _, p := range players {
			if p.conn == nil {
				p.at = b.now
			}
			p.Set(arena.Input{})
		}
		b.run(4*time.Second, nil)
		for _, p := range players {
			st, log := p.Seat().Stats(), p.peer.Buffer.Digest()
			if st.InputsLost != 0 || st.InputsRepeated != 0 || st.HashMismatches != 0 || st.Errors != 0 {
				t.Errorf("seed %d: %+v", seed, st)
			}
			if uint64(log.Count) != st.InputsSent || st.InputsApplied != st.InputsSent || p.Seat().Inputs().log != log {
				t.Errorf("seed %d: the server applied %d of %d, the client knows of %d", seed, log.Count, st.InputsSent, st.InputsApplied)
			}
			if bs := p.peer.Buffer.Stats(); bs.Gaps+bs.Overflows > 0 {
				t.Errorf("seed %d: server's buffer: %+v", seed, bs)
			}
			resumes += st.Resumes
			applied += st.InputsApplied
		}
	}
	if cuts < 130 || resumes < 100 || applied < 3000 {
		t.Errorf("only %d cuts, %d resumes, %d inputs", cuts, resumes, applied)
	}
	t.Logf("%d cuts, %d resumes, %d inputs", cuts, resumes, applied)
}

func TestResumeTakesTheBaselineIfItIsRecentElseAKeyframe(t *testing.T) {
	for _, c := range []struct {
		away time.Duration
		how  netcode.Resumption
		keys uint64
	}{
		{300 * ms, netcode.Resumed, 0},
		{10 * time.Second, netcode.ResumedKeyframe, 1},
	} {
		b := newHarness(t, arena.Game, 1)
		p := b.join(arena.Game, true, netcodetest.Config{Delay: 20 * ms})
		other := b.join(arena.Game, false, netcodetest.Config{Delay: 5 * ms})
		r := rand.New(rand.NewPCG(1, 1))
		each := func() { pilot(other, r); pilot(p, r) }
		b.run(2*time.Second, each)
		before := p.Seat().Stats()
		player, tick := p.Seat().Player(), p.Seat().Frame().Tick
		b.cut(p, c.away)
		b.run(c.away+2*time.Second, each)
		st := p.Seat().Stats()
		if st.Resumes != 1 || st.Seats != 1 || p.Seat().Welcome().Resumed != c.how || st.Keyframes-before.Keyframes != c.keys {
			t.Errorf("away %v: welcomed as %v, %d keyframes, %+v", c.away, p.Seat().Welcome().Resumed, st.Keyframes-before.Keyframes, st)
		}
		if p.Seat().Player() != player || !tick.Before(p.Seat().Frame().Tick) || st.HashMismatches > 0 {
			t.Errorf("away %v: player %d is %d, tick %d is %d", c.away, player, p.Seat().Player(), tick, p.Seat().Frame().Tick)
		}
		if got, want := p.State().Ships.Len(), other.State().Ships.Len(); got != want || want != 2 {
			t.Errorf("away %v: %d ships, want %d", c.away, got, want)
		}
	}
}

func TestResumeBeforeTheFirstSnapshotKeepsTheSeat(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	p := b.join(arena.Game, false, netcodetest.Config{Delay: 50 * ms})
	for p.Seat().Player() == 0 {
		b.run(ms, nil)
	}
	if p.Seat().Frame() != nil {
		t.Fatal("the snapshot came with the welcome; the test proves nothing")
	}
	b.cut(p, 100*ms)
	b.run(2*time.Second, nil)
	if st := p.Seat().Stats(); st.Seats != 1 || st.Resumes != 1 || p.Seat().Frame() == nil || len(b.server.Seats) != 1 {
		t.Errorf("%d seats on the server, %+v", len(b.server.Seats), st)
	}
}

func TestLeaveDropsWhatWaitsAndBeginsAnew(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	p := b.join(arena.Game, true, netcodetest.Config{Delay: 50 * ms})
	b.run(time.Second, nil)
	p.Set(arena.Input{Thrust: 1})
	b.run(40*ms, nil)
	b.cut(p, 0)
	p.Seat().Leave()
	b.run(time.Second, nil)
	if s := shipOf(b.server.Sim.(*game.Match[arena.State, arena.Input]).State(), 2); s == nil || !s.Thrust {
		t.Errorf("in the new seat the held input does nothing: %+v", s)
	}
	st := p.Seat().Stats()
	if st.Seats != 2 || st.Resumes != 0 || st.InputsAbandoned != 1 || st.InputsLost+st.InputsRepeated != 0 || p.Seat().Player() != 2 {
		t.Errorf("player %d, %+v", p.Seat().Player(), st)
	}
}

// A player who comes back without their resume id, from another device say, gets
// their seat with its numbers.
func TestSeatTakenOverGoesOnBehindItsNumbers(t *testing.T) {
	b := newHarness(t, arena.Game, 1)
	first := b.join(arena.Game, true, netcodetest.Config{Delay: 20 * ms})
	r := rand.New(rand.NewPCG(1, 1))
	b.run(5*time.Second, func() { pilot(first, r) })
	b.cut(first, time.Hour)
	seat := b.server.Seats[0]
	seat.Resume = netcode.ResumeID{9}
	taken := seat.Buffer.LastAdded()
	b.server.Adopt = seat
	second := b.join(arena.Game, true, netcodetest.Config{Delay: 20 * ms})
	b.run(5*time.Second, func() { pilot(second, r) })
	st := second.Seat().Stats()
	if taken < 10 || second.Seat().Player() != 1 || st.InputsApplied < 10 || st.InputsSent-st.InputsApplied > 3 || st.InputsLost+st.InputsRepeated > 0 {
		t.Errorf("behind number %d: %+v", taken, st)
	}
}
