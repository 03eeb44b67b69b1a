package gametest

import (
	"slices"

	"arbiter/game/sim"
)

// Clone copies an input so that it outlives the call that lent it.
func Clone(in *sim.TickInput) sim.TickInput {
	c := sim.TickInput{
		Leaves:     slices.Clone(in.Leaves),
		Suspicions: slices.Clone(in.Suspicions),
		Joins:      slices.Clone(in.Joins),
		Away:       slices.Clone(in.Away),
		Back:       slices.Clone(in.Back),
		Held:       slices.Clone(in.Held),
		Inputs:     slices.Clone(in.Inputs),
		Commands:   slices.Clone(in.Commands),
	}
	for i := range c.Inputs {
		c.Inputs[i].Cells = slices.Clone(c.Inputs[i].Cells)
	}
	for i := range c.Held {
		c.Held[i].Cells = slices.Clone(c.Held[i].Cells)
	}
	for i := range c.Commands {
		row := &c.Commands[i].Row
		row.Cells, row.Texts = slices.Clone(row.Cells), slices.Clone(row.Texts)
	}
	return c
}
