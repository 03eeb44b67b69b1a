package matchmaking

import (
	"math"
	"slices"
	"sort"
)

// shelf holds the tickets of one partition that reach one region, by key: the
// number by which they are sought. A ticket stands on a shelf for each region.
type shelf struct {
	at      []int32   // entries, by index in the line
	ms      []float64 // their latencies, kept here because most that are looked at fail by it
	size    []int32   // their players, for the same reason
	keys    []float64 // ascending
	next    []int32   // a position at or after which the next waiting one stands
	prev    []int32   // a position at or before which the last waiting one stands
	players []int32   // before each position, of all tickets at the pass's start
}

func (s *shelf) reset() {
	s.at, s.ms, s.size, s.keys = s.at[:0], s.ms[:0], s.size[:0], s.keys[:0]
	s.next, s.prev, s.players = s.next[:0], s.prev[:0], s.players[:0]
}

// push appends an entry; keys come in ascending order.
func (s *shelf) push(at int32, key, ms float64, players int) {
	n := int32(len(s.at))
	if n == 0 {
		s.players = append(s.players, 0)
	}
	s.at = append(s.at, at)
	s.ms = append(s.ms, ms)
	s.size = append(s.size, int32(players))
	s.keys = append(s.keys, key)
	s.next = append(s.next, n)
	s.prev = append(s.prev, n)
	s.players = append(s.players, s.players[n]+int32(players))
}

// within is how many players stood between two keys, both inclusive, when the
// pass began: never fewer than now.
func (s *shelf) within(low, high float64) int {
	if len(s.at) == 0 {
		return 0
	}
	i := sort.SearchFloat64s(s.keys, low)
	j := sort.Search(len(s.keys), func(k int) bool { return s.keys[k] > high })
	return int(s.players[j] - s.players[i])
}

// after is the first position from p on whose ticket waits; len(s.at): none.
// Positions passed over point further on, so that what is gone is passed once.
func (s *shelf) after(p int32, taken []bool) int32 {
	n := int32(len(s.at))
	end := p
	for end < n && taken[s.at[end]] {
		end = max(end+1, s.next[end])
	}
	for p < end {
		step := max(p+1, s.next[p])
		s.next[p] = end
		p = step
	}
	return end
}

// upTo is the last position down from p whose ticket waits; −1: none.
func (s *shelf) upTo(p int32, taken []bool) int32 {
	end := p
	for end >= 0 && taken[s.at[end]] {
		end = min(end-1, s.prev[end])
	}
	for p > end {
		step := min(p-1, s.prev[p])
		s.prev[p] = end
		p = step
	}
	return end
}

// outward walks the waiting tickets from a key to both sides, the nearest
// first, no farther than reach.
type outward struct {
	s           *shelf
	taken       []bool
	key, reach  float64
	lean        float64 // below 1 it walks farther up than down, above 1 the reverse
	left, right int32
}

func (s *shelf) from(key, reach float64, taken []bool) outward {
	start := int32(sort.SearchFloat64s(s.keys, key))
	return outward{s, taken, key, reach, 1, s.upTo(start-1, taken), s.after(start, taken)}
}

// take returns the next ticket's position on the shelf.
func (o *outward) take() (int32, bool) {
	up, down := math.Inf(1), math.Inf(1)
	if o.right < int32(len(o.s.at)) {
		up = o.s.keys[o.right] - o.key
	}
	if o.left >= 0 {
		down = o.key - o.s.keys[o.left]
	}
	if min(up, down) > o.reach || math.IsInf(min(up, down), 1) {
		return 0, false
	}
	if down > o.reach || up*o.lean <= down && up <= o.reach {
		p := o.right
		o.right = o.s.after(p+1, o.taken)
		return p, true
	}
	p := o.left
	o.left = o.s.upTo(p-1, o.taken)
	return p, true
}

// shelve sorts the line's entries onto shelves.
func (w *work) shelve(m *Matcher) {
	w.spare = append(w.spare, w.shelves...)
	w.shelves = w.shelves[:0]
	w.partitions = map[string]int{}
	w.home = resize(w.home, len(w.line))
	w.keys = resize(w.keys, len(w.line))
	w.byKey = resize(w.byKey, len(w.line))
	for i, e := range w.line {
		w.home[i] = int32(w.partition(m, e))
		w.keys[i] = m.key(e)
		w.byKey[i] = keyed{w.keys[i], int32(i)}
	}
	slices.SortFunc(w.byKey, compareKeyed)
	for _, k := range w.byKey {
		e, home := w.line[k.at], int(w.home[k.at])
		if m.placeless {
			w.shelf(m, home, len(m.regions)).push(k.at, k.key, 0, e.size())
		}
		if m.reach < 0 {
			continue
		}
		for r, ms := range e.latency() {
			if ms <= m.farthest {
				w.shelf(m, home, r).push(k.at, k.key, ms, e.size())
			}
		}
	}
}

type keyed struct {
	key float64
	at  int32
}

func compareKeyed(a, b keyed) int {
	switch {
	case a.key < b.key:
		return -1
	case a.key > b.key:
		return 1
	}
	return int(a.at) - int(b.at)
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}
