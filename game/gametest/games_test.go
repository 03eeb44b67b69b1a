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
