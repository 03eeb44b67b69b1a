package server_test

import (
	"testing"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

func TestJoinPlayLeave(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind})
		c := s.Join("ann")
		w := c.Welcome
		if w.Player != 1 || w.Resumed != netcode.Fresh || w.TickRate != 60 || w.SnapshotRate != 60 || w.SeqTaken != 0 ||
			w.Resume == (netcode.ResumeID{}) || w.MatchID == "" || len(w.Schema) == 0 || w.AckEvery < 1 || w.ResumeWindow.Seconds() != 30 {
			t.Fatalf("welcome: %+v", w)
		}
		u, err := c.Next()
		if err != nil || !u.Keyframe || u.Tick == 0 {
			t.Fatalf("first snapshot: %+v, %v; want a keyframe", u, err)
		}
		c.Input(servertest.DrillInput{DX: 1, Mark: 7})
		c.Rename("annabel")
		c.Input(servertest.DrillInput{Mark: 30, Order: servertest.Yell})
		u = c.Until("three inputs are applied", func(u view.Update) bool { return u.AckSeq == 3 })
		own, ok := c.Own()
		if !ok || own.Count != 3 || own.Sum != 37 || own.Name != "annabel" || own.X < 1 {
			t.Errorf("own soldier %+v, %v; want 3 inputs with marks of 37, and to have moved", own, ok)
		}
		if len(c.Events) != 1 || c.Events[0] != 30 {
			t.Errorf("events %v, want one shout of 30", c.Events)
		}
		c.Until("a check passes", func(u view.Update) bool { return u.Checked && u.Applied == 3 })
	})
}

func TestPlayersSeeOneAnother(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	a := s.Join("ann")
	b := s.Join("bob") // quick join finds the same match
	if a.Welcome.MatchID != b.Welcome.MatchID || b.Welcome.Player == a.Welcome.Player {
		t.Fatalf("ann is %d in %s, bob %d in %s; want two players of one match", a.Welcome.Player, a.Welcome.MatchID, b.Welcome.Player, b.Welcome.MatchID)
	}
	a.Input(servertest.DrillInput{Mark: 5})
	b.Until("bob sees ann's mark", func(view.Update) bool {
		f := b.View.Frame()
		for i := range f.Tables[0].IDs {
			if f.Tables[0].Row(i)[5] == 5 {
				return true
			}
		}
		return false
	})
}

func TestSpectator(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind, MaxSpectators: 1})
		if code, _ := endAfterHello(s.Dial("eve", "spectate", "1")); code != netcode.CodeNoMatch {
			t.Errorf("watching nothing: closed with %v, want no-match", code)
		}
		a := s.Join("ann")
		eve := s.Join("eve", "spectate", "1")
		if eve.Welcome.Player != 0 || eve.Welcome.Resume != (netcode.ResumeID{}) {
			t.Fatalf("a spectator was welcomed as %+v", eve.Welcome)
		}
		a.Input(servertest.DrillInput{Mark: 9})
		eve.Until("the spectator sees ann's mark", func(view.Update) bool {
			f := eve.View.Frame()
			return len(f.Tables[0].IDs) == 1 && f.Tables[0].Row(0)[5] == 9
		})
		if code, _ := endAfterHello(s.Dial("joe", "spectate", "1")); code != netcode.CodeMatchFull {
			t.Errorf("one spectator too many: closed with %v, want match-full", code)
		}
		eve.Input(servertest.DrillInput{})
		if code, _ := eve.End(); code != netcode.CodeMalformed {
			t.Errorf("a spectator's input: closed with %v, want malformed", code)
		}
		servertest.Eventually(t, "the slot is free again", func() bool {
			return s.Metrics().Sum("arbiter_spectators") == 0
		})
		s.Join("joe", "spectate", "1")
	})
}

func TestFullMatchAndQuickJoin(t *testing.T) {
	t.Parallel()
	g := servertest.DrillGame(servertest.Drill{}, game.Config{MaxPlayers: 2})
	s := servertest.Start(t, server.Config{Games: []game.Definition{g}, MaxMatches: 2})
	a, b := s.Join("ann"), s.Join("bob")
	if code, _ := endAfterHello(s.Dial("cat", "match", a.Welcome.MatchID)); code != netcode.CodeMatchFull {
		t.Errorf("a third player by id: closed with %v, want match-full", code)
	}
	c := s.Join("cat")
	if c.Welcome.MatchID == a.Welcome.MatchID || b.Welcome.MatchID != a.Welcome.MatchID {
		t.Errorf("matches %s, %s, %s; want two players together and the third in a new match", a.Welcome.MatchID, b.Welcome.MatchID, c.Welcome.MatchID)
	}
	s.Join("dan")
	if code, _ := endAfterHello(s.Dial("eli")); code != netcode.CodeOverloaded {
		t.Errorf("no seat and no match left: closed with %v, want overloaded", code)
	}
	if code, _ := endAfterHello(s.Dial("fay", "match", "nonesuch")); code != netcode.CodeNoMatch {
		t.Errorf("an unknown match: closed with %v, want no-match", code)
	}
	if code, _ := endAfterHello(s.Dial("gus", "game", "chess")); code != netcode.CodeNoGame {
		t.Errorf("an unknown game: closed with %v, want no-game", code)
	}
}

// endAfterHello says hello and returns how the server answered by closing.
func endAfterHello(c *servertest.Client) (code, bye netcode.Code) {
	c.Send(netcode.Hello{Version: netcode.Version}.Append(nil))
	return c.End()
}
