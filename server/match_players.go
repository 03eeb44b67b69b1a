package server

import (
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/server/httpapi"
)

// expireReservations gives up the reservations whose time is over.
func (m *match) expireReservations(now time.Duration) {
	for _, p := range m.roster.removeExpired(now) {
		m.log.Debug("reservation lapses", "subject", p.Subject)
		m.publish(MatchEvent{Kind: Lapsed, Subject: p.Subject})
		if p.ordered && m.order.Unclaimed == Dissolve && m.ended == nil {
			m.ended = &ending{code: netcode.CodeMatchFinished, why: "dissolved",
				reason: "The match was called off because a player did not come."}
		}
	}
}

// readWanted hears whether the rules want players.
func (m *match) readWanted() {
	wish := int32(0)
	if n, said := m.sim.Wanted(); said {
		wish = int32(n) + 1
	}
	if wish != m.playersWanted.Load() {
		m.playersWanted.Store(wish)
		m.roster.changed.Store(true)
	}
}

// publishWanted tells when the number of players wanted has changed.
func (m *match) publishWanted() {
	if !m.roster.changed.Swap(false) {
		return
	}
	if n := m.wantedPlayers(m.roster.occupancy()); n != m.publishedWanted {
		m.publishedWanted = n
		m.publish(MatchEvent{Kind: Wants, Wanted: n})
	}
}

// maxDeparted bounds how many of those who left a match remembers for its
// result; it forgets the earliest first.
const maxDeparted = 256

// recordDeparture remembers a player whose seat is given up.
func (m *match) recordDeparture(s *seat) {
	why := "away"
	if s.left {
		why = "left"
	}
	m.publish(MatchEvent{Kind: Freed, Subject: s.subject, Why: why})
	if len(m.departed) == maxDeparted {
		m.departed = append(m.departed[:0], m.departed[1:]...)
	}
	m.departed = append(m.departed, s.score())
}

func (s *seat) score() PlayerScore {
	return PlayerScore{Subject: s.subject, Number: s.who.ID, Team: s.who.Team, Role: s.who.Role}
}

// publishResult tells those who asked how the match finished.
func (m *match) publishResult(r *game.Result) {
	res := m.result(r)
	m.publish(MatchEvent{Kind: Finished, Result: res})
	if m.core.hook == nil {
		return
	}
	body, err := httpapi.Marshal(resultDoc{"finished-" + m.id, string(Finished), m.id, m.game.name, m.began.UTC(), time.Now().UTC(), m.sim.Tick(), res})
	if err != nil {
		m.log.Error("the result is not reported", "error", err) // not reached: texts and numbers
		return
	}
	m.core.hook.Send("finished-"+m.id, body)
}

// resultDoc is the body of a webhook.
type resultDoc struct {
	ID     string       `json:"id"` // of the delivery
	Event  string       `json:"event"`
	Match  string       `json:"match"`
	Game   string       `json:"game"`
	Began  time.Time    `json:"began"`
	At     time.Time    `json:"at"`
	Ticks  game.Tick    `json:"ticks"`
	Result *MatchResult `json:"result"`
}

// result is the rules' result in terms of those who played.
func (m *match) result(r *game.Result) *MatchResult {
	res := &MatchResult{Reason: r.Reason, Scores: make([]PlayerScore, 0, len(r.Scores))}
	for _, score := range r.Scores {
		p := m.scoreOf(score.Player)
		p.Points = score.Points
		res.Scores = append(res.Scores, p)
	}
	return res
}

func (m *match) scoreOf(id game.PlayerID) PlayerScore {
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

// players describes the seats. The match's loop calls it.
func (m *match) players() []playerDoc {
	list := make([]playerDoc, 0, len(m.seats))
	for _, s := range m.seats {
		m.countInputs(s)
		doc := playerDoc{Match: m.id, Player: s.who.ID, Subject: s.subject, Name: s.who.Name, Inputs: s.counts}
		if s.session != nil {
			doc.Connected, doc.Address = true, s.session.conn.RemoteAddr().String()
			doc.RTT = float64(s.feed.RTT()) / float64(time.Millisecond)
		}
		list = append(list, doc)
	}
	return list
}
