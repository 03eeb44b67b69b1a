package gametest

import (
	"arbiter/game"
	"arbiter/game/sim"
)

// Received captures the tables of a match as the client of player p receives
// them, if it may see every row: those of others come without owner fields.
func Received(m sim.Sim, p game.PlayerID) []sim.Block {
	blocks := make([]sim.Block, len(m.Schema().Tables))
	for i, s := range m.Schema().Tables {
		b := &blocks[i]
		m.Rows(i).Capture(b)
		for k := range b.IDs {
			if row := b.Row(k); s.Owner < 0 || row[s.Owner] != int64(p) {
				clear(row[s.Public:])
			}
		}
	}
	return blocks
}
