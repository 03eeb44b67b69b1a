package server

import (
	"time"

	"arbiter/game"
	"arbiter/netcode"
)

// This file is what a match does about the players it was ordered for: those
// who don't come, those who leave, and those who are still looked for.

// expire gives up the reservations whose time is over.
func (m *match) expire(now time.Duration) {
	for _, p := range m.door.lapse(now) {
		m.log.Debug("reservation lapses", "subject", p.Subject)
		m.tell(MatchEvent{Kind: Lapsed, Subject: p.Subject})
		if p.first && m.order.Unclaimed == Dissolve && m.ended == nil {
			m.ended = &ending{code: netcode.CodeMatchFinished, why: "dissolved",
				reason: "The match was called off because a player did not come."}
		}
	}
}

// listen hears whether the rules want players.
func (m *match) listen() {
	wish := int32(0)
	if n, said := m.sim.Wanted(); said {
		wish = int32(n) + 1
	}
	if wish != m.wish.Load() {
		m.wish.Store(wish)
		m.door.changed.Store(true)
	}
}

// callForPlayers tells when the number of players wanted has changed.
func (m *match) callForPlayers() {
	if !m.door.changed.Swap(false) {
		return
	}
	if n := m.wanted(m.door.crowd()); n != m.told {
		m.told = n
		m.tell(MatchEvent{Kind: Wants, Wanted: n})
	}
}

// maxDeparted bounds how many of those who left a match remembers for its
// result; it forgets the earliest first.
const maxDeparted = 256

// depart remembers a player whose seat is given up.
func (m *match) depart(s *seat) {
	why := "away"
	if s.left {
		why = "left"
	}
	m.tell(MatchEvent{Kind: Freed, Subject: s.subject, Why: why})
	if len(m.departed) == maxDeparted {
		m.departed = append(m.departed[:0], m.departed[1:]...)
	}
	m.departed = append(m.departed, s.scored())
}

func (s *seat) scored() PlayerScore {
	return PlayerScore{Subject: s.subject, Number: s.who.ID, Team: s.who.Team, Role: s.who.Role}
}

// report tells those who asked how the match finished.
func (m *match) report(r *game.Result) {
	res := m.result(r)
	m.tell(MatchEvent{Kind: Finished, Result: res})
	if m.core.hook == nil {
		return
	}
	body, err := marshal(resultDoc{"finished-" + m.id, string(Finished), m.id, m.game.name, m.began.UTC(), time.Now().UTC(), m.sim.Tick(), res})
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
			return s.scored()
		}
	}
	for i := len(m.departed) - 1; i >= 0; i-- {
		if m.departed[i].Number == id {
			return m.departed[i]
		}
	}
	return PlayerScore{Number: id}
}
