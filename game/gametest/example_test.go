package gametest_test

import (
	"fmt"

	"arbiter/game"
	"arbiter/game/gametest"
	"arbiter/game/tag"
)

// A test of rules joins players, gives them inputs, steps, and looks at the
// state and the events.
func ExampleMatch() {
	m := gametest.NewMatch(tag.Game, 1, game.Setup{})
	m.Join(game.Player{ID: 1, Name: "ann"}, game.Player{ID: 2, Name: "bob"})
	m.Step(25) // nobody can be touched in the first second
	for id, r := range m.State().Runners.All() {
		r.X, r.Y = 10*float64(id), 50
	}
	m.Input(1, tag.Input{X: 1}) // ann, who is it, runs towards bob
	for len(gametest.Events(m, touches)) == 0 {
		m.Step(1)
	}
	for _, e := range gametest.Events(m, touches) {
		fmt.Printf("tick %d: %d touches %d\n", m.Tick(), e.Row.By, e.Row.Who)
	}
	// Output: tick 34: 1 touches 2
}

func touches(s *tag.State) *game.Events[tag.Touch] { return &s.Touches }
