package bots

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"

	"arbiter/game/sim"
)

// wanderer plays any game: each field of its input changes at random, by small
// steps, within the bounds that the schema gives. Now and then it sends a command.
type wanderer struct {
	rand     *rand.Rand
	input    *sim.RowSchema
	commands []sim.RowSchema
	cells    []int64
}

// newWanderer makes one for a game. Those of different names do different things.
func newWanderer(g *sim.Schema, name string) wanderer {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))                                                                                   // a hash returns no error
	return wanderer{rand.New(rand.NewPCG(h.Sum64(), 1)), &g.Input, g.Commands, make([]int64, len(g.Input.Fields))} // #nosec G404 -- what a bot does follows from its name
}

const stride = 100 // bound of inputs that declare none, in steps

// decide moves the cells a step.
func (w *wanderer) decide() []int64 {
	for i := range w.input.Fields {
		f := &w.input.Fields[i]
		least, most := int64(-stride), int64(stride)
		if f.Bounded {
			least, most = f.Min, f.Max
		}
		if f.Kind == sim.Bool {
			least, most = 0, 1
		}
		step := int64(0) // mostly holding still, as people do
		if w.rand.IntN(4) == 0 {
			step = max((most-least)/8, 1) * int64(w.rand.IntN(3)-1)
		}
		w.cells[i] = min(max(w.cells[i]+step, least), most)
	}
	return w.cells
}

// commandEvery is how many decisions there are to a command, on average.
const commandEvery = 20

// command chooses a command, at times, for games that have any.
func (w *wanderer) command() (kind int, row sim.Row, chosen bool) {
	if len(w.commands) == 0 || w.rand.IntN(commandEvery) > 0 {
		return 0, row, false
	}
	kind = w.rand.IntN(len(w.commands))
	for i := range w.commands[kind].Fields {
		f := &w.commands[kind].Fields[i]
		cell := int64(w.rand.IntN(stride + 1))
		switch {
		case f.Kind == sim.Text:
			row.Texts = append(row.Texts, w.word(f.MaxLen))
			cell = int64(len(row.Texts) - 1)
		case f.Kind == sim.Bool:
			cell = int64(w.rand.IntN(2))
		case f.Kind == sim.Real:
			cell = int64(math.Float64bits(float64(cell))) // #nosec G115 -- the bits, as cells have them
		case f.Bounded:
			cell = f.Min + w.rand.Int64N(min(f.Max-f.Min, math.MaxInt32)+1)
		}
		row.Cells = append(row.Cells, cell)
	}
	return kind, row, true
}

// word is a text of up to so many bytes.
func (w *wanderer) word(most int) string {
	text := fmt.Sprintf("bot %d", w.rand.IntN(1000))
	return text[:min(len(text), most)]
}
