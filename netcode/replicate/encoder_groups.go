package replicate

import (
	"arbiter/netcode"
	"arbiter/netcode/internal/statehash"
)

// bodyKey is what a body is made of: what its receiver is to see, what it has,
// and what it had before, where movement is extrapolated from that.
type bodyKey struct{ now, base, prev visibleFrame }

// group is what receivers with the same key share: one encoded body.
type group struct {
	key     bodyKey
	body    netcode.Body
	changed bool // some visible row is not what it was in the baseline
	summed  bool
	sum     uint32 // of what its receivers see, if summed
}

// groups are those of one tick, and how to find one. Where everybody sees the
// same there are few, and they are looked through; where visible sets differ
// there are about as many as receivers, and they are hashed.
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

// find returns the group with that key, or a new one to fill.
func (g *groups) find(want *bodyKey) (at *group, found bool) {
	if !g.hashed {
		for _, at := range g.list[:g.used] {
			if at.key.same(want) {
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

func (g *groups) add(want *bodyKey) *group {
	if g.used == len(g.list) {
		g.list = append(g.list, new(group))
	}
	at := g.list[g.used]
	g.used++
	at.key, at.summed = *want, false
	return at
}

// slot is where want stands in the index, or where it would.
func (g *groups) slot(want *bodyKey) int {
	last := len(g.index) - 1
	for i := int(want.hash()) & last; ; i = (i + 1) & last {
		if n := g.index[i]; n == 0 || g.list[n-1].key.same(want) {
			return i
		}
	}
}

func (g *groups) rehash() {
	g.index = make([]int32, max(16, 2*len(g.index)))
	for i, at := range g.list[:g.used] {
		g.index[g.slot(&at.key)] = int32(i + 1)
	}
}

func (k *bodyKey) same(o *bodyKey) bool {
	return k.now.same(o.now) && k.base.same(o.base) && k.prev.same(o.prev)
}

func (k *bodyKey) hash() uint32 {
	h := statehash.Hash(k.now.hash())
	h.Word(k.base.hash())
	h.Word(k.prev.hash())
	return h.Sum()
}
