package view

import (
	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/internal/statehash"
)

// check compares the decoded state with what the server says of it.
func (d *decoder) check(c *netcode.Check) {
	d.u.Checked = true
	d.u.Mismatch = c.State != d.into.hash(d.schema, d.player)
	d.u.Applied, d.u.InputsHash, d.u.AckEvery = c.Applied, c.Inputs, c.AckEvery
}

// StateHash is the hash of the newest state, which a check of it would hold; 0
// before the first.
func (v *View) StateHash() uint32 {
	if v.newest == nil {
		return 0
	}
	return v.newest.hash(v.schema, v.player)
}

// hash is the state check of a frame in the hands of player p.
func (f *Frame) hash(s *sim.Schema, p game.PlayerID) uint32 {
	var public, own statehash.Hash
	for i := range s.Tables {
		t, b := &s.Tables[i], &f.Tables[i]
		if len(b.IDs) == 0 || len(t.Fields) == 0 {
			continue
		}
		public.Table(i, len(b.IDs))
		for k := range b.IDs {
			public.Row(t, b, k)
		}
		if p == 0 || t.Public == len(t.Fields) {
			continue
		}
		for k := range b.IDs {
			if game.PlayerID(b.Row(k)[t.Owner]) == p {
				own.OwnRow(i, t, b, k)
			}
		}
	}
	return statehash.Join(public.Sum(), own.Sum())
}
