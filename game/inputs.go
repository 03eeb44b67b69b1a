package game

import (
	"iter"
	"slices"
)

// Inputs are the players' inputs for one step. A player's input holds until he
// changes it.
type Inputs[I any] struct {
	tick Tick
	held []held[I] // in order of player
}

// held is one seat's input as it stands.
type held[I any] struct {
	player PlayerID
	fresh  bool
	seq    uint32
	age    uint32 // ticks between an input's step and the state its player saw
	input  I
}

// Of returns the input of that player; the zero input before his first.
func (in *Inputs[I]) Of(p PlayerID) I {
	if i, ok := in.seat(p); ok {
		return in.held[i].input
	}
	var zero I
	return zero
}

// Fresh reports whether p's input was changed for this very tick.
func (in *Inputs[I]) Fresh(p PlayerID) bool {
	i, ok := in.seat(p)
	return ok && in.held[i].fresh
}

// View is the tick p was looking at when he made his input, for [World.At].
// Without a claim, or beyond what the server believes, it is the tick before
// this one.
func (in *Inputs[I]) View(p PlayerID) Tick {
	age := uint32(1)
	if i, ok := in.seat(p); ok {
		age = max(age, in.held[i].age)
	}
	return in.tick - Tick(min(age, uint32(in.tick)))
}

// All yields every player's input in order of player.
func (in *Inputs[I]) All() iter.Seq2[PlayerID, I] {
	return func(yield func(PlayerID, I) bool) {
		for i := range in.held {
			if !yield(in.held[i].player, in.held[i].input) {
				return
			}
		}
	}
}

func (in *Inputs[I]) seat(p PlayerID) (int, bool) {
	return slices.BinarySearchFunc(in.held, p, func(h held[I], p PlayerID) int { return int(h.player) - int(p) })
}
