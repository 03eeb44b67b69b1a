package bots

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/tag"
)

// play runs a match whose players decide every few ticks.
func play[S, I any](g *game.Game[S, I], players, ticks, every int, decide func(s *S, p game.PlayerID, t game.Tick) I) *game.Match[S, I] {
	m := g.New(1)
	var in game.TickInput
	for p := range players {
		in.Joins = append(in.Joins, game.Player{ID: game.PlayerID(p + 1), Name: fmt.Sprint("bot ", p)})
	}
	for t := range ticks {
		m.Step(&in)
		in.Reset()
		if t%every != 0 {
			continue
		}
		for p := range players {
			id := game.PlayerID(p + 1)
			input := decide(m.State(), id, m.Tick())
			cells := make([]int64, len(g.Schema().Input.Fields))
			g.InputCells(&input, cells)
			in.Inputs = append(in.Inputs, game.PlayerInput{Player: id, Seq: uint32(t + 1), Cells: cells})
		}
	}
	return m
}

// kills sums them up over a minute.
func kills(players int, decide func(s *arena.State, p game.PlayerID, t game.Tick) arena.Input) (n int) {
	for _, p := range play(arena.Game, players, 60*30, 2, decide).State().Pilots.All() {
		n += p.Kills
	}
	return n
}

func TestHuntersHit(t *testing.T) {
	hunters := map[game.PlayerID]*hunter{}
	hunting := kills(8, func(s *arena.State, p game.PlayerID, at game.Tick) arena.Input {
		if hunters[p] == nil {
			hunters[p] = &hunter{rate: 15}
		}
		return hunters[p].decide(s, p, at, 30)
	})
	r := rand.New(rand.NewPCG(1, 1))
	noise := kills(8, func(*arena.State, game.PlayerID, game.Tick) arena.Input {
		return arena.Input{Thrust: int8(r.IntN(3) - 1), Turn: int8(r.IntN(3) - 1), Fire: true}
	})
	if hunting < 20 || hunting < 2*noise {
		t.Errorf("8 hunters make %d kills a minute, 8 who press keys at random %d", hunting, noise)
	}
	t.Logf("kills a minute: %d by hunters, %d at random", hunting, noise)
}

func TestHunterTakesDrones(t *testing.T) {
	h := hunter{rate: 15}
	m := play(arena.Large, 1, 60*30, 2, func(s *arena.State, p game.PlayerID, at game.Tick) arena.Input {
		return h.decide(s, p, at, 30)
	})
	for _, p := range m.State().Pilots.All() {
		if p.Score < 3 {
			t.Errorf("a hunter alone shoots %d drones in a minute", p.Score)
		}
	}
}

func TestHunterWithoutShip(t *testing.T) {
	h := hunter{rate: 15}
	if in := h.decide(arena.Game.New(1).State(), 1, 1, 30); in != (arena.Input{}) {
		t.Errorf("does %+v", in)
	}
}

func TestRunnersChase(t *testing.T) {
	score, touches, it := 0, 0, game.PlayerID(0)
	m := play(tag.Game, 6, 60*20, 2, func(s *tag.State, p game.PlayerID, at game.Tick) tag.Input {
		if now := s.Chase.Get().It; now != it {
			it = now
			touches++
		}
		return runner{}.decide(s, p, at)
	})
	for _, r := range m.State().Runners.All() {
		score += r.Score
	}
	if touches < 10 || score == 0 {
		t.Errorf("6 runners make %d touches and %d points in a minute", touches, score)
	}
}

func TestWalkerKeepsBounds(t *testing.T) {
	type input struct {
		Turn int8 `net:"min=-1,max=1"`
		Aim  int  `net:"min=5,max=900"`
		Free int32
		Fire bool
	}
	g, err := game.Define[tag.State, input]("walk", idle[input]{}, game.Config{})
	if err != nil {
		t.Fatal(err)
	}
	w := newWalker(&g.Schema().Input, "ann")
	seen := make([]map[int64]bool, 4)
	for i := range seen {
		seen[i] = map[int64]bool{}
	}
	for range 2000 {
		for i, c := range w.decide() {
			seen[i][c] = true
			f := &w.input.Fields[i]
			if f.Bounded && (c < f.Min || c > f.Max) || f.Kind == game.Bool && c != 0 && c != 1 {
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

func (idle[I]) Join(*game.World[tag.State], game.Player)     {}
func (idle[I]) Leave(*game.World[tag.State], game.PlayerID)  {}
func (idle[I]) Step(*game.World[tag.State], *game.Inputs[I]) {}
