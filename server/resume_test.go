package server_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// A connection is cut again and again with inputs and commands on their way;
// each of them is applied exactly once, which the client's own count and the
// server's checks both say.
func TestResumeLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind})
		r := rand.New(rand.NewPCG(1, 2))
		c := s.Join("ann")
		first := c.Welcome
		count, sum, resumed := 0, 0, 0
		for round := range 25 {
			for range 1 + r.IntN(4) {
				if _, err := c.Next(); err != nil {
					t.Fatal(err)
				}
				for range r.IntN(3) {
					count++
					sum += count
					c.Input(servertest.DrillInput{Mark: int16(count), DX: 1})
				}
				if r.IntN(3) == 0 {
					count++
					c.Rename(fmt.Sprint("ann", round))
				}
			}
			c.Drop()
			c = s.Resume(c, "ann")
			if c.Welcome.Player != first.Player || c.Welcome.Resume != first.Resume || c.Welcome.MatchID != first.MatchID {
				t.Fatalf("round %d: welcome %+v, want the seat of %+v", round, c.Welcome, first)
			}
			if c.Welcome.Resumed == netcode.Resumed {
				resumed++
			}
		}
		c.Until("all is applied", func(u view.Update) bool { return int(u.AckSeq) == count })
		own, _ := c.Own()
		if own.Count != count || own.Sum != sum || own.X == 0 {
			t.Errorf("the soldier counts %d inputs with a sum of %d; %d with %d were sent", own.Count, own.Sum, count, sum)
		}
		c.Until("the server's sum of all inputs agrees", func(u view.Update) bool { return u.Checked && int(u.Applied) == count })
		servertest.Eventually(t, "all is counted", func() bool {
			return s.Metrics().Sum("arbiter_inputs_total", `result="applied"`) == float64(count)
		})
		m := s.Metrics()
		if n := m.Sum("arbiter_inputs_total", `result="duplicate"`); n != 0 {
			t.Errorf("%v inputs were sent again although the welcome said they were taken", n)
		}
		if resumed == 0 || m.Sum("arbiter_resumes_total", `result="resumed"`) != float64(resumed) {
			t.Errorf("%d resumes went on from the last state, %v counted; want some, and all counted", resumed, m.Sum("arbiter_resumes_total"))
		}
	})
}

func TestResumeWithoutMemoryGetsAKeyframe(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	c := s.Join("ann")
	c.Until("some state", func(u view.Update) bool { return !u.Keyframe })
	c.Drop()
	again := s.Dial("ann", "match", c.Welcome.MatchID)
	again.Hello(netcode.Hello{Resume: c.Welcome.Resume})
	if again.Welcome.Resumed != netcode.ResumedKeyframe || again.Welcome.Player != c.Welcome.Player {
		t.Errorf("welcome %+v, want player %d resumed with a keyframe", again.Welcome, c.Welcome.Player)
	}
	if u, err := again.Next(); err != nil || !u.Keyframe {
		t.Errorf("first snapshot %+v, %v; want a keyframe", u, err)
	}
}

func TestResumeReplacesTheLiveConnection(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind})
		old := s.Join("ann")
		if _, err := old.Next(); err != nil {
			t.Fatal(err)
		}
		c := s.Resume(old, "ann")
		if code, bye := old.End(); code != netcode.CodeReplaced || bye != netcode.CodeReplaced {
			t.Errorf("the older connection ended with %v, bye %v; want replaced twice", code, bye)
		}
		c.Input(servertest.DrillInput{Mark: 1})
		c.Until("the new connection plays", func(u view.Update) bool { return u.AckSeq == 1 })
	})
}

// A player who lost even the resume id, as by reloading a page, takes the seat
// over: one seat per player and match.
func TestSameSubjectTakesTheSeatOver(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	old := s.Join("ann")
	for i := range 3 {
		old.Input(servertest.DrillInput{Mark: int16(i)})
	}
	old.Until("three are applied", func(u view.Update) bool { return u.AckSeq == 3 })
	c := s.Join("ann", "match", old.Welcome.MatchID)
	if code, _ := old.End(); code != netcode.CodeReplaced {
		t.Errorf("the older connection ended with %v, want replaced", code)
	}
	w := c.Welcome
	if w.Player != old.Welcome.Player || w.SeqTaken != 3 || w.Resumed != netcode.Fresh || w.Resume == old.Welcome.Resume {
		t.Errorf("welcome %+v, want player %d, fresh, behind input 3, with another resume id", w, old.Welcome.Player)
	}
	c.Input(servertest.DrillInput{Mark: 100})
	c.Until("inputs go on", func(u view.Update) bool { return u.AckSeq == 4 })
	c.Until("a check counts from the take-over", func(u view.Update) bool { return u.Checked && u.Applied == 1 })
	if m := s.Metrics(); m.Sum("arbiter_players") != 1 || m.Sum("arbiter_sessions_replaced_total") != 1 {
		t.Errorf("%v players, %v replaced; want 1 and 1", m.Sum("arbiter_players"), m.Sum("arbiter_sessions_replaced_total"))
	}

	thief := s.Dial("ann", "match", w.MatchID)
	thief.Send(netcode.Hello{Version: netcode.Version, Resume: old.Welcome.Resume}.Append(nil))
	if code, _ := thief.End(); code != netcode.CodeReplaced {
		t.Errorf("the void resume id: closed with %v, want replaced", code)
	}
}

func TestResumeIsRefused(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	c := s.Join("ann")
	wrong := c.Welcome.Resume
	wrong[15] ^= 1
	for _, test := range []struct {
		what, name, match string
		id                netcode.ResumeID
		want              netcode.Code
	}{
		{"a wrong id", "ann", c.Welcome.MatchID, wrong, netcode.CodeReplaced}, // another of the player's clients has the seat
		{"somebody else's id", "bob", c.Welcome.MatchID, c.Welcome.Resume, netcode.CodeSeatLapsed},
		{"a match that is gone", "ann", "nonesuch", c.Welcome.Resume, netcode.CodeSeatLapsed},
		{"no match", "ann", "", c.Welcome.Resume, netcode.CodeSeatLapsed},
	} {
		d := s.Dial(test.name, "match", test.match)
		d.Send(netcode.Hello{Version: netcode.Version, Resume: test.id}.Append(nil))
		if code, bye := d.End(); code != test.want || bye != code {
			t.Errorf("%s: closed with %v, bye %v; want %v", test.what, code, bye, test.want)
		}
	}
	c.Input(servertest.DrillInput{Mark: 1})
	c.Until("the seat was not disturbed", func(u view.Update) bool { return u.AckSeq == 1 })
}

func TestSeatLapses(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{ResumeWindow: 40 * time.Millisecond})
	c := s.Join("ann")
	bob := s.Join("bob")
	c.Drop()
	servertest.Eventually(t, "the seat is given up", func() bool { return s.Metrics().Sum("arbiter_players") == 1 })
	bob.Until("the rules hear of it", func(view.Update) bool { return len(bob.View.Frame().Tables[0].IDs) == 1 })
	d := s.Dial("ann", "match", c.Welcome.MatchID)
	d.Send(netcode.Hello{Version: netcode.Version, Resume: c.Welcome.Resume}.Append(nil))
	if code, _ := d.End(); code != netcode.CodeSeatLapsed {
		t.Errorf("resuming a lapsed seat: closed with %v, want seat-lapsed", code)
	}
	again := s.Join("ann", "match", c.Welcome.MatchID)
	if again.Welcome.Player == c.Welcome.Player || again.Welcome.SeqTaken != 0 {
		t.Errorf("welcome %+v, want a new seat", again.Welcome)
	}
}

func TestTokenExpiryEndsTheSession(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind})
		token := s.TokenFor(auth.Claims{Subject: "ann", Expiry: time.Now().Add(time.Second)})
		c, err := s.Try(map[string][]string{"game": {"drill"}, "token": {token}})
		if err != nil {
			t.Fatal(err)
		}
		c.Hello(netcode.Hello{})
		if code, bye := c.End(); code != netcode.CodeTokenExpired || bye != code {
			t.Errorf("closed with %v, bye %v; want token-expired", code, bye)
		}
	})
}

// Who closes with code 1000 goes for good: their seat is not kept.
func TestLeavingGivesUpTheSeat(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	stays, leaves := s.Join("ann"), s.Join("bob")
	startReader(stays)
	leaves.Leave()
	servertest.Eventually(t, "the seat is free, long before the resume window ends", func() bool {
		return s.Metrics().Sum("arbiter_players") == 1
	})
}
