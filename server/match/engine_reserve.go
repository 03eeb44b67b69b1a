package match

import "time"

// Mint makes the join tokens of seats that are kept until by. It returns their
// ids, one for each seat. Its error is returned as it is.
type Mint func(m *Match, seats []Reservation, by time.Time) (ids []string, err error)

// Begin begins a match and keeps the seats of its order. It fails with ErrNoGame,
// an *[OrderError], an error of mint, ErrDraining, ErrTooManyMatches,
// ErrOwnMatches or ErrOverloaded.
func (e *Engine) Begin(o Order, mint Mint) (*Match, error) {
	g := e.games[o.Game]
	if g == nil {
		return nil, ErrNoGame
	}
	o, err := o.filled(g)
	if err != nil {
		return nil, err
	}
	m := newMatch(e, g, newMatchID(), o)
	until := m.keptUntil(o.Hold)
	ids, err := mint(m, o.Seats, m.wall(until))
	if err != nil {
		return nil, err
	}
	m.roster.reserveOrdered(o.Seats, ids, until)
	return m, e.lobby.open(m)
}

// Reserve keeps seats of a running match, or none of them: who has none in it yet
// needs the access that the match asks for. A hold of zero means
// 30 s. Players who have a seat or a reservation keep it and get another token
// for it. It fails with an *[OrderError], an error of mint, ErrFull, ErrPrivate,
// ErrReservedOnly, ErrOver, ErrDraining or ErrOverloaded.
func (e *Engine) Reserve(m *Match, requests []SeatRequest, hold time.Duration, mint Mint) error {
	hold, err := holdOf(hold)
	if err != nil {
		return err
	}
	seats := make([]Reservation, len(requests))
	for i := range requests {
		seats[i] = requests[i].Reservation
	}
	check := Order{Seats: seats}
	setup := check.setup()
	if err := checkSeats(seats); err != nil {
		return err
	} else if err := setup.Check(m.order.Size); err != nil {
		return &OrderError{"seats", err.Error()}
	}
	if m.asksForNewSlots(seats) && e.refuses(refuseConnections, "seat") {
		return ErrOverloaded
	}
	until := m.keptUntil(hold)
	ids, err := mint(m, seats, m.wall(until))
	if err != nil {
		return err
	}
	return m.roster.reserve(requests, ids, until)
}

// Release gives up the reservation of a player who has not come. A match that
// their absence dissolves ends at once, as if their time were over. Otherwise
// Release does nothing.
func (e *Engine) Release(match, subject string) {
	m := e.lobby.find(match)
	if m == nil || m.order.Unclaimed == Dissolve && m.roster.expire(subject) {
		return
	}
	if m.roster.release(subject) {
		m.publish(Event{Kind: Freed, Subject: subject, Why: "released"})
	}
}

// keptUntil is when a hold that begins now ends, on a whole second of the
// wall clock because that is how tokens tell time.
func (m *Match) keptUntil(hold time.Duration) time.Duration {
	end := m.now() + hold
	wall := m.began.Add(end)
	return end + wall.Truncate(time.Second).Add(time.Second).Sub(wall)
}

// wall is a time of the match that is a whole second of the wall clock.
func (m *Match) wall(at time.Duration) time.Time { return m.began.Add(at).Round(time.Second) }

// asksForNewSlots reports whether slots are asked for that are not there yet.
func (m *Match) asksForNewSlots(list []Reservation) bool {
	for i := range list {
		if _, known := m.roster.slotOf(list[i].Subject); !known {
			return true
		}
	}
	return false
}
