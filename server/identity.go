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

// actsFor is the player that a request is for: the one who makes it, or whom a
// service names.
func actsFor(c *auth.Claims, player, name string) (Reservation, error) {
	if !c.Service && (player != "" && player != c.Subject || name != "") {
		return Reservation{}, httpapi.ServiceOnly.New("only services act for other players: leave player and name out")
	}
	if !c.Service {
		return Reservation{Subject: c.Subject, Name: c.Name, Team: c.Team}, nil
	}
	if player == "" {
		return Reservation{}, httpapi.BadJSON.At("player", "is missing", "a service names the player it acts for")
	}
	return Reservation{Subject: player, Name: name}, nil
}
