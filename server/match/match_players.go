package match

import (
	"time"

	"arbiter/game"
	"arbiter/netcode"
)

// expireReservations gives up the reservations whose time is over. It ends a match
// that was ordered with Dissolve.
func (m *Match) expireReservations(now time.Duration) {
	for _, s := range m.roster.removeExpired(now) {
		m.log.Debug("reservation lapses", "subject", s.Subject)
		m.publish(Event{Kind: Lapsed, Subject: s.Subject})
		if s.ordered && m.order.Unclaimed == Dissolve && m.ended == nil {
			m.ended = &ending{code: netcode.CodeMatchFinished, why: "dissolved",
				reason: "The match was called off because a player did not come."}
		}
	}
}

// readWanted reads how many players the rules want, if they say so.
func (m *Match) readWanted() {
	wanted := int32(0)
	if n, said := m.sim.Wanted(); said {
		wanted = int32(n) + 1
	}
	if wanted != m.playersWanted.Load() {
		m.playersWanted.Store(wanted)
		m.roster.changed.Store(true)
	}
}

// publishWanted publishes an event when the number of players wanted has changed.
func (m *Match) publishWanted() {
	if !m.roster.changed.Swap(false) {
		return
	}
	if n := m.wantedPlayers(m.roster.occupancy()); n != m.publishedWanted {
		m.publishedWanted = n
		m.publish(Event{Kind: Wants, Wanted: n})
	}
}

// maxDeparted bounds how many of those who left a match remembers for its
// result; it forgets the earliest first.
const maxDeparted = 256

// recordDeparture remembers a player whose seat is given up.
func (m *Match) recordDeparture(s *seat) {
	why := "away"
	if s.left {
		why = "left"
	}
	m.publish(Event{Kind: Freed, Subject: s.subject, Why: why})
	if len(m.departed) == maxDeparted {
		m.departed = append(m.departed[:0], m.departed[1:]...)
	}
	m.departed = append(m.departed, s.score())
}

func (s *seat) score() PlayerScore {
	return PlayerScore{Subject: s.subject, Number: s.who.ID, Team: s.who.Team, Role: s.who.Role}
}

// publishResult adds the match's result to the event log.
func (m *Match) publishResult(r *game.Result) {
	m.publish(Event{Kind: Finished, Result: m.result(r), Began: m.began, Ticks: m.sim.Tick()})
}

// result is the rules' result in terms of those who played.
func (m *Match) result(r *game.Result) *Result {
	res := &Result{Reason: r.Reason, Scores: make([]PlayerScore, 0, len(r.Scores))}
	for _, score := range r.Scores {
		p := m.scoreOf(score.Player)
		p.Points = score.Points
		res.Scores = append(res.Scores, p)
	}
	return res
}

func (m *Match) scoreOf(id game.PlayerID) PlayerScore {
	for _, s := range m.seats {
		if s.who.ID == id {
			return s.score()
		}
	}
	for i := len(m.departed) - 1; i >= 0; i-- {
		if m.departed[i].Number == id {
			return m.departed[i]
		}
	}
	return PlayerScore{Number: id}
}
