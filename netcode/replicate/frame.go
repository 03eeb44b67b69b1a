package replicate

import (
	"slices"

	"arbiter/game"
	"arbiter/game/sim"
)

// Frame is the state of one match after one tick, as integers: everything that
// may be sent to anybody, shared by all receivers. It does not change until the
// frame store reclaims it, and then its Tick is another.
type Frame struct {
	Tick   game.Tick
	Tables []sim.Block

	// Of the frame.
	owners  [][]ownedRow // rows by owner, for tables whose rows have one and where that matters
	visible []int32      // what those see who don't see every row; see visibleSet

	// Of its store.
	number  int // which capture this is
	holders int // how many records need it
}

// ownedRow says that row index of a table belongs to owner.
type ownedRow struct {
	owner game.PlayerID
	index int32
}

func newFrame(s *sim.Schema) *Frame {
	return &Frame{Tables: make([]sim.Block, len(s.Tables))}
}

// capture copies the state of sim after its last step. Rows are listed by owner
// where that matters: for owner fields, or if needOwners for every table with owners.
func (f *Frame) capture(sim sim.Sim, needOwners bool) {
	s := sim.Schema()
	f.Tick = sim.Tick()
	f.visible = f.visible[:0]
	if f.owners == nil {
		f.owners = make([][]ownedRow, len(s.Tables))
	}
	for i := range f.Tables {
		sim.Rows(i).Capture(&f.Tables[i])
		row := &s.Tables[i]
		f.owners[i] = f.owners[i][:0]
		if row.Owner >= 0 && (needOwners || row.Public < len(row.Fields)) {
			f.owners[i] = listOwners(f.owners[i], &f.Tables[i], row.Owner)
		}
	}
}

func listOwners(list []ownedRow, b *sim.Block, field int) []ownedRow {
	for i := range b.IDs {
		if p := b.Cells[i*b.Width+field]; p != 0 {
			list = append(list, ownedRow{game.PlayerID(p), int32(i)})
		}
	}
	slices.SortFunc(list, func(a, b ownedRow) int {
		if a.owner != b.owner {
			return int(a.owner) - int(b.owner)
		}
		return int(a.index - b.index)
	})
	return list
}

// owned returns the rows of table i that belong to p, in order of id.
func (f *Frame) owned(i int, p game.PlayerID) []ownedRow {
	list := f.owners[i]
	lo, end := 0, len(list)
	for lo < end { // by hand, because it is looked for several times a client and tick
		if m := int(uint(lo+end) >> 1); list[m].owner < p {
			lo = m + 1
		} else {
			end = m
		}
	}
	hi := lo
	for hi < len(list) && list[hi].owner == p {
		hi++
	}
	return list[lo:hi]
}
