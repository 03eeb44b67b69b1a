package match

import (
	"context"
	"time"

	"arbiter/game"
)

// Info is what is known of a running match from outside its loop.
type Info struct {
	ID, Game     string
	State        string // open, full or closed to those without a reservation
	Private      bool
	ReservedOnly bool   // entered by a reservation only
	Code         string // enters a private match; empty for others
	Backfill     bool
	Players      int // who have come
	Reserved     int // seats kept for others
	MaxPlayers   int // seats
	Spectators   int
	Wanted       int // players looked for
	Tick         game.Tick
	Seated       []Seated // in order of their subjects
}

// Seated is somebody with a seat, or with a reservation.
type Seated struct {
	Subject string `json:"player"`
	Team    string `json:"team,omitempty"`
	Role    string `json:"role,omitempty"`
	Claimed bool   `json:"claimed"` // they have come
}

// ID names the match. It can be passed on to friends, but not be guessed.
func (m *Match) ID() string { return m.id }

// Game is the match's game.
func (m *Match) Game() *Game { return m.game }

// Private reports whether the match is entered by a reservation, a code, or a
// token for it only.
func (m *Match) Private() bool { return m.order.Private }

// ReservedOnly reports whether the match is entered by a reservation only.
func (m *Match) ReservedOnly() bool { return m.order.Closed }

// Code enters the match if it is private; it is empty for others.
func (m *Match) Code() string { return m.code }

// HasCode reports whether the match is private and this is its code, whose case,
// blanks and dashes don't matter.
func (m *Match) HasCode(code string) bool { return m.code != "" && m.code == plainCode(code) }

// Slot returns the reservation or seat that a player has in the match; ok is
// false without one.
func (m *Match) Slot(subject string) (r Reservation, ok bool) {
	s, ok := m.roster.slotOf(subject)
	return s.Reservation, ok
}

// Info describes the match, but for Seated.
func (m *Match) Info() Info {
	o := m.roster.occupancy()
	tick, _ := m.clock.read(0)
	return Info{
		ID: m.id, Game: m.game.name, State: m.state(o),
		Private: m.order.Private, ReservedOnly: m.order.Closed, Code: m.code, Backfill: m.order.Backfill,
		Players: o.players, Reserved: o.reserved, MaxPlayers: m.order.Size, Spectators: o.spectators,
		Wanted: m.wantedPlayers(o), Tick: tick,
	}
}

// Seated lists who has a seat or a reservation, in order of their subjects.
func (m *Match) Seated() []Seated { return m.roster.members() }

// The states of a match.
const (
	StateOpen   = "open"
	StateFull   = "full"
	StateClosed = "closed"
)

func (m *Match) state(o occupancy) string {
	switch {
	case o.closed || m.order.Closed:
		return StateClosed
	case o.free == 0:
		return StateFull
	}
	return StateOpen
}

// wantedPlayers is how many players are looked for: what the rules asked for, or
// what the order said, but no more than there are free seats.
func (m *Match) wantedPlayers(o occupancy) int {
	n := 0
	if m.order.Backfill {
		n = o.free
	}
	if wanted := m.playersWanted.Load(); wanted > 0 { // one more than what the rules said
		n = int(wanted) - 1
	}
	if o.closed {
		return 0
	}
	return min(n, o.free)
}

// Health is what operators look at in a match that misbehaves.
type Health struct {
	Seed       uint64        // of its random source
	Age        time.Duration // since it began
	InboxDepth int           // messages that the last tick drained
	SinceTick  time.Duration // since the last tick was due
}

// Health describes the match to operators.
func (m *Match) Health() Health {
	_, since := m.clock.read(m.now())
	return Health{Seed: m.seed, Age: m.now(), InboxDepth: int(m.depth.Load()), SinceTick: since}
}

// PlayerInfo is a player as operators see them.
type PlayerInfo struct {
	Player    game.PlayerID
	Subject   string
	Name      string
	Connected bool
	Address   string        // empty if they are not connected
	RTT       time.Duration // 0 if they are not connected, or it is not known yet
	Inputs    InputCounts
}

// Players describes the seats of the match. It waits for the match loop, at most
// 2 s or until ctx ends, and returns nothing if that stands still or has ended.
func (m *Match) Players(ctx context.Context) (list []PlayerInfo) {
	m.callOnLoop(ctx, func() { list = m.players() })
	return list
}

// players describes the seats. The match loop calls it.
func (m *Match) players() []PlayerInfo {
	list := make([]PlayerInfo, 0, len(m.seats))
	for _, s := range m.seats {
		m.countInputs(s)
		p := PlayerInfo{Player: s.who.ID, Subject: s.subject, Name: s.who.Name, Inputs: s.counts}
		if s.session != nil {
			p.Connected, p.Address, p.RTT = true, s.session.conn.RemoteAddr().String(), s.feed.RTT()
		}
		list = append(list, p)
	}
	return list
}
