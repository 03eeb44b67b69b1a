package tag

import (
	"bytes"
	"os"
	"testing"

	"arbiter/game"
	"arbiter/game/gametest"
)

func TestTheGameIsSmall(t *testing.T) {
	src, err := os.ReadFile("tag.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(src, []byte("\n")); n > 60 {
		t.Errorf("%d lines; the README promises 60", n)
	}
	for i, line := range bytes.Split(src, []byte("\n")) {
		if len(line) > 120 {
			t.Errorf("line %d has %d characters", i+1, len(line))
		}
	}
}

func TestTouchPassesItOn(t *testing.T) {
	m := gametest.NewMatch(Game, 1, game.Setup{})
	m.Join(game.Player{ID: 1, Name: "ann"}, game.Player{ID: 2, Name: "bob"}, game.Player{ID: 3})
	m.Step(1)
	touches := func() int {
		return len(gametest.Events(m, func(s *State) *game.Events[Touch] { return &s.Touches }))
	}
	at := func(p game.PlayerID) *Runner {
		_, r := m.State().Runners.Find(func(r *Runner) bool { return r.Player == p })
		return r
	}
	at(1).X, at(1).Y, at(2).X, at(2).Y, at(3).X, at(3).Y = 10, 50, 20, 50, 90, 90
	chase := m.State().Chase.Get()
	if chase.It != 1 {
		t.Fatalf("it is %d", chase.It)
	}
	m.Input(1, Input{X: 1, Y: 0})
	m.Step(1)
	m.Step(7)
	if at(1).X != 18 || chase.It != 1 || touches() != 0 {
		t.Fatalf("at %v, it is %d", at(1).X, chase.It)
	}
	m.Step(1)
	if chase.It != 2 || touches() != 1 {
		t.Fatalf("after the touch it is %d", chase.It)
	}
	m.Input(1, Input{X: 0, Y: 0})
	m.Step(1)
	m.Step(15)
	if chase.It != 2 {
		t.Error("passed back at once")
	}
	m.Step(10)
	if chase.It != 1 {
		t.Error("not passed back after a second")
	}
	score, hunters := at(3).Score, at(1).Score
	m.State().Runners.Get(2).X = 80
	m.Step(60)
	if at(3).Score != score+3 || at(1).Score != hunters {
		t.Errorf("three seconds free gave %d, being it gave %d", at(3).Score-score, at(1).Score-hunters)
	}
	m.Leave(1)
	m.Step(1)
	if chase.It == 1 || at(1) != nil {
		t.Error("one who left is still it")
	}
	m.Input(3, Input{X: 1, Y: 1})
	m.Step(1)
	m.Step(50)
	if at(3).X != 100 || at(3).Y != 100 {
		t.Errorf("the field ends at 100, not at %v, %v", at(3).X, at(3).Y)
	}
}
