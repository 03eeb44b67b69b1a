package server

import (
	"time"

	"arbiter/game"
	"arbiter/netcode"
)

// maxBehind is how far an honest client's picture lags behind the newest state
// it has: half a second that it allows for a line's jitter, and as much for the
// time in which it notices.
const maxBehind = time.Second

// doubts count what the rules were not yet told of one player, by kind. A kind is
// told once a tick with its count, so what waits is bounded.
type doubts [len(game.Suspicions)]uint32

// add adds what a buffer counted between two looks at it. Late inputs are not in
// it, for a slow line makes them, and neither are those sent again after a resume.
func (d *doubts) add(is, was netcode.BufferStats) {
	d[game.SpeedUp-1] += uint32(is.Crowded - was.Crowded + is.Overflows - was.Overflows)
	d[game.FarAhead-1] += uint32(is.Clamped - was.Clamped)
	d[game.Replayed-1] += uint32(is.Duplicates - was.Duplicates - (is.Resent - was.Resent))
	d[game.OutOfOrder-1] += uint32(is.Gaps - was.Gaps)
}

// suspect moves the doubts of all players into the tick's input, in order of
// player and kind, for rules that ask.
func (m *match) suspect() {
	if !m.sim.HasSuspect() {
		return
	}
	for _, s := range m.seats {
		m.countInputs(s)
		for i, n := range s.doubts {
			if n > 0 {
				m.input.Suspicions = append(m.input.Suspicions,
					game.PlayerSuspicion{Player: s.who.ID, Kind: game.Suspicions[i], Count: int(n)})
			}
		}
		s.doubts = doubts{}
	}
}
