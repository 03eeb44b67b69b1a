package gametest_test

import (
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/gametest"
	"arbiter/game/tag"
)

func TestDemoGames(t *testing.T) {
	quick, err := arena.New("quick", arena.Config{Seconds: 3, Rounds: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, def := range []game.Definition{tag.Game, arena.Game, arena.Large, arena.Uncompensated, quick} {
		t.Run(def.Name(), func(t *testing.T) {
			for seed := range uint64(2) {
				gametest.Determinism(t, def, gametest.Options{Seed: seed, Players: 4 + int(seed)*8})
			}
		})
	}
}

// The demo games are as deterministic when a match was ordered.
func TestOrderedDemoGames(t *testing.T) {
	setup := game.Setup{
		Parameters: game.Attributes{{Name: "rounds", Number: 3}, {Name: "seconds", Number: 4}, {Name: "score_limit", Number: 50}},
		Roster: []game.Player{
			{Name: "ann", Team: "red", Role: "tank", Attributes: game.Attributes{{Name: "skill", Number: 1.5}, {Name: "mode", Text: "ctf"}}},
			{Name: "bob", Team: "blue"}, {Name: "cat", Team: "red"}, {Team: "blue", Role: "healer"}},
	}
	for _, def := range []game.Definition{tag.Game, arena.Game, arena.Large} {
		t.Run(def.Name(), func(t *testing.T) {
			gametest.Determinism(t, def, gametest.Options{Seed: 3, Setup: setup})
		})
	}
}
