package match

import (
	"fmt"

	"arbiter/netcode"
)

// Refusal is why the engine does not let somebody or something in. Sessions are
// closed with its code; who asks in another way gets it as an error, which is
// one of the variables below or wraps one.
type Refusal struct {
	Code netcode.Code
	text string
}

// Error implements error.
func (r *Refusal) Error() string { return "match: " + r.text }

// Why the engine refuses. All of them are of type *[Refusal].
var (
	// ErrNoGame is returned by Begin: no game of this name is hosted.
	ErrNoGame = &Refusal{netcode.CodeNoGame, "no game of this name is hosted"}
	// ErrFull is wrapped by what Reserve returns when seats are missing, see
	// [SeatsError].
	ErrFull = &Refusal{netcode.CodeMatchFull, "the match is full"}
	// ErrPrivate is returned by Reserve: the match is private, and neither the code nor
	// the token is for it.
	ErrPrivate = &Refusal{netcode.CodeNoMatch, "the match is private"}
	// ErrReservedOnly is returned by Reserve: all seats are kept for those whom others
	// chose.
	ErrReservedOnly = &Refusal{netcode.CodeMatchFull, "the match takes only players that its seats were reserved for"}
	// ErrOwnMatches is returned by Begin at Config.MaxMatchesPerPlayer.
	ErrOwnMatches = &Refusal{netcode.CodeNotAllowed, "the limit of running matches of this player is reached"}
	// ErrOver is returned by Reserve, wrapped or not: the match admits no new
	// players, because it has ended or is about to.
	ErrOver = &Refusal{netcode.CodeMatchFinished, "the match has ended or is ending"}
	// ErrDraining is returned by Begin and Reserve during a drain.
	ErrDraining = &Refusal{netcode.CodeDrain, "the engine is draining"}
	// ErrTooManyMatches is returned by Begin at Config.MaxMatches.
	ErrTooManyMatches = &Refusal{netcode.CodeOverloaded, "the limit of running matches is reached"}
	// ErrBroken is returned by Begin: matches of the game broke one after the other as
	// they began, so for a while none does.
	ErrBroken = &Refusal{netcode.CodeMatchBroken, "matches of this game break as they begin"}
	// ErrOverloaded is returned by Begin and Reserve: overload control sheds load.
	ErrOverloaded = &Refusal{netcode.CodeOverloaded, "the server is overloaded and admits no new matches or players"}
)

// SeatsError is returned by Reserve when fewer seats are free than were asked
// for. It wraps [ErrFull].
type SeatsError struct{ Asked, Free int }

// Error implements error.
func (e *SeatsError) Error() string {
	return fmt.Sprintf("match: %d seats were asked for and %d are free", e.Asked, e.Free)
}

// Unwrap returns ErrFull.
func (e *SeatsError) Unwrap() error { return ErrFull }

// ClosedError is returned by Reserve for a match that admits nobody, for another
// reason than its end, such as a fault. It wraps [ErrOver].
type ClosedError struct{ Code netcode.Code }

// Error implements error.
func (e *ClosedError) Error() string {
	return fmt.Sprintf("match: the match admits no more players (%s)", e.Code)
}

// Unwrap returns ErrOver.
func (e *ClosedError) Unwrap() error { return ErrOver }

// OrderError is returned by Begin and Reserve for an order, or a list of seats,
// that is wrong.
type OrderError struct{ Where, Detail string }

// Error implements error.
func (e *OrderError) Error() string { return "match: " + e.Where + ": " + e.Detail }

// closedError is why a closed roster keeps no slots.
func closedError(why netcode.Code) error {
	switch why {
	case netcode.CodeDrain:
		return ErrDraining
	case netcode.CodeMatchFinished, netcode.CodeNoMatch:
		return ErrOver
	}
	return &ClosedError{why}
}
