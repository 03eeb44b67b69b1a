package game

import "arbiter/game/sim"

// Suspicion is a way in which a player's inputs were wrong, as no honest client
// on an ordered connection makes them, or none that does well. The server has
// neutralised each before it tells: nobody gains by them. What they say of a
// player is for rules to judge; the package doc says how they are told.
// Its String method names the kind, as in logs.
type Suspicion = sim.Suspicion

// The kinds of suspicion. One of FarAhead is no proof: where the server stood
// still, honest clients ran on. The others are a cheat's doing, or a broken
// client's.
const (
	SpeedUp    = sim.SpeedUp    // an input for a tick that had one already, or for which there was no room
	FarAhead   = sim.FarAhead   // an input for a tick further ahead than any client needs
	TimeTravel = sim.TimeTravel // a view claim for a tick that was not sent yet, or is beyond the rewind
	Replayed   = sim.Replayed   // an input that was there before, and not sent again after a lost connection
	OutOfOrder = sim.OutOfOrder // an input before which others are missing
)
