package server

import (
	"crypto/rand"
	"fmt"
	"net/url"
	"strings"
	"time"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
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
		return Placement{}, err
	}
	return Placement{Match: m.id, Code: m.code, Seats: seats}, nil
}

func (s *Server) begin(o MatchOrder, base string) (*match, []httpapi.SeatGrant, error) {
	g := s.core.games[o.Game]
	if g == nil {
		return nil, nil, s.noGame(o.Game)
	}
	o, err := o.filled(g)
	if err != nil {
		return nil, nil, err
	}
	m := newMatch(s.core, g, newMatchID(), o)
	until := m.keptUntil(o.Hold)
	seats, ids, err := s.grant(m, o.Seats, until, base)
	if err != nil {
		return nil, nil, err
	}
	m.roster.reserveOrdered(o.Seats, ids, until)
	return m, seats, s.core.lobby.open(m)
}

// Reserve keeps seats of a running match, or none of them. A hold of zero means
// 30 s. A player who has a seat, or a reservation, keeps it and gets another
// token for it. Its errors are of type *[httpapi.Problem]: bad_order,
// no_such_match, match_full, match_over, draining, overloaded, no_signing_key.
func (s *Server) Reserve(match string, seats []Reservation, hold time.Duration) (Placement, error) {
	m := s.core.lobby.find(match)
	if m == nil {
		return Placement{}, errNoMatch
	}
	grants, err := s.reserve(m, seats, hold, s.base)
	if err != nil {
		return Placement{}, err
	}
	return Placement{Match: m.id, Code: m.code, Seats: grants}, nil
}

func (s *Server) reserve(m *match, seats []Reservation, hold time.Duration, base string) ([]httpapi.SeatGrant, error) {
	hold, err := holdOf(hold)
	if err != nil {
		return nil, err
	}
	check := MatchOrder{Seats: seats}
	setup := check.setup()
	if err := checkSeats(seats); err != nil {
		return nil, err
	} else if err := setup.Check(m.order.Size); err != nil {
		return nil, badOrder("seats", err.Error())
	}
	if m.asksForNewSlots(seats) && s.core.refuses(refuseConnections, "seat") {
		return nil, errOverloaded
	}
	until := m.keptUntil(hold)
	grants, ids, err := s.grant(m, seats, until, base)
	if err != nil {
		return nil, err
	}
	if err := m.roster.reserve(seats, ids, until); err != nil {
		return nil, err
	}
	for i := range grants { // those who were there keep what they had
		if p, ok := m.roster.slotOf(grants[i].Player); ok {
			grants[i].Team, grants[i].Role = p.Team, p.Role
		}
	}
	return grants, nil
}

// Release gives the seat of somebody back who has not come. A match that his
// absence dissolves ends at once, as if his time were over. Otherwise Release
// does nothing.
func (s *Server) Release(match, subject string) {
	m := s.core.lobby.find(match)
	if m == nil || m.order.Unclaimed == Dissolve && m.roster.expire(subject) {
		return
	}
	if m.roster.release(subject) {
		m.publish(MatchEvent{Kind: Freed, Subject: subject, Why: "released"})
	}
}

// keptUntil is when a hold that begins now ends, on a whole second of the
// wall clock because that is how tokens tell time.
func (m *match) keptUntil(hold time.Duration) time.Duration {
	end := m.now() + hold
	wall := m.began.Add(end)
	return end + wall.Truncate(time.Second).Add(time.Second).Sub(wall)
}

// grant mints the join tokens of seats.
func (s *Server) grant(m *match, seats []Reservation, until time.Duration, base string) (grants []httpapi.SeatGrant, ids []string, err error) {
	if len(seats) > 0 && s.signer == nil {
		return nil, nil, problemNoSigningKey.New("seats cannot be reserved, because this server has no key to sign join tokens with: give it a secret or private key")
	}
	by := m.began.Add(until).Round(time.Second)
	for i := range seats {
		r := &seats[i]
		id := strings.ToLower(rand.Text()[:16])
		token, err := s.signer.Mint(auth.Claims{Subject: r.Subject, Name: r.Name, Team: r.Team, Match: m.id,
			ID: id, JoinBy: by, Expiry: time.Now().Add(joinLife)})
		if err != nil {
			return nil, nil, badOrder(fmt.Sprintf("seats[%d]", i), strings.TrimPrefix(err.Error(), "auth: "))
		}
		ids = append(ids, id)
		grants = append(grants, httpapi.SeatGrant{Match: m.id, Game: m.game.name, URL: seatURL(base, m), Player: r.Subject,
			Team: r.Team, Role: r.Role, Token: token, Expires: by.UTC()})
	}
	return grants, ids, nil
}

func seatURL(base string, m *match) string {
	return base + playPath + "?" + url.Values{"game": {m.game.name}, "match": {m.id}}.Encode()
}
