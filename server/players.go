package server

import (
	"net/http"
	"time"

	"arbiter/game"
	"arbiter/netcode"
)

// inputCounts is what became of one player's inputs since he took his seat. All
// but applied are neutralised: nobody gains by them, and an honest client causes
// few of late and ahead, none of the others but after a resume.
type inputCounts struct {
	Applied    uint64 `json:"applied"`
	Late       uint64 `json:"late"`       // for a tick that was past: applied in the next free one
	Ahead      uint64 `json:"ahead"`      // too far ahead: brought back to the bound
	Crowded    uint64 `json:"crowded"`    // for a tick that had one already: applied in the next free one
	Replayed   uint64 `json:"replayed"`   // numbers that were there before: dropped
	Gaps       uint64 `json:"gaps"`       // numbers left out, as by reordering: the session is closed
	Overflows  uint64 `json:"overflows"`  // faster than one a tick for long: the session is closed
	TimeTravel uint64 `json:"timetravel"` // view ticks that cannot be: brought to the nearest that can
}

// add adds what a buffer counted between two looks at it.
func (c *inputCounts) add(is, was netcode.BufferStats) {
	c.Applied += is.Applied - was.Applied
	c.Late += is.Late - was.Late
	c.Ahead += is.Clamped - was.Clamped
	c.Crowded += is.Crowded - was.Crowded
	c.Replayed += is.Duplicates - was.Duplicates
	c.Gaps += is.Gaps - was.Gaps
	c.Overflows += is.Overflows - was.Overflows
}

// viewed brings an entry's view tick within what the client can have been
// looking at, and counts if it was not.
func (m *match) viewed(s *seat, e *netcode.Entry, now game.Tick) {
	if e.View == 0 {
		return
	}
	bounds := netcode.ViewBounds{Now: now, Sent: s.feed.NewestSent(), Acked: s.feed.AckedTick(), Rewind: m.game.rewind}
	if s.seated.Before(e.Tick) && !bounds.Believable(e.View, m.game.behind) {
		s.doubts[game.TimeTravel-1]++
	}
	if view := bounds.Clamp(e.View); view != e.View {
		e.View = view
		s.counts.TimeTravel++
		m.tally.views++
	}
}

type playerDoc struct {
	Match     string        `json:"match"`
	Player    game.PlayerID `json:"player"`
	Subject   string        `json:"subject"`
	Name      string        `json:"name"`
	Connected bool          `json:"connected"`
	Address   string        `json:"address,omitempty"`
	RTT       float64       `json:"round_trip_ms"`
	Inputs    inputCounts   `json:"inputs"`
}

// maxPlayers bounds one answer.
const maxPlayers = 10_000

// getPlayers tells operators who plays and what became of his inputs.
func (s *Server) getPlayers(w http.ResponseWriter, r *http.Request) error {
	match := r.URL.Query().Get("match")
	list := []playerDoc{}
	for _, m := range s.core.lobby.list() {
		if match != "" && m.id != match || len(list) >= maxPlayers {
			continue
		}
		m.call(r.Context(), func() { list = append(list, m.players()...) })
	}
	if match != "" && len(list) == 0 && s.core.lobby.find(match) == nil {
		return errNoMatch
	}
	answer(w, http.StatusOK, map[string]any{"players": list})
	return nil
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
