package match

import "strings"

// Access is on what grounds somebody asks for a seat. The zero value is none: it
// opens what anybody may come into. Who has a slot in a match needs none to keep it.
type Access struct {
	// Granted is for those whom a back end asks for, or matchmaking has chosen the
	// match for: any free seat is theirs.
	Granted bool
	// Match is the only match that their token is for; empty: any.
	Match string
	// Code is that of a private match; case, blanks and dashes don't matter.
	Code string
}

// SeatRequest is a reservation that is asked for.
type SeatRequest struct {
	Reservation
	Access Access
}

// refuses says why somebody without a slot may not have a free one, or nil. It is the
// one place where that is decided, whoever asks in whatever way.
func (r *roster) refuses(a *Access) *Refusal {
	switch {
	case a.Granted:
		return nil
	case r.private && a.Match != r.id && (r.code == "" || plainCode(a.Code) != r.code):
		return ErrPrivate
	case r.reservedOnly:
		return ErrReservedOnly
	}
	return nil
}

// plainCode is a code as it was made: case, blanks and dashes don't matter.
func plainCode(code string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(code))
}
