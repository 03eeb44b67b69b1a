package game

import (
	"encoding/binary"
	"math"
)

// This file is what a checkpoint and a hash hold of how the match was ordered.
// A match that nobody ordered adds nothing to either.

// ordered reports whether there is any of it.
func (m *Match[S, I]) ordered() bool {
	if m.world.setupHash != 0 || m.world.wanted != notSaid {
		return true
	}
	for i := range m.world.players {
		if m.world.players[i].cast() {
			return true
		}
	}
	return false
}

// cast reports whether the roster said more of p than his team.
func (p *Player) cast() bool { return p.Role != "" || len(p.Attributes) > 0 }

func (m *Match[S, I]) appendOrder(b []byte) []byte {
	if !m.ordered() {
		return b
	}
	return m.appendCast(appendSetup(b, &m.world.setup))
}

// appendCast appends the players wanted, and what is known of those here.
func (m *Match[S, I]) appendCast(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(m.world.wanted-notSaid))
	for i := range m.world.players {
		if p := &m.world.players[i]; p.cast() {
			b = binary.AppendUvarint(b, uint64(p.ID))
			b = appendAttributes(appendText(b, p.Role), p.Attributes)
		}
	}
	return binary.AppendUvarint(b, 0)
}

// restoreOrder reads it behind everything else of a checkpoint.
func (m *Match[S, I]) restoreOrder(r *reader) {
	m.world.wanted = notSaid
	if len(r.b) == 0 {
		m.world.setUp(Setup{})
		return
	}
	m.world.setUp(r.setup())
	m.world.wanted = int(r.uint(math.MaxInt32)) + notSaid
	for {
		id := r.player()
		if id == 0 {
			return
		}
		i, there := m.world.seat(id)
		role, attributes := r.text(), r.attributes()
		if !there {
			r.fail("a role of somebody who has no seat")
			return
		}
		m.world.players[i].Role, m.world.players[i].Attributes = role, attributes
	}
}
