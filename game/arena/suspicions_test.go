package arena

import (
	"testing"

	"arbiter/game"
)

// accuse tells the rules of false claims.
func accuse(m *match, kind game.Suspicion, n int) {
	m.Suspect(1, kind, n)
	m.Step(1)
}

// shotAge fires for player 1, who says that they see the others five ticks late,
// and returns by how much that was granted.
func shotAge(m *match) int {
	m.State().Bullets.Clear()
	ship(m, 1).Ready = 0
	press(m, 1, m.Tick()+1-5, Input{Fire: true})
	age := -1
	for _, b := range m.State().Bullets.All() {
		age = b.Age
	}
	press(m, 1, 0, Input{})
	return age
}

// Shots of a player who keeps claiming to see what they cannot are not
// compensated, until they have stopped for ten seconds.
func TestFalseClaimsCostTheCompensation(t *testing.T) {
	m := stage(t, Game, 2)
	accuse(m, game.SpeedUp, 50)
	accuse(m, game.TimeTravel, maxStrikes-1)
	if age := shotAge(m); age != 5 {
		t.Fatalf("a few false claims: compensated by %d ticks, want 5", age)
	}
	accuse(m, game.TimeTravel, 1)
	if age := shotAge(m); age != 0 {
		t.Fatalf("many false claims: compensated by %d ticks, want 0", age)
	}
	if p := pilot(m, 2); p.Strikes != 0 {
		t.Errorf("the other has %d strikes", p.Strikes)
	}
	m.Step(299)
	if age := shotAge(m); age != 5 {
		t.Fatalf("ten seconds later: compensated by %d ticks, want 5", age)
	}
	accuse(m, game.TimeTravel, 1)
	if age := shotAge(m); age != 5 {
		t.Fatalf("one false claim after that: compensated by %d ticks, want 5", age)
	}
}

func TestFalseClaimsLongApartAreForgotten(t *testing.T) {
	m := stage(t, Game, 1)
	for range 2 * maxStrikes {
		accuse(m, game.TimeTravel, 1)
		m.Step(300)
	}
	if age := shotAge(m); age != 5 {
		t.Fatalf("compensated by %d ticks, want 5", age)
	}
}
