package server

import (
	"errors"
	"time"

	"arbiter/server/auth"
	"arbiter/server/match"
)

// tokens implements [match.Tokens]: the verifier and the revocations, for
// sessions that run.
type tokens struct{ server *Server }

// Verify implements [match.Tokens].
func (t tokens) Verify(token string) (match.Claims, string) {
	claims, err := t.server.verifier.Verify(token)
	if err == nil {
		return claimsOf(claims), ""
	}
	if refused := (*auth.Error)(nil); errors.As(err, &refused) {
		return match.Claims{}, refused.Code
	}
	return match.Claims{}, auth.ErrMalformed.Code
}

// Revoked implements [match.Tokens].
func (t tokens) Revoked(subject, tokenID string) bool {
	return t.server.revoked.Refuses(time.Now(), subject, tokenID)
}

// claimsOf is what the engine needs of a token's claims.
func claimsOf(c auth.Claims) match.Claims {
	return match.Claims{Subject: c.Subject, Name: c.Name, Team: c.Team, Match: c.Match, ID: c.ID,
		Expiry: c.Expiry, JoinBy: c.JoinBy, Service: c.Service}
}
