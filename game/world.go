package game

import (
	"iter"
	"math/rand/v2"
	"slices"

	"arbiter/game/sim"
)

// World is what rules work on: the state of one match and what belongs to its
// step. It is valid during the call it was passed to.
type World[S any] struct {
	// State is the match's whole state. Rules keep nothing anywhere else.
	State S

	// Rand is the match's own random source. It is part of the state: the
	// same seed and inputs give the same numbers. Clients do not have it, so
	// what a player's own rows do should not depend on it.
	Rand *rand.Rand

	rate int
	core *sim.Core
	past []*S // the states in core's slots, oldest anywhere
}

// Tick is the number of the step being computed.
func (w *World[S]) Tick() Tick { return w.core.Tick() }

// Rate is the number of steps in a second.
func (w *World[S]) Rate() int { return w.rate }

// Dt is the length of a step in seconds.
func (w *World[S]) Dt() float64 { return 1 / float64(w.rate) }

// Ticks turns seconds into a number of steps, at least one.
func (w *World[S]) Ticks(seconds float64) int {
	return max(1, int(float64(seconds*float64(w.rate))+0.5))
}

// Players yields those who have a seat, in order of their numbers.
func (w *World[S]) Players() iter.Seq[Player] { return slices.Values(w.core.Players()) }

// Player returns the player with that number.
func (w *World[S]) Player(id PlayerID) (Player, bool) {
	if i, ok := w.core.Seat(id); ok {
		return w.core.Players()[i], true
	}
	return Player{}, false
}

// At returns the state as it was after that tick's step: what a player was
// looking at when they acted. It reaches back as far as Config.Rewind; an older
// tick gives the oldest state there is, the running tick the present one. The
// past is for reading only, and valid during the call.
func (w *World[S]) At(t Tick) *S {
	if slot, ok := w.core.Past(t); ok {
		return w.past[slot]
	}
	return &w.State
}

// Finish ends the match after this step. The first result stands.
func (w *World[S]) Finish(r Result) { w.core.Finish(r) }

// Setup is what the match was ordered with. Clients do not have it, so what a
// player's own rows do should not depend on it.
func (w *World[S]) Setup() Setup { return w.core.Setup() }

// Wants asks the server for n more players from now on, 0 for none; the server
// finds no more than there are free seats. Rules that never ask get players as
// the match was ordered.
func (w *World[S]) Wants(n int) { w.core.Want(min(max(n, 0), maxPlayers)) }

// Predicting reports whether a client is running this step ahead of the
// server, with its own inputs and without anybody else's.
func (w *World[S]) Predicting() bool { return w.core.Predicting() }
