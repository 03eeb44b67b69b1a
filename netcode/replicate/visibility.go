package replicate

import (
	"slices"
	"sync/atomic"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode/internal/statehash"
)

// visibility is interest management: it works out which rows a player may see.
// That is decided by row (guarded tables), by area (placed tables, when the rules
// give a player an eye), and a player's own rows are always visible.
type visibility struct {
	sim    sim.Sim
	schema *sim.Schema
	eyes   bool
	varies bool // visible sets differ between players at all
	grids  []grid
	built  bool // grids are of the present state
}

func newVisibility(sim sim.Sim) *visibility {
	v := &visibility{sim: sim, schema: sim.Schema(), eyes: sim.HasEye()}
	v.grids = make([]grid, len(v.schema.Tables))
	for i := range v.schema.Tables {
		t := &v.schema.Tables[i]
		v.varies = v.varies || t.Guarded || t.Placed && v.eyes
	}
	return v
}

// reset forgets what was worked out for an earlier tick.
func (v *visibility) reset() { v.built = false }

// visibleTo writes down what p may see of f, which is the state of the sim now.
func (v *visibility) visibleTo(f *Frame, p game.PlayerID) visibleSet {
	area, bounded := v.sim.Eye(p)
	if bounded && !v.built {
		v.build(f, area.Radius)
	}
	s := append(f.visible, 0, 0)
	at := len(s)
	for i := range v.schema.Tables {
		t := &v.schema.Tables[i]
		near := bounded && t.Placed
		if !near && !t.Guarded {
			s = append(s, everyRow)
			continue
		}
		s = append(s, 0)
		first := len(s)
		if near {
			s = v.grids[i].within(area, s)
		} else {
			s = append(s, upTo(len(f.Tables[i].IDs))...)
		}
		if t.Guarded {
			rows := v.sim.Rows(i)
			seen := slices.DeleteFunc(s[first:], func(k int32) bool { return !rows.VisibleTo(int(k), p) })
			s = s[:first+len(seen)]
		}
		if t.Owner >= 0 && p != 0 {
			for _, o := range f.owned(i, p) {
				if at, there := slices.BinarySearch(s[first:], o.index); !there {
					s = slices.Insert(s, first+at, o.index)
				}
			}
		}
		s[first-1] = int32(len(s) - first)
	}
	var h statehash.Hash
	for _, k := range s[at:] {
		h.Word(uint32(k))
	}
	s[at-2], s[at-1] = int32(len(s)-at), int32(h.Sum())
	f.visible = s
	return visibleSet(at - 1)
}

func (v *visibility) build(f *Frame, radius float64) {
	v.built = true
	for i := range v.schema.Tables {
		if v.schema.Tables[i].Placed {
			v.grids[i].build(v.sim.Rows(i), len(f.Tables[i].IDs), radius)
		}
	}
}

// visibleSet is which rows of a frame one client may see: the place, plus one, in
// the frame's visible where that is written:
//
//	length, hash, for each table: count, count ascending indices
//
// length is of all that follows the hash. A count of everyRow is every row, and
// so is a set of 0.
type visibleSet uint32

const everyRow = -1

// visibleFrame is a frame and the rows of it that count. A nil frame has no rows.
type visibleFrame struct {
	frame *Frame
	set   visibleSet
}

// written is what stands in the frame's visible, from the hash on.
func (v visibleFrame) written() []int32 {
	if v.set == 0 {
		return nil
	}
	at := v.frame.visible[v.set-1:]
	return at[1 : 2+at[0]]
}

// same reports whether both show the same rows of the same frame.
func (v visibleFrame) same(o visibleFrame) bool {
	return v.frame == o.frame && (v.set == o.set || slices.Equal(v.written(), o.written()))
}

func (v visibleFrame) hash() uint32 {
	if v.frame == nil {
		return 0
	}
	h := uint32(v.frame.number)
	if v.set != 0 {
		h ^= uint32(v.frame.visible[v.set])
	}
	return h
}

// rows returns the rows that v shows, table by table.
func (v visibleFrame) rows() rowIterator {
	it := rowIterator{frame: v.frame}
	if v.frame != nil && v.set != 0 {
		it.rest = v.written()[1:]
	}
	return it
}

// sum hashes what v shows of the fields everyone may see, for a check.
func (v visibleFrame) sum(s *sim.Schema) uint32 {
	var h statehash.Hash
	it := v.rows()
	for i := range s.Tables {
		t, b := &s.Tables[i], &v.frame.Tables[i]
		rows := it.table(len(b.IDs))
		if len(rows) == 0 || len(t.Fields) == 0 {
			continue
		}
		h.Table(i, len(rows))
		for _, k := range rows {
			h.Row(t, b, int(k))
		}
	}
	return h.Sum()
}

// rowIterator goes through the visible rows of a frame, one table after the other.
type rowIterator struct {
	frame *Frame
	rest  []int32 // nil: every row
}

// table returns the visible indices of the next table, which has n rows. Nobody
// may write to them.
func (it *rowIterator) table(n int) []int32 {
	if it.rest == nil {
		return upTo(n)
	}
	count := it.rest[0]
	it.rest = it.rest[1:]
	if count == everyRow {
		return upTo(n)
	}
	rows := it.rest[:count]
	it.rest = it.rest[count:]
	return rows
}

// identity is a growing 0, 1, 2, …, shared by everybody who sees all.
var identity atomic.Pointer[[]int32]

// upTo returns the list 0…n−1, which must not be written to.
func upTo(n int) []int32 {
	p := identity.Load()
	if p == nil || len(*p) < n {
		list := make([]int32, max(1024, 2*n))
		for i := range list {
			list[i] = int32(i)
		}
		p = &list
		identity.Store(p)
	}
	return (*p)[:n:n]
}
