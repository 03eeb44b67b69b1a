package pilots

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"arbiter/cmd/arbiter/bots"
	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/sim"
	"arbiter/game/tag"
)

// play runs a match whose players decide every few ticks.
func play[S, I any](g *game.Game[S, I], players, ticks, every int, decide func(s *S, p game.PlayerID, t game.Tick) I) *game.Match[S, I] {
	m := g.New(1)
	var in sim.TickInput
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
			sim.InputCells(g.Schema(), &input, cells)
			in.Inputs = append(in.Inputs, sim.PlayerInput{Player: id, Seq: uint32(t + 1), Cells: cells})
		}
	}
	return m
}

// seen is what a bot knows that decides 15 times a second.
func seen(p game.PlayerID, t game.Tick) bots.View {
	return bots.View{Player: p, Tick: t, TickRate: 30, Rate: 15}
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
			hunters[p] = &hunter{}
		}
		return hunters[p].decide(s, seen(p, at))
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
	var h hunter
	m := play(arena.Large, 1, 60*30, 2, func(s *arena.State, p game.PlayerID, at game.Tick) arena.Input {
		return h.decide(s, seen(p, at))
	})
	for _, p := range m.State().Pilots.All() {
		if p.Score < 3 {
			t.Errorf("a hunter alone shoots %d drones in a minute", p.Score)
		}
	}
}

func TestHunterWithoutShip(t *testing.T) {
	var h hunter
	if in := h.decide(arena.Game.New(1).State(), seen(1, 1)); in != (arena.Input{}) {
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
		return chase(s, seen(p, at))
	})
	for _, r := range m.State().Runners.All() {
		score += r.Score
	}
	if touches < 10 || score == 0 {
		t.Errorf("6 runners make %d touches and %d points in a minute", touches, score)
	}
}
