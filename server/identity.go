package server

import (
	"net/http"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
)

// Identify returns what the token of a request says. Its errors are of type
// *[httpapi.Problem]: a token that is missing or refused, or a join token, which
// only enters its match.
func (s *Server) Identify(r *http.Request) (auth.Claims, error) {
	claims, err := s.verifier.Verify(auth.FromRequest(r.Header.Get("Authorization"), r.URL.RawQuery, nil))
	if err != nil {
		return claims, problemOf(err)
	}
	if !claims.JoinBy.IsZero() {
		return claims, problemJoinToken.New("a join token only enters its match: use your player token here")
	}
	return claims, nil
}

// identifyService is Identify for what only services may do.
func (s *Server) identifyService(r *http.Request) (auth.Claims, error) {
	claims, err := s.Identify(r)
	if err == nil && !claims.Service {
		err = httpapi.ServiceOnly.New("this is for services: use a token with the claim service")
	}
	return claims, err
}

// boundElsewhere refuses a token that is for another match than this one.
func boundElsewhere(c *auth.Claims, match string) error {
	if c.Match != "" && c.Match != match {
		return problemOtherMatch.New("the token is for another match: use one that is for any")
	}
	return nil
}

// reservationFor is for the player whom a request is for.
func reservationFor(c *auth.Claims, o httpapi.OnBehalf) (Reservation, error) {
	player, err := o.PlayerFor(c.Subject, c.Service)
	switch {
	case err != nil:
		return Reservation{}, err
	case c.Service:
		return Reservation{Subject: player, Name: o.Name}, nil
	}
	return Reservation{Subject: player, Name: c.Name, Team: c.Team}, nil
}
