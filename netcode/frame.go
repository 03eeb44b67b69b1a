package netcode

import (
	"slices"

	"arbiter/game"
	"arbiter/game/sim"
)

// FrameRing is how many captures back a baseline may at least be: what a
// resumed client or a datagram transport can still use. A client keeps as many
// frames; a server those of them that some client may name.
const FrameRing = 64

// Frame is the state of one match after one tick, as integers. On the server
// it holds everything that may be sent to anybody and is shared by all
// receivers; in a client it is what that client was sent. It does not change
// until its ring takes it back.
type Frame struct {
	Tick   game.Tick
	Tables []sim.Block

	// Server: rows by owner, for tables whose rows have one and where that
	// matters.
	owners [][]ownedRow

	// Server: what those see who don't see every row; see [sight].
	sights []int32

	// Server, for its store: which capture this is, and how many records it is
	// needed for.
	nth, holders int

	// Client: the tick this frame was a delta from; 0 for a keyframe. It dates
	// the rows' last movement.
	from game.Tick
}

// ownedRow says that row index of a table belongs to owner.
type ownedRow struct {
	owner game.PlayerID
	index int32
}

func newFrame(s *sim.Schema) *Frame {
	return &Frame{Tables: make([]sim.Block, len(s.Tables))}
}

// capture copies the state of sim after its last step.
func (f *Frame) capture(sim sim.Sim, needOwners bool) {
	s := sim.Schema()
	f.Tick = sim.Tick()
	f.sights = f.sights[:0]
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

// maxLead bounds the ticks over which a movement is carried forward, so that
// both ends may forget older frames.
const maxLead = FrameRing/2 - 1

// leads reports whether the movement from prev to base may be carried on to
// now. Both ends decide it alike, from ticks only.
func leads(prev, base, now game.Tick) bool {
	return prev != 0 && base.Sub(prev) > 0 && base.Sub(prev) <= maxLead && now.Sub(base) <= maxLead
}

// lead carries a movement of d over den ticks on for num more ticks.
func lead(d, num, den int64) int64 {
	if num == den {
		return d
	}
	d *= num
	q := d / den
	if d%den < 0 { // floor, as every language can
		q--
	}
	return q
}
