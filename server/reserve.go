package server

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"time"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/match"
)

// joinLife is how long a join token serves for coming back to its seat.
const joinLife = 12 * time.Hour

// Placement is where those are to go for whom seats were reserved.
type Placement struct {
	Match string
	Code  string // enters the match, if it is private
	Seats []httpapi.SeatGrant
}

// Begin begins a match and keeps its seats. Its errors are of type
// *[httpapi.Problem]: bad_order, no_such_game, draining, too_many_matches,
// overloaded, no_signing_key.
func (s *Server) Begin(o MatchOrder) (Placement, error) {
	m, seats, err := s.begin(o, s.base)
	if err != nil {
		return Placement{}, problemOf(err)
	}
	return Placement{Match: m.ID(), Code: m.Code(), Seats: seats}, nil
}

// begin begins a match. The addresses of its seats begin with base.
func (s *Server) begin(o MatchOrder, base string) (*match.Match, []httpapi.SeatGrant, error) {
	if s.engine.Game(o.Game) == nil {
		return nil, nil, s.noGame(o.Game)
	}
	grants := seatGrants{server: s, base: base}
	m, err := s.engine.Begin(o, grants.mint)
	return m, grants.list, err
}

// Reserve keeps seats of a running match, or none of them. Who has none there yet needs
// the access that the match asks for. A hold of zero means
// 30 s. A player who has a seat, or a reservation, keeps it and gets another
// token for it. Its errors are of type *[httpapi.Problem]: bad_order,
// no_such_match, match_full, match_closed, bad_join_code, match_over, draining,
// overloaded, no_signing_key.
func (s *Server) Reserve(match string, seats []SeatRequest, hold time.Duration) (Placement, error) {
	m := s.engine.Find(match)
	if m == nil {
		return Placement{}, errNoMatch
	}
	grants, err := s.reserve(m, seats, hold, s.base)
	if err != nil {
		return Placement{}, problemOf(err)
	}
	return Placement{Match: m.ID(), Code: m.Code(), Seats: grants}, nil
}

// reserve keeps seats of m. Its errors are the engine's or problems.
func (s *Server) reserve(m *match.Match, seats []SeatRequest, hold time.Duration, base string) ([]httpapi.SeatGrant, error) {
	grants := seatGrants{server: s, base: base}
	if err := s.engine.Reserve(m, seats, hold, grants.mint); err != nil {
		return nil, err
	}
	for i := range grants.list { // those who were there keep what they had
		g := &grants.list[i]
		if r, ok := m.Slot(g.Player); ok {
			g.Team, g.Role = r.Team, r.Role
		}
	}
	return grants.list, nil
}

// Release gives up the reservation of a player who has not come. A match that
// their absence dissolves ends at once, as if their time were over. Otherwise
// Release does nothing.
func (s *Server) Release(match, subject string) { s.engine.Release(match, subject) }

// seatGrants mints the join tokens of seats, and lists where their players go.
type seatGrants struct {
	server *Server
	base   string // of the addresses of the seats
	list   []httpapi.SeatGrant
}

// mint implements [match.Mint].
func (g *seatGrants) mint(m *match.Match, seats []Reservation, by time.Time) (ids []string, err error) {
	if len(seats) > 0 && g.server.signer == nil {
		return nil, problemNoSigningKey.New("seats cannot be reserved, because this server has no key to sign join tokens with: give it a secret or private key")
	}
	for i := range seats {
		r := &seats[i]
		id := strings.ToLower(rand.Text()[:16])
		token, err := g.server.signer.Mint(auth.Claims{Subject: r.Subject, Name: r.Name, Team: r.Team, Match: m.ID(),
			ID: id, JoinBy: by, Expiry: time.Now().Add(joinLife)})
		if err != nil {
			return nil, &match.OrderError{Where: fmt.Sprintf("seats[%d]", i), Detail: strings.TrimPrefix(err.Error(), "auth: ")}
		}
		ids = append(ids, id)
		g.list = append(g.list, httpapi.SeatGrant{Match: m.ID(), Game: m.Game().Name(), URL: seatURL(g.base, m), Player: r.Subject,
			Team: r.Team, Role: r.Role, Token: token, Expires: by.UTC()})
	}
	return ids, nil
}

func seatURL(base string, m *match.Match) string {
	return base + playPath + "?" + url.Values{"game": {m.Game().Name()}, "match": {m.ID()}}.Encode()
}
