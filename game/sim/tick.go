package sim

// Tick counts the steps of one match: tick 0 is the state before the first
// step, tick n the state after the n-th. At 128 Hz it lasts 388 days.
type Tick uint32

// Sub returns t-u in ticks; negative when t is before u.
func (t Tick) Sub(u Tick) int { return int(int32(t - u)) }

// Before reports whether t comes before u.
func (t Tick) Before(u Tick) bool { return t.Sub(u) < 0 }

// ID names a row within one table. Ids ascend in order of creation, start at
// 1 and are never used again within a match.
type ID uint32

// PlayerID is a seat's number within one match, from 1. Zero is nobody: the
// owner of an unowned row, or a spectator.
type PlayerID uint16

// Player is what the rules are told of somebody who takes a seat.
type Player struct {
	ID   PlayerID
	Name string // as the player's token says; at most 32 bytes of UTF-8
	Team string // as the roster says; empty without one

	// Role and Attributes are as the roster says. Like the random source they
	// stay on the server: a client that predicts has neither.
	Role       string
	Attributes Attributes // must not be changed
}

// Result ends a match; see World.Finish of package game.
type Result struct {
	Reason string  // a short sentence for people
	Scores []Score // best first
}

// Score is one player's part of a [Result].
type Score struct {
	Player PlayerID
	Points int
}

// Area is the circle of the world that one player's client is sent, in the
// units of the rows' Position.
type Area struct{ X, Y, Radius float64 }
