package bots

import (
	"hash/fnv"
	"math/rand/v2"

	"arbiter/game"
)

// walker plays any game: each of its inputs wanders within its bounds.
type walker struct {
	rand  *rand.Rand
	input *game.RowSchema
	cells []int64
}

// newWalker makes one for inputs of that kind. Those of other names walk other
// ways.
func newWalker(input *game.RowSchema, name string) walker {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))                                                                // a hash takes everything
	return walker{rand.New(rand.NewPCG(h.Sum64(), 1)), input, make([]int64, len(input.Fields))} // #nosec G404 -- a bot goes the way of its name
}

const stride = 100 // bound of inputs that declare none, in steps

// decide moves the cells a step.
func (w *walker) decide() []int64 {
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
		w.cells[i] = min(max(w.cells[i]+step, least), most)
	}
	return w.cells
}
