package server

import (
	"errors"
	"net/url"
	"strings"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/match"
	"arbiter/server/transport"
)

const playPath = "/play"

// admit judges a request for a WebSocket. What a client can do nothing about
// but fix its program or get a token is refused here. What depends on the
// moment (no such match, full, draining) is answered after the upgrade by a
// close code, which browsers, unlike a status, show to the page.
func (s *Server) admit(r *transport.Request) (*match.Admission, *transport.Refusal) {
	if withoutPrefix(s.prefix, r.Path) != playPath {
		return nil, refusal(httpapi.NoSuchPath, "WebSockets are served at /play?game=NAME only")
	}
	query, err := url.ParseQuery(r.Query)
	if err != nil {
		return nil, refusal(httpapi.BadQuery, "the query is not properly escaped: write it as game=NAME&match=ID")
	}
	claims, err := s.verifier.Verify(auth.FromRequest(r.Authorization, r.Query, r.Protocols))
	if err != nil {
		return nil, unauthorized(err)
	}
	a := &match.Admission{Claims: claimsOf(claims), Match: query.Get("match"), Spectate: query.Get("spectate") == "1"}
	name := query.Get("game")
	if name == "" {
		return nil, refusal(problemNoGame, "say which game: /play?game=NAME, one of "+strings.Join(s.engine.GameNames(), ", "))
	}
	a.Game = s.engine.Game(name)
	if claims.Match != "" {
		if a.Match != "" && a.Match != claims.Match {
			return nil, refusal(problemOtherMatch, "the token is for another match: leave match out of the query, or get a token for this one")
		}
		a.Match = claims.Match
	}
	return a, nil
}

func unauthorized(err error) *transport.Refusal {
	r := problemRefusal(problemOf(err))
	if refused := (*auth.Error)(nil); errors.As(err, &refused) {
		r.Code = refused.Code
	}
	return r
}

// problemRefusal is a problem of the API as the transport answers with it.
func problemRefusal(p *httpapi.Problem) *transport.Refusal {
	return &transport.Refusal{Status: p.Type.Status, Code: p.Type.Code, Title: p.Type.Title, Message: p.Detail, Header: p.Headers()}
}

func refusal(t httpapi.Type, message string) *transport.Refusal {
	return problemRefusal(t.New("%s", message))
}

// host is the server as the transport sees it.
type host struct{ *Server }

// Upgrade implements [transport.Host].
func (h host) Upgrade(r *transport.Request) (any, *transport.Refusal) {
	a, refused := h.admit(r)
	if refused != nil {
		return nil, refused
	}
	// Who resumes names the match that they have a seat in.
	if h.engine.RefusesConnection(a) {
		return nil, problemRefusal(errOverloaded)
	}
	return a, nil
}

// Opened implements [transport.Host].
func (h host) Opened(c *transport.Conn, accept any) transport.Receiver {
	return h.engine.Open(c, accept.(*match.Admission))
}

// The room that sessions leave in front of a payload is what connections need.
var _ [match.HeaderRoom]byte = [transport.HeaderRoom]byte{}
