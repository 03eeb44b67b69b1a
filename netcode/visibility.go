package netcode

import (
	"slices"
	"sync/atomic"

	"arbiter/game"
)

// sight is which rows of a frame one client may see: ascending indices per
// table. A nil sight, or a nil entry, sees every row.
type sight struct {
	tables [][]int32
	all    []bool // tables[i] does not apply, every row is seen
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

// rows returns the visible indices of a table that has n rows.
func (s *sight) rows(table, n int) []int32 {
	if s == nil || s.all[table] {
		return upTo(n)
	}
	return s.tables[table]
}

// sameSight reports whether two sights of the same frame see the same rows.
func sameSight(a, b *sight) bool {
	if a == b {
		return true
	}
	if a == nil || b == nil {
		return false
	}
	for i := range a.tables {
		if a.all[i] != b.all[i] || !a.all[i] && !slices.Equal(a.tables[i], b.tables[i]) {
			return false
		}
	}
	return true
}

// gaze works out sights: by row (guarded tables), by area (placed tables, when
// the rules give an eye), and one's own rows always.
type gaze struct {
	sim    game.Sim
	schema *game.Schema
	eyes   bool
	limits bool // sights differ between players at all
	grids  []grid
	built  bool // grids are of the present state
}

func newGaze(sim game.Sim) *gaze {
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

// look fills s with what p may see of f, which is the state of the sim now.
func (g *gaze) look(f *Frame, p game.PlayerID, s *sight) {
	if s.tables == nil {
		s.tables = make([][]int32, len(g.schema.Tables))
		s.all = make([]bool, len(g.schema.Tables))
	}
	area, bounded := g.sim.Eye(p)
	if bounded && !g.built {
		g.build(f, area.Radius)
	}
	for i := range g.schema.Tables {
		t := &g.schema.Tables[i]
		near := bounded && t.Placed
		s.all[i] = !near && !t.Guarded
		if s.all[i] {
			continue
		}
		list := s.tables[i][:0]
		if near {
			list = g.grids[i].within(area, list)
		} else {
			list = append(list, upTo(len(f.Tables[i].IDs))...)
		}
		if t.Guarded {
			rows := g.sim.Rows(i)
			list = slices.DeleteFunc(list, func(k int32) bool { return !rows.VisibleTo(int(k), p) })
		}
		if t.Owner >= 0 && p != 0 {
			for _, o := range f.owned(i, p) {
				if at, there := slices.BinarySearch(list, o.index); !there {
					list = slices.Insert(list, at, o.index)
				}
			}
		}
		s.tables[i] = list
	}
}

func (g *gaze) build(f *Frame, radius float64) {
	g.built = true
	for i := range g.schema.Tables {
		if g.schema.Tables[i].Placed {
			g.grids[i].build(g.sim.Rows(i), len(f.Tables[i].IDs), radius)
		}
	}
}
