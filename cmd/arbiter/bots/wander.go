package bots

import (
	"hash/fnv"
	"math/rand/v2"

	"arbiter/game/sim"
)

// wanderer plays any game: each field of its input changes at random, by small
// steps, within the bounds that the schema gives.
type wanderer struct {
	rand  *rand.Rand
	input *sim.RowSchema
	cells []int64
}

// newWanderer makes one for inputs of that kind. Those of different names do
// different things.
func newWanderer(input *sim.RowSchema, name string) wanderer {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name))                                                                  // a hash returns no error
	return wanderer{rand.New(rand.NewPCG(h.Sum64(), 1)), input, make([]int64, len(input.Fields))} // #nosec G404 -- what a bot does follows from its name
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
