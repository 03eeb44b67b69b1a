package server

import (
	"errors"
	"fmt"
	"testing"

	"arbiter/netcode"
	"arbiter/server/httpapi"
	"arbiter/server/match"
)

// Every refusal of the engine is a problem of the API, also if it is wrapped.
func TestRefusalsAreProblems(t *testing.T) {
	for err, want := range map[error]httpapi.Type{
		match.ErrNoGame:         problemNoSuchGame,
		match.ErrFull:           problemMatchFull,
		match.ErrOver:           problemMatchOver,
		match.ErrDraining:       httpapi.Draining,
		match.ErrTooManyMatches: problemTooManyMatches,
		match.ErrOverloaded:     problemOverloaded,

		&match.SeatsError{Asked: 2, Free: 1}:                 problemMatchFull,
		&match.ClosedError{Code: netcode.CodeServerError}:    problemMatchOver,
		&match.OrderError{Where: "size", Detail: "is wrong"}: problemBadOrder,
	} {
		for _, e := range []error{err, fmt.Errorf("so it is: %w", err)} {
			if got := problemOf(e); !errors.Is(got, want) {
				t.Errorf("%v: %v, want %s", e, got, want.Code)
			}
		}
	}
	if got := problemOf(errors.New("nobody thought of this")); !errors.Is(got, httpapi.Internal) {
		t.Errorf("an unknown error: %v, want the server's fault", got)
	}
}
