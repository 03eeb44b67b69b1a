package bots

import (
	"math/rand/v2"

	"arbiter/game"
)

// walker plays any game: each of its inputs wanders within its bounds.
type walker struct {
	rand  *rand.Rand
	input *game.RowSchema
}

const stride = 100 // bound of inputs that declare none, in steps

// decide moves the cells a step.
func (w *walker) decide(cells []int64) {
	for i := range w.input.Fields {
		f := &w.input.Fields[i]
		least, most := int64(-stride), int64(stride)
		if f.Bounded {
			least, most = f.Min, f.Max
		}
		if f.Kind == game.Bool {
			least, most = 0, 1
		}
		step := int64(0) // mostly holding still, as people do
		if w.rand.IntN(4) == 0 {
			step = max((most-least)/8, 1) * int64(w.rand.IntN(3)-1)
		}
		cells[i] = min(max(cells[i]+step, least), most)
	}
}
