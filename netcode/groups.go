package netcode

// ends are what a body is made of: what its receiver is to see, what it has,
// and what it had before, where that carries movement on.
type ends struct{ now, base, prev lens }

// group is what receivers with the same ends share.
type group struct {
	ends   ends
	body   body
	summed bool
	sum    uint32
}

// groups are those of one tick, and how to find one. Where everybody sees the
// same there are few, and they are looked through; where sights differ there
// are about as many as receivers, and they are hashed.
type groups struct {
	hashed bool
	list   []*group // list[:used] are of this tick
	used   int
	index  []int32 // by hash: number in list + 1, or 0; at most half full
}

func (g *groups) reset() {
	if g.used > 0 {
		clear(g.index)
	}
	g.used = 0
}

// find returns the group with those ends, or a new one to fill.
func (g *groups) find(want *ends) (at *group, found bool) {
	if !g.hashed {
		for _, at := range g.list[:g.used] {
			if at.ends.same(want) {
				return at, true
			}
		}
		return g.add(want), false
	}
	if 2*g.used >= len(g.index) {
		g.rehash()
	}
	slot := g.slot(want)
	if n := g.index[slot]; n > 0 {
		return g.list[n-1], true
	}
	at = g.add(want)
	g.index[slot] = int32(g.used)
	return at, false
}

func (g *groups) add(want *ends) *group {
	if g.used == len(g.list) {
		g.list = append(g.list, new(group))
	}
	at := g.list[g.used]
	g.used++
	at.ends, at.summed = *want, false
	return at
}

// slot is where want stands in the index, or where it would.
func (g *groups) slot(want *ends) int {
	last := len(g.index) - 1
	for i := int(want.hash()) & last; ; i = (i + 1) & last {
		if n := g.index[i]; n == 0 || g.list[n-1].ends.same(want) {
			return i
		}
	}
}

func (g *groups) rehash() {
	g.index = make([]int32, max(16, 2*len(g.index)))
	for i, at := range g.list[:g.used] {
		g.index[g.slot(&at.ends)] = int32(i + 1)
	}
}

func (e *ends) same(o *ends) bool {
	return e.now.same(o.now) && e.base.same(o.base) && e.prev.same(o.prev)
}

func (e *ends) hash() uint32 {
	h := checksum(e.now.hash())
	h.word(e.base.hash())
	h.word(e.prev.hash())
	return h.sum()
}
