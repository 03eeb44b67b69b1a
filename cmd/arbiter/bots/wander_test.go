package bots

import (
	"testing"

	"arbiter/game"
	"arbiter/game/sim"
)

func TestWandererKeepsBounds(t *testing.T) {
	type input struct {
		Turn int8 `net:"min=-1,max=1"`
		Aim  int  `net:"min=5,max=900"`
		Free int32
		Fire bool
	}
	g, err := game.Define[canvas, input]("walk", idle[input]{}, game.Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := newWanderer(g.Schema(), "ann")
	seen := make([]map[int64]bool, 4)
	for i := range seen {
		seen[i] = map[int64]bool{}
	}
	for range 2000 {
		for i, c := range w.decide() {
			seen[i][c] = true
			f := &w.input.Fields[i]
			if f.Bounded && (c < f.Min || c > f.Max) || f.Kind == sim.Bool && c != 0 && c != 1 {
				t.Fatalf("%s is %d", f.Path, c)
			}
		}
	}
	for i, want := range []int{3, 5, 5, 2} {
		if len(seen[i]) < want {
			t.Errorf("%s takes %d values, want at least %d", w.input.Fields[i].Path, len(seen[i]), want)
		}
	}
}

// idle rules do nothing.
type idle[I any] struct{}

func (idle[I]) Join(*game.World[canvas], game.Player)     {}
func (idle[I]) Leave(*game.World[canvas], game.PlayerID)  {}
func (idle[I]) Step(*game.World[canvas], *game.Inputs[I]) {}
