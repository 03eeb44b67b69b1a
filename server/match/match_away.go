package match

import (
	"slices"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
)

// resumeWindow is how long a seat of this match waits for its player.
func (m *Match) resumeWindow() time.Duration { return m.game.resumeWindow(m.engine.config) }

func (g *Game) resumeWindow(c *Config) time.Duration {
	if w := g.config.ResumeWindow; w > 0 {
		return w
	}
	return c.ResumeWindow
}

// goesAway tells the rules that a player has no connection, comesBack that they have
// one again. What is over within a tick they are not told.
func (m *Match) goesAway(p game.PlayerID) { m.in(&m.input.Away, &m.input.Back, p) }

func (m *Match) comesBack(s *seat) {
	m.in(&m.input.Back, &m.input.Away, s.who.ID)
	if s.released {
		m.hold(s, s.held)
		s.released = false
	}
}

// in adds a player to a list, unless that undoes that they are in the other.
func (m *Match) in(list, opposite *[]game.PlayerID, p game.PlayerID) {
	if i := slices.Index(*opposite, p); i >= 0 {
		*opposite = slices.Delete(*opposite, i, i+1)
		return
	}
	*list = append(*list, p)
}

// hold has a player hold an input from the next tick on.
func (m *Match) hold(s *seat, cells []int64) {
	m.input.Held = append(m.input.Held, sim.PlayerInput{Player: s.who.ID, Cells: cells})
}

// releaseInputs has the players who are away for long enough hold nothing: a ship
// must not thrust and fire until its seat is given up.
func (m *Match) releaseInputs(now time.Duration) {
	after := m.game.config.ReleaseInput
	for _, s := range m.seats {
		if s.session == nil && !s.released && after >= 0 && now-s.away >= after {
			m.releaseInput(s)
		}
	}
}

func (m *Match) releaseInput(s *seat) {
	if len(s.held) > 0 && !s.released {
		m.hold(s, m.game.idle)
		s.released = true
	}
}

// noteHeld remembers what a player holds from the tick on whose inputs were just
// taken from number first on.
func (m *Match) noteHeld(s *seat, first int) {
	for i := first; i < len(m.input.Inputs); i++ {
		s.held = append(s.held[:0], m.input.Inputs[i].Cells...)
	}
}
