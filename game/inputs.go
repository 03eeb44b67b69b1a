package game

import (
	"iter"
	"slices"
	"unsafe"

	"arbiter/game/sim"
)

// Inputs are the players' inputs for one step. A player's input holds until they
// change it.
type Inputs[I any] struct {
	core *sim.Core
	held []I // of the players who have a seat, in order of player
}

// Of returns the input of that player; the zero input before their first.
func (in *Inputs[I]) Of(p PlayerID) I {
	if i, ok := in.core.Seat(p); ok {
		return in.held[i]
	}
	var zero I
	return zero
}

// Fresh reports whether p's input was changed for this very tick.
func (in *Inputs[I]) Fresh(p PlayerID) bool {
	h := in.core.Held(p)
	return h != nil && h.Fresh
}

// View is the tick p was looking at when they made their input, for
// [World.At]. Without a claim, or beyond what the server believes, it is the
// tick before this one.
func (in *Inputs[I]) View(p PlayerID) Tick {
	age := uint32(1)
	if h := in.core.Held(p); h != nil {
		age = max(age, h.Age)
	}
	tick := in.core.Tick()
	return tick - Tick(min(age, uint32(tick)))
}

// All yields every player's input in order of player.
func (in *Inputs[I]) All() iter.Seq2[PlayerID, I] {
	return func(yield func(PlayerID, I) bool) {
		for i := range in.held {
			if !yield(in.core.Players()[i].ID, in.held[i]) {
				return
			}
		}
	}
}

// inputStore is Inputs as the framework uses them.
type inputStore[I any] Inputs[I]

func (s *inputStore[I]) Memory() sim.Memory {
	return sim.Memory{Base: unsafe.Pointer(unsafe.SliceData(s.held)), N: len(s.held)}
}

func (s *inputStore[I]) Insert(i int) {
	var zero I
	s.held = slices.Insert(s.held, i, zero)
}

func (s *inputStore[I]) Delete(i int) { s.held = slices.Delete(s.held, i, i+1) }

func (s *inputStore[I]) Reset(n int) {
	s.held = slices.Grow(s.held[:0], n)[:n]
	clear(s.held)
}
