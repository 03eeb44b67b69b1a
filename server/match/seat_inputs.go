package match

import (
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
)

// InputCounts is what became of one player's inputs since they took their seat. All
// but applied are neutralised: nobody gains by them, and an honest client causes
// few of late and ahead, none of the others but after a resume.
type InputCounts struct {
	Applied    uint64
	Late       uint64 // for a tick that was past: applied in the next free one
	Ahead      uint64 // too far ahead: brought back to the bound
	TickTaken  uint64 // for a tick that had one already: applied in the next free one
	Replayed   uint64 // numbers that were there before: dropped
	Gaps       uint64 // numbers left out, as by reordering: the session is closed
	Overflows  uint64 // faster than one a tick for long: the session is closed
	TimeTravel uint64 // view ticks that cannot be: brought to the nearest that can
}

// add adds what a buffer counted between two looks at it.
func (c *InputCounts) add(is, was replicate.BufferStats) {
	c.Applied += is.Applied - was.Applied
	c.Late += is.Late - was.Late
	c.Ahead += is.Clamped - was.Clamped
	c.TickTaken += is.TickTaken - was.TickTaken
	c.Replayed += is.Duplicates - was.Duplicates
	c.Gaps += is.Gaps - was.Gaps
	c.Overflows += is.Overflows - was.Overflows
}

// clampView brings an entry's view tick within what the client can have been
// looking at, and counts if it was not.
func (m *Match) clampView(s *seat, e *netcode.Entry, now game.Tick) {
	if e.View == 0 {
		return
	}
	bounds := netcode.ViewBounds{Now: now, Sent: s.feed.NewestSent(), Acked: s.feed.AckedTick(), Rewind: m.game.rewind}
	if s.seated.Before(e.Tick) && !bounds.Believable(e.View, m.game.behind) {
		s.suspicions[game.TimeTravel-1]++
	}
	if view := bounds.Clamp(e.View); view != e.View {
		e.View = view
		s.counts.TimeTravel++
		m.tally.views++
	}
}

// maxBehind is how far an honest client's view lags behind the newest state
// it has: half a second that it allows for the connection's jitter, and as much for the
// time in which it notices.
const maxBehind = time.Second

// suspicions count what the rules were not yet told of one player, by kind. A kind is
// told once a tick with its count, so what waits is bounded.
type suspicions [len(sim.Suspicions)]uint32

// add adds what a buffer counted between two looks at it. Late inputs are not in
// it, for a slow connection makes them, and neither are those sent again after a
// resume.
func (s *suspicions) add(is, was replicate.BufferStats) {
	s[game.SpeedUp-1] += uint32(is.TickTaken - was.TickTaken + is.Overflows - was.Overflows)
	s[game.FarAhead-1] += uint32(is.Clamped - was.Clamped)
	s[game.Replayed-1] += uint32(is.Duplicates - was.Duplicates - (is.Resent - was.Resent))
	s[game.OutOfOrder-1] += uint32(is.Gaps - was.Gaps)
}

// reportSuspicions moves the suspicions of all players into the tick's input, in
// order of player and kind, for rules that ask.
func (m *Match) reportSuspicions() {
	if !m.sim.HasSuspect() {
		return
	}
	for _, s := range m.seats {
		m.countInputs(s)
		for i, n := range s.suspicions {
			if n > 0 {
				m.input.Suspicions = append(m.input.Suspicions,
					sim.PlayerSuspicion{Player: s.who.ID, Kind: sim.Suspicions[i], Count: int(n)})
			}
		}
		s.suspicions = suspicions{}
	}
}
