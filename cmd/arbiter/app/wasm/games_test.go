package wasm_test

import (
	"arbiter/cmd/arbiter/app/wasm"
	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/gametest"
	"arbiter/game/sim"
	"arbiter/game/tag"
)

// demo is a game with a native prediction to compare with.
type demo struct {
	game.Definition
	predict func(game.PlayerID) prediction
}

type prediction interface {
	sim.Sim
	Load(t game.Tick, blocks []sim.Block, input []int64)
}

var demos = []demo{demoOf(arena.Game), demoOf(arena.Large), demoOf(tag.Game)}

func demoOf[S, I any](g *game.Game[S, I]) demo {
	return demo{g, func(p game.PlayerID) prediction { return g.NewPrediction(game.Player{ID: p}) }}
}

func newModule() *wasm.Module {
	return wasm.New(arena.Game, arena.Large, tag.Game)
}

// rows captures those of p, or all if p is 0.
func rows(m sim.Sim, p game.PlayerID) []sim.Block {
	blocks := make([]sim.Block, len(m.Schema().Tables))
	for i, s := range m.Schema().Tables {
		var all sim.Block
		m.Rows(i).Capture(&all)
		if p == 0 {
			blocks[i] = all
			continue
		}
		b := &blocks[i]
		b.Width = all.Width
		if s.Owner < 0 {
			continue
		}
		b.Last = all.Last
		for k, id := range all.IDs {
			row := all.Row(k)
			if row[s.Owner] != int64(p) {
				continue
			}
			b.IDs = append(b.IDs, id)
			for f, c := range row {
				if s.Fields[f].Kind == sim.Text {
					b.Texts = append(b.Texts, all.Texts[c])
					c = int64(len(b.Texts) - 1)
				}
				b.Cells = append(b.Cells, c)
			}
		}
	}
	return blocks
}

func script(d demo, seed uint64) *gametest.Script {
	// Nobody is suspected in a browser, and a step there cannot say so.
	return gametest.NewScript(d.Schema(), gametest.ScriptConfig{Seed: seed, Players: 16, Suspect: -1})
}

// only keeps what p sends.
func only(in *sim.TickInput, p game.PlayerID) *sim.TickInput {
	var mine sim.TickInput
	for _, x := range in.Inputs {
		if x.Player == p {
			mine.Inputs = append(mine.Inputs, x)
		}
	}
	for _, x := range in.Commands {
		if x.Player == p {
			mine.Commands = append(mine.Commands, x)
		}
	}
	return &mine
}
