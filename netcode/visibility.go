package netcode

import (
	"slices"
	"sync/atomic"

	"arbiter/game"
	"arbiter/game/sim"
)

// sight is which rows of a frame one client may see: the place, plus one, in
// the frame's sights where that is written:
//
//	length, hash, for each table: count, count ascending indices
//
// length is of all that follows the hash. A count of seesAll is every row, and
// so is a sight of 0.
type sight uint32

const seesAll = -1

// lens is a frame and the rows of it that count. A nil frame has no rows.
type lens struct {
	frame *Frame
	sight sight
}

// written is what stands in the frame's sights, from the hash on.
func (l lens) written() []int32 {
	if l.sight == 0 {
		return nil
	}
	at := l.frame.sights[l.sight-1:]
	return at[1 : 2+at[0]]
}

// same reports whether two lenses show the same rows of the same frame.
func (l lens) same(o lens) bool {
	return l.frame == o.frame && (l.sight == o.sight || slices.Equal(l.written(), o.written()))
}

func (l lens) hash() uint32 {
	if l.frame == nil {
		return 0
	}
	h := uint32(l.frame.nth)
	if l.sight != 0 {
		h ^= uint32(l.frame.sights[l.sight])
	}
	return h
}

// walk returns the rows that l shows, table by table.
func (l lens) walk() walk {
	w := walk{frame: l.frame}
	if l.frame != nil && l.sight != 0 {
		w.rest = l.written()[1:]
	}
	return w
}

type walk struct {
	frame *Frame
	rest  []int32 // nil: all
}

// table returns the visible indices of the next table, which has n rows. Nobody
// may write to them.
func (w *walk) table(n int) []int32 {
	if w.rest == nil {
		return upTo(n)
	}
	count := w.rest[0]
	w.rest = w.rest[1:]
	if count == seesAll {
		return upTo(n)
	}
	rows := w.rest[:count]
	w.rest = w.rest[count:]
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

// gaze works out sights: by row (guarded tables), by area (placed tables, when
// the rules give an eye), and one's own rows always.
type gaze struct {
	sim    sim.Sim
	schema *sim.Schema
	eyes   bool
	limits bool // sights differ between players at all
	grids  []grid
	built  bool // grids are of the present state
}

func newGaze(sim sim.Sim) *gaze {
	g := &gaze{sim: sim, schema: sim.Schema(), eyes: sim.HasEye()}
	g.grids = make([]grid, len(g.schema.Tables))
	for i := range g.schema.Tables {
		t := &g.schema.Tables[i]
		g.limits = g.limits || t.Guarded || t.Placed && g.eyes
	}
	return g
}

// renew forgets what was worked out for an earlier tick.
func (g *gaze) renew() { g.built = false }

// look writes down what p may see of f, which is the state of the sim now.
func (g *gaze) look(f *Frame, p game.PlayerID) sight {
	area, bounded := g.sim.Eye(p)
	if bounded && !g.built {
		g.build(f, area.Radius)
	}
	s := append(f.sights, 0, 0)
	at := len(s)
	for i := range g.schema.Tables {
		t := &g.schema.Tables[i]
		near := bounded && t.Placed
		if !near && !t.Guarded {
			s = append(s, seesAll)
			continue
		}
		s = append(s, 0)
		first := len(s)
		if near {
			s = g.grids[i].within(area, s)
		} else {
			s = append(s, upTo(len(f.Tables[i].IDs))...)
		}
		if t.Guarded {
			rows := g.sim.Rows(i)
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
	var h checksum
	for _, k := range s[at:] {
		h.word(uint32(k))
	}
	s[at-2], s[at-1] = int32(len(s)-at), int32(h.sum())
	f.sights = s
	return sight(at - 1)
}

func (g *gaze) build(f *Frame, radius float64) {
	g.built = true
	for i := range g.schema.Tables {
		if g.schema.Tables[i].Placed {
			g.grids[i].build(g.sim.Rows(i), len(f.Tables[i].IDs), radius)
		}
	}
}
