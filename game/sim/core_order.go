package sim

import (
	"encoding/binary"
	"math"
)

// This file is what a checkpoint and a hash hold of how the match was ordered.
// A match that nobody ordered adds nothing to either.

// ordered reports whether there is any of it.
func (c *Core) ordered() bool {
	if c.setupHash != 0 || c.wanted != notSaid {
		return true
	}
	for i := range c.players {
		if c.players[i].fromRoster() {
			return true
		}
	}
	return false
}

// fromRoster reports whether the roster said more of p than their team.
func (p *Player) fromRoster() bool { return p.Role != "" || len(p.Attributes) > 0 }

func (c *Core) appendOrder(b []byte) []byte {
	if !c.ordered() {
		return b
	}
	return c.appendRoles(appendSetup(b, &c.setup))
}

// appendRoles appends the players wanted, and what is known of those here.
func (c *Core) appendRoles(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(c.wanted-notSaid))
	for i := range c.players {
		if p := &c.players[i]; p.fromRoster() {
			b = binary.AppendUvarint(b, uint64(p.ID))
			b = appendAttributes(appendText(b, p.Role), p.Attributes)
		}
	}
	return binary.AppendUvarint(b, 0)
}

// restoreOrder reads it behind everything else of a checkpoint.
func (c *Core) restoreOrder(r *reader) {
	c.wanted = notSaid
	if len(r.b) == 0 {
		c.SetUp(Setup{})
		return
	}
	c.SetUp(r.setup())
	c.wanted = int(r.uint(math.MaxInt32)) + notSaid
	for {
		id := r.player()
		if id == 0 {
			return
		}
		i, there := c.Seat(id)
		role, attributes := r.text(), r.attributes()
		if !there {
			r.fail("a role of somebody who has no seat")
			return
		}
		c.players[i].Role, c.players[i].Attributes = role, attributes
	}
}
