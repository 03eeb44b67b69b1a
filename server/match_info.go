package server

import "arbiter/game"

// MatchInfo is what the server knows of a running match from outside its loop.
type MatchInfo struct {
	ID, Game   string
	State      string // open, full or closed to those without a reservation
	Private    bool
	Code       string // enters a private match; empty for others
	Backfill   bool
	Players    int // who have come
	Reserved   int // seats kept for others
	MaxPlayers int // seats
	Spectators int
	Wanted     int // players looked for
	Tick       game.Tick
	Seated     []Seated // in order of their subjects
}

// Seated is somebody with a seat, or with a reservation.
type Seated struct {
	Subject string `json:"player"`
	Team    string `json:"team,omitempty"`
	Role    string `json:"role,omitempty"`
	Claimed bool   `json:"claimed"` // he has come
}

// Matches returns all running matches, private ones too, in order of their ids.
func (s *Server) Matches() []MatchInfo {
	var list []MatchInfo
	for _, m := range s.core.lobby.byID() {
		list = append(list, m.info())
	}
	return list
}

// Match returns the match of that id, if it runs here.
func (s *Server) Match(id string) (MatchInfo, bool) {
	if m := s.core.lobby.find(id); m != nil {
		return m.info(), true
	}
	return MatchInfo{}, false
}

func (m *match) info() MatchInfo {
	c := m.roster.occupancy()
	tick, _ := m.clock.read(0)
	return MatchInfo{
		ID: m.id, Game: m.game.name, State: m.state(c),
		Private: m.order.Private, Code: m.code, Backfill: m.order.Backfill,
		Players: c.players, Reserved: c.reserved, MaxPlayers: m.order.Size, Spectators: c.spectators,
		Wanted: m.wantedPlayers(c), Tick: tick, Seated: m.roster.members(),
	}
}

// The states of a match as HTTP names them.
const (
	stateOpen   = "open"
	stateFull   = "full"
	stateClosed = "closed"
)

func (m *match) state(c occupancy) string {
	switch {
	case c.closed || m.order.Closed:
		return stateClosed
	case c.free == 0:
		return stateFull
	}
	return stateOpen
}

// wantedPlayers is how many players are looked for: what the rules asked for, or
// what the order said, but no more than there are free seats.
func (m *match) wantedPlayers(c occupancy) int {
	n := 0
	if m.order.Backfill {
		n = c.free
	}
	if wish := m.playersWanted.Load(); wish > 0 { // one more than what the rules said
		n = int(wish) - 1
	}
	if c.closed {
		return 0
	}
	return min(n, c.free)
}
