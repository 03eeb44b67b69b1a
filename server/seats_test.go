package server_test

import (
	"fmt"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/servertest"
)

// resumeWith shows a resume id and returns why it is refused.
func resumeWith(c *servertest.Client, id netcode.ResumeID) (netcode.Code, string) {
	c.Send(netcode.Hello{Version: netcode.Version, Resume: id}.Append(nil))
	for {
		if _, _, err := c.Read(); err != nil {
			if closed, ok := err.(*servertest.Closed); ok {
				return closed.Code, closed.Reason
			}
			return 0, err.Error()
		}
	}
}

// A resume that names no match, which the protocol forbids, takes no seat: the match
// would be full, and never end.
//
// Hazards: slot given back.
func TestResumeWithoutMatchTakesNoSeat(t *testing.T) {
	s := servertest.Start(t, server.Config{EmptyClose: 100 * time.Millisecond,
		Games: []game.Definition{servertest.DrillGame(servertest.Drill{}, game.Config{MaxPlayers: 4})}})
	for i := range 8 {
		if code, _ := resumeWith(s.Dial(fmt.Sprint("eve", i)), netcode.ResumeID{1}); code != netcode.CodeSeatLapsed {
			t.Errorf("closed with %v, want seat-lapsed", code)
		}
	}
	for _, m := range s.Matches() {
		if m.Players > 0 {
			t.Errorf("%+v", m)
		}
	}
	ann := s.Join("ann")
	for i := range 8 {
		if code, _ := resumeWith(s.Dial(fmt.Sprint("eve", i), "match", ann.Welcome.MatchID), netcode.ResumeID{1}); code != netcode.CodeSeatLapsed {
			t.Errorf("closed with %v, want seat-lapsed", code)
		}
	}
	if m := s.Matches(); len(m) != 1 || m[0].Players != 1 {
		t.Errorf("%+v, want one match with ann alone", m)
	}
	ann.Drop()
	servertest.Eventually(t, "her client is gone", func() bool { return s.Metrics().Sum("arbiter_sessions") == 0 })
	if sessions, seats := s.Kick(t.Context(), "ann", ""); sessions != 0 || seats != 1 {
		t.Errorf("kicked %d sessions and %d seats, want her seat", sessions, seats)
	}
	servertest.Eventually(t, "the empty match ends", func() bool { return len(s.Matches()) == 0 })
}

// Hazards: why a seat is gone.
func TestFinishedWhileAway(t *testing.T) {
	s := servertest.Start(t, server.Config{})
	ann := s.Join("ann")
	bob := s.Join("bob", "match", ann.Welcome.MatchID)
	ann.Drop()
	bob.Input(servertest.DrillInput{Order: servertest.Finish})
	if code, _ := bob.End(); code != netcode.CodeMatchFinished {
		t.Fatal(code)
	}
	servertest.Eventually(t, "the match is gone", func() bool { return len(s.Matches()) == 0 })
	for what, id := range map[string]netcode.ResumeID{"resuming": ann.Welcome.Resume, "joining": {}} {
		if code, reason := resumeWith(s.Dial("ann", "match", ann.Welcome.MatchID), id); code != netcode.CodeMatchFinished || reason != "the drill is over" {
			t.Errorf("%s: closed with %v, %q; want match-finished and the result's reason", what, code, reason)
		}
	}
}

// Hazards: why a seat is gone.
func TestKickedWhileAway(t *testing.T) {
	s := servertest.Start(t, server.Config{})
	p, err := s.Begin(server.MatchOrder{Game: "drill", Seats: []server.Reservation{{Subject: "ann"}}})
	if err != nil {
		t.Fatal(err)
	}
	ann := follow(t, s, p.Seats[0])
	ann.Hello(netcode.Hello{})
	ann.Drop()
	if _, seats := s.Kick(t.Context(), "ann", ""); seats != 1 {
		t.Fatalf("%d seats", seats)
	}
	if code, _ := resumeWith(s.Dial("ann", "match", p.Match), ann.Welcome.Resume); code != netcode.CodeKicked {
		t.Errorf("resuming: closed with %v, want kicked", code)
	}
	if code, _ := resumeWith(follow(t, s, p.Seats[0]), netcode.ResumeID{}); code != netcode.CodeKicked {
		t.Errorf("with the join token of the seat: closed with %v, want kicked", code)
	}
	again := s.Join("ann", "match", p.Match) // who was kicked may come back if they ask to
	if again.Welcome.Player == ann.Welcome.Player {
		t.Errorf("player %d has the seat that was given up", again.Welcome.Player)
	}
}

// A tab that was offline while another one took the seat over does not take it back.
//
// Hazards: why a seat is gone.
func TestReplacedWhileAway(t *testing.T) {
	s := servertest.Start(t, server.Config{ResumeWindow: 3 * time.Second})
	old := s.Join("ann")
	if _, err := old.Next(); err != nil {
		t.Fatal(err)
	}
	old.Drop()
	active := s.Join("ann", "match", old.Welcome.MatchID)
	if code, _ := resumeWith(s.Dial("ann", "match", old.Welcome.MatchID), old.Welcome.Resume); code != netcode.CodeReplaced {
		t.Errorf("closed with %v, want replaced", code)
	}
	active.Input(servertest.DrillInput{Mark: 1})
	active.Until("the active one plays on", func(u view.Update) bool { return u.AckSeq == 1 })
	active.Leave()
	servertest.Eventually(t, "the active one has left", func() bool { return s.Metrics().Sum("arbiter_players") == 0 })
	if code, _ := resumeWith(s.Dial("ann", "match", old.Welcome.MatchID), old.Welcome.Resume); code != netcode.CodeReplaced {
		t.Errorf("after that: closed with %v, want replaced", code)
	}
}

// A page that was reloaded has its join token and nothing else.
//
// Hazards: join token.
func TestJoinTokenComesBackToItsSeat(t *testing.T) {
	s := servertest.Start(t, server.Config{})
	p, err := s.Begin(server.MatchOrder{Game: "drill", Closed: true, Hold: time.Second, Seats: []server.Reservation{{Subject: "ann"}}})
	if err != nil {
		t.Fatal(err)
	}
	first := follow(t, s, p.Seats[0])
	first.Hello(netcode.Hello{})
	first.Input(servertest.DrillInput{Mark: 7})
	first.Until("it counts", func(u view.Update) bool { return u.AckSeq == 1 })
	reloaded := follow(t, s, p.Seats[0]) // before the server has noticed that the first is gone
	reloaded.Hello(netcode.Hello{})
	if w := reloaded.Welcome; w.Player != first.Welcome.Player || w.SeqTaken != 1 {
		t.Errorf("welcome %+v, want the seat of %+v", w, first.Welcome)
	}
	if code, _ := first.End(); code != netcode.CodeReplaced {
		t.Errorf("the first connection: closed with %v, want replaced", code)
	}
	reloaded.Leave()
	servertest.Eventually(t, "the seat is given up", func() bool { return s.Metrics().Sum("arbiter_players") == 0 })
	if code, _ := resumeWith(follow(t, s, p.Seats[0]), netcode.ResumeID{}); code != netcode.CodeTokenUsed {
		t.Errorf("after leaving for good: closed with %v, want token-used", code)
	}
}
