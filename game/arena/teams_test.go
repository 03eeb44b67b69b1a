package arena

import (
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/gametest"
)

// sides is an order for a match of two teams.
func sides(parameters ...game.Attribute) game.Setup {
	return game.Setup{Parameters: parameters, Roster: []game.Player{
		{Name: "ann", Team: "red"}, {Name: "bob", Team: "blue"}, {Name: "cat", Team: "red"}, {Name: "dan", Team: "blue"}}}
}

// ordered starts a match in which those expected have come, and are safe no
// longer.
func ordered(setup game.Setup) *match {
	m := gametest.NewMatch(Game, 1, setup)
	joinRoster(m, setup)
	m.Step(61)
	return m
}

// joinRoster lets those expected come in the next step, numbered from 1.
func joinRoster(m *match, setup game.Setup) {
	for i, p := range setup.Roster {
		p.ID = game.PlayerID(i + 1)
		m.Join(p)
	}
}

// shoot has player by fire at player at until a hit would have told.
func shoot(m *match, by, at game.PlayerID) {
	for range 40 {
		if ship(m, at) == nil || m.Result() != nil {
			return
		}
		for p := range game.PlayerID(4) {
			if other := p + 1; other != by && other != at && ship(m, other) != nil {
				place(m, other, 1000, 100*float64(other), 0)
			}
		}
		place(m, by, 200, 300, 0)
		place(m, at, 260, 300, 0)
		press(m, by, 0, Input{Fire: true})
	}
	press(m, by, 0, Input{})
}

func TestTeamsStartOnTheirSides(t *testing.T) {
	for seed := range uint64(20) {
		m := gametest.NewMatch(Game, seed, sides())
		joinRoster(m, sides())
		m.Step(1)
		middle := m.State().Field.Get().W / 2
		for p, left := range map[game.PlayerID]bool{1: false, 2: true, 3: false, 4: true} {
			if s := ship(m, p); s.X < middle != left {
				t.Errorf("seed %d: player %d starts at %v of %v", seed, p, s.X, 2*middle)
			}
		}
	}
}

func TestTeamsDoNotHitThemselves(t *testing.T) {
	m := ordered(sides())
	shoot(m, 1, 3)
	if s := ship(m, 3); s == nil || s.HP != shipHP || pilot(m, 1).Score != 0 {
		t.Errorf("a friend was hit: %+v", s)
	}
	shoot(m, 1, 2)
	if ship(m, 2) != nil || pilot(m, 1).Score != killPoints {
		t.Errorf("an enemy was not: %+v", ship(m, 2))
	}
}

func TestTeamsStandInNames(t *testing.T) {
	m := ordered(sides())
	if got := pilot(m, 1).Name; got != "[red] ann" {
		t.Errorf("%q", got)
	}
	rename(m, 1, "Eve")
	if got := pilot(m, 1).Name; got != "[red] Eve" {
		t.Errorf("renamed to %q", got)
	}
	m.Join(game.Player{ID: 9, Name: "x", Team: "grünweiß"}, game.Player{ID: 10, Name: "y"})
	m.Step(1)
	if a, b := pilot(m, 9).Name, pilot(m, 10).Name; a != "[grünw] x" || b != "y" {
		t.Errorf("%q, %q", a, b)
	}
}

func TestScoreLimit(t *testing.T) {
	m := ordered(sides(game.Attribute{Name: "score_limit", Number: 2 * killPoints}))
	shoot(m, 1, 2)
	if m.Result() != nil {
		t.Fatalf("finished at %d points", pilot(m, 1).Score)
	}
	shoot(m, 3, 4)
	r := m.Result()
	if r == nil || r.Reason != "red reached 20 points" {
		t.Fatalf("%+v", r)
	}
	var order []game.PlayerID
	for _, s := range r.Scores {
		order = append(order, s.Player)
	}
	if len(order) != 4 || order[0]%2 != 1 || order[1]%2 != 1 || r.Scores[0].Points != killPoints || r.Scores[3].Points != 0 {
		t.Errorf("the winners should be 1 and 3: %+v", r.Scores)
	}
}

func TestScoreLimitOfOne(t *testing.T) {
	setup := game.Setup{Parameters: game.Attributes{{Name: "score_limit", Number: killPoints}}, Roster: make([]game.Player, 2)}
	m := ordered(setup)
	shoot(m, 1, 2)
	if r := m.Result(); r == nil || r.Reason != "pilot 1 reached 10 points" || r.Scores[0] != (game.Score{Player: 1, Points: killPoints}) {
		t.Errorf("%+v", r)
	}
}

func TestOrderedRounds(t *testing.T) {
	m := ordered(sides(game.Attribute{Name: "rounds", Number: 2}, game.Attribute{Name: "seconds", Number: 3}))
	for m.Result() == nil && m.Tick() < 1000 {
		m.Step(1)
	}
	if r := m.Result(); r == nil || m.Tick() != 180 || r.Reason != "2 rounds were played" || len(r.Scores) != 4 {
		t.Errorf("at tick %d: %+v", m.Tick(), r)
	}
	for _, odd := range []game.Attribute{{Name: "rounds", Number: -1}, {Name: "rounds", Text: "2"}, {Name: "rounds", Number: 1e12}, {Name: "Rounds", Number: 1}} {
		m := ordered(sides(odd, game.Attribute{Name: "seconds", Number: 1}))
		m.Step(100)
		if m.Result() != nil {
			t.Errorf("%+v finished the match: %s", odd, m.Result().Reason)
		}
	}
}

func TestOrderedStepAllocatesNothing(t *testing.T) {
	m := ordered(sides(game.Attribute{Name: "score_limit", Number: 1e6}))
	press(m, 1, 0, Input{Turn: 1, Fire: true})
	m.Step(600)
	if n := testing.AllocsPerRun(300, func() { m.Step(1) }); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
	if !strings.HasPrefix(pilot(m, 1).Name, "[red]") {
		t.Error("there are no teams")
	}
}
