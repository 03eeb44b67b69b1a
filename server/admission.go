package server

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"arbiter/server/auth"
	"arbiter/server/transport"
)

const playPath = "/play"

// admission is what a request for /play asked for and its token allows.
type admission struct {
	claims   auth.Claims
	game     *hostedGame // nil: the server has no such game
	match    string      // id; empty: any
	spectate bool
}

// admit judges a request for a WebSocket. What a client can do nothing about
// but fix its program or get a token is refused here. What depends on the
// moment (no such match, full, draining) is answered after the upgrade by a
// close code, which browsers, unlike a status, show to the page.
func (s *Server) admit(r *transport.Request) (*admission, *transport.Refusal) {
	if r.Path != playPath {
		return nil, refusal(404, codeNoPath, "WebSockets are served at /play?game=NAME only")
	}
	query, err := url.ParseQuery(r.Query)
	if err != nil {
		return nil, refusal(400, codeBadQuery, "the query is not properly escaped: write it as game=NAME&match=ID")
	}
	claims, err := s.verifier.Verify(auth.FromRequest(r.Authorization, r.Query, r.Protocols))
	if err != nil {
		return nil, unauthorized(err)
	}
	a := &admission{claims: claims, match: query.Get("match"), spectate: query.Get("spectate") == "1"}
	name := query.Get("game")
	if name == "" {
		return nil, refusal(400, "no_game", "say which game: /play?game=NAME, one of "+strings.Join(s.core.gameNames(), ", "))
	}
	a.game = s.core.games[name]
	if claims.Match != "" {
		if a.match != "" && a.match != claims.Match {
			return nil, refusal(403, codeOtherMatch, "the token is for another match: leave match out of the query, or get a token for this one")
		}
		a.match = claims.Match
	}
	return a, nil
}

func unauthorized(err error) *transport.Refusal {
	p := toProblem(err)
	r := &transport.Refusal{Status: p.Status(), Code: p.Code, Title: typeOf(p.Code).Title, Message: p.Detail, Header: p.header}
	if refused := (*auth.Error)(nil); errors.As(err, &refused) {
		r.Code = refused.Code
	}
	return r
}

// problemRefusal is an answer of the API as the transport gives it.
func problemRefusal(p *Problem) *transport.Refusal {
	r := refusal(p.Status(), p.Code, p.Detail)
	if p.RetryAfter > 0 {
		r.Header = http.Header{"Retry-After": {strconv.Itoa(p.retrySeconds())}}
	}
	return r
}

func refusal(status int, code, message string) *transport.Refusal {
	return &transport.Refusal{Status: status, Code: code, Title: typeOf(code).Title, Message: message}
}

// host is the server as the transport sees it.
type host struct{ *Server }

// Upgrade implements [transport.Host].
func (h host) Upgrade(r *transport.Request) (any, *transport.Refusal) {
	a, refused := h.admit(r)
	if refused != nil {
		return nil, refused
	}
	// Whoever resumes names the match that he has a seat in.
	if h.core.overload.current() == refuseConnections && !h.core.lobby.hasSlot(a) && h.core.refuses(refuseConnections, "connection") {
		return nil, problemRefusal(errOverloaded)
	}
	return a, nil
}

// Opened implements [transport.Host].
func (h host) Opened(c *transport.Conn, accept any) transport.Receiver {
	return newSession(h.core, c, accept.(*admission))
}
