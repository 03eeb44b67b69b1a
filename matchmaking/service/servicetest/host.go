// Package servicetest has a [service.Host] in memory, for tests of matchmaking
// services: it keeps matches and their seats, and runs no game.
package servicetest

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"arbiter/matchmaking/service"
	"arbiter/server/httpapi"
)

// Host is a [service.Host]. The zero value accepts any match. It is safe for
// concurrent use; set the exported fields before the first call.
type Host struct {
	// MaxMatches bounds the matches that run. Zero: no bound.
	MaxMatches int
	// MaxPlayers is the number of seats of a match. Zero: 64.
	MaxPlayers int
	// Refuse, if set, is called before each Begin and Join; its error is returned.
	Refuse func(o service.MatchRequest) error

	mu      sync.Mutex
	matches map[string]*Match // guarded by mu
	begun   int               // guarded by mu
}

// Match is a running match.
type Match struct {
	ID     string
	Order  service.MatchRequest // of Begin; zero if made by Add
	Seats  []service.Seat       // players in the match or with a reserved seat
	Wanted int
	Free   int
}

// Begin implements [service.Host].
func (h *Host) Begin(o service.MatchRequest) (service.Placement, error) {
	if h.Refuse != nil {
		if err := h.Refuse(o); err != nil {
			return service.Placement{}, err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.MaxMatches > 0 && len(h.matches) >= h.MaxMatches {
		return service.Placement{}, fmt.Errorf("%d matches run: %w", len(h.matches), service.ErrNoRoom)
	}
	m := h.addLocked(o)
	return h.seatLocked(m, o.Seats)
}

func (h *Host) addLocked(o service.MatchRequest) *Match {
	if h.matches == nil {
		h.matches = map[string]*Match{}
	}
	free := h.MaxPlayers
	if free == 0 {
		free = 64
	}
	h.begun++
	m := &Match{ID: fmt.Sprintf("match-%d", h.begun), Order: o, Free: free}
	h.matches[m.ID] = m
	return m
}

func (h *Host) seatLocked(m *Match, seats []service.Seat) (service.Placement, error) {
	if len(seats) > m.Free {
		return service.Placement{}, fmt.Errorf("match %s has %d seats: %w", m.ID, m.Free, service.ErrNoRoom)
	}
	out := service.Placement{Match: m.ID}
	for _, s := range seats {
		if !slices.ContainsFunc(m.Seats, func(o service.Seat) bool { return o.Player == s.Player }) { // else the player keeps the seat
			m.Free--
			m.Wanted = max(0, m.Wanted-1)
			m.Seats = append(m.Seats, s)
		}
		out.Seats = append(out.Seats, httpapi.SeatGrant{
			Match: m.ID, Game: m.Order.Game, URL: "ws://host/play?match=" + m.ID, Player: s.Player, Team: s.Team, Role: s.Role,
			Token: "token-" + m.ID + "-" + s.Player, Expires: time.Now().Add(m.Order.Hold),
		})
	}
	return out, nil
}

// Join implements [service.Host].
func (h *Host) Join(match string, o service.MatchRequest) (service.Placement, error) {
	if h.Refuse != nil {
		if err := h.Refuse(o); err != nil {
			return service.Placement{}, err
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	m := h.matches[match]
	if m == nil {
		return service.Placement{}, errors.New("servicetest: the match has ended")
	}
	return h.seatLocked(m, o.Seats)
}

// Release implements [service.Host].
func (h *Host) Release(match, player string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if m := h.matches[match]; m != nil {
		n := len(m.Seats)
		m.Seats = slices.DeleteFunc(m.Seats, func(s service.Seat) bool { return s.Player == player })
		m.Free += n - len(m.Seats)
	}
}

// Open implements [service.Host].
func (h *Host) Open(game string) []service.OpenMatch {
	var list []service.OpenMatch
	for _, m := range h.Matches() {
		if m.Order.Game == game {
			list = append(list, service.OpenMatch{ID: m.ID, Wanted: m.Wanted, Free: m.Free, Seated: m.Seats})
		}
	}
	return list
}

// Matches returns the running matches, in the order they began.
func (h *Host) Matches() []Match {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []Match
	for _, m := range h.matches {
		copied := *m
		copied.Seats = slices.Clone(m.Seats)
		list = append(list, copied)
	}
	slices.SortFunc(list, func(a, b Match) int {
		return strings.Compare(fmt.Sprintf("%20s", a.ID), fmt.Sprintf("%20s", b.ID))
	})
	return list
}

// Add begins a match without a request, such as a private one.
func (h *Host) Add(game string) (id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.addLocked(service.MatchRequest{Game: game}).ID
}

// Want makes a match ask for so many players.
func (h *Host) Want(match string, players int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.matches[match].Wanted = players
}

// End ends a match.
func (h *Host) End(match string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.matches, match)
}

// Authenticate is a [service.Authenticator] for tokens "player:ann" and
// "service:shop".
func Authenticate(r *http.Request) (service.Identity, error) {
	token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	kind, name, ok := strings.Cut(token, ":")
	if !ok || kind != "player" && kind != "service" || name == "" {
		return service.Identity{}, errors.New("servicetest: send the token player:NAME or service:NAME")
	}
	return service.Identity{Player: name, Name: "The " + name, Service: kind == "service"}, nil
}
