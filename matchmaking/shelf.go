package matchmaking

import (
	"math"
	"sort"
)

// shelf holds the tickets of one class that reach one region, by key: the
// number by which they are sought. A ticket stands on a shelf for each region.
type shelf struct {
	at   []int32   // entries, by index in the line
	ms   []float64 // their latencies, kept here because most that are looked at fail by it
	keys []float64 // ascending
	next []int32   // a position at or after which the next waiting one stands
	prev []int32   // a position at or before which the last waiting one stands
	size int       // players of each
}

func (s *shelf) reset() {
	s.at, s.ms, s.keys = s.at[:0], s.ms[:0], s.keys[:0]
	s.next, s.prev = s.next[:0], s.prev[:0]
}

// push appends an entry; keys come in ascending order.
func (s *shelf) push(at int32, key, ms float64) {
	n := int32(len(s.at))
	s.at = append(s.at, at)
	s.ms = append(s.ms, ms)
	s.keys = append(s.keys, key)
	s.next = append(s.next, n)
	s.prev = append(s.prev, n)
}

// within is how many players stood between two keys, both inclusive, when the
// pass began: never fewer than now.
func (s *shelf) within(low, high float64) int {
	if len(s.at) == 0 {
		return 0
	}
	i := sort.SearchFloat64s(s.keys, low)
	j := sort.Search(len(s.keys), func(k int) bool { return s.keys[k] > high })
	return (j - i) * s.size
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

// outward walks the waiting tickets of a shelf from a key to both sides, the
// nearest first, no farther than reach.
type outward struct {
	s           *shelf
	taken       []bool
	key, reach  float64
	lean        float64 // below 1 it walks farther up than down, above 1 the reverse
	left, right int32

	next   int32 // the position to be taken next; −1: none
	far    float64
	upward bool
}

func (s *shelf) from(key, reach, lean float64, taken []bool) outward {
	start := int32(sort.SearchFloat64s(s.keys, key))
	o := outward{s: s, taken: taken, key: key, reach: reach, lean: lean, left: s.upTo(start-1, taken), right: s.after(start, taken)}
	o.look()
	return o
}

// look finds the next position, and how far it is, as lean measures it.
func (o *outward) look() {
	o.next, o.far = -1, math.Inf(1)
	if o.right < int32(len(o.s.at)) {
		if up := o.s.keys[o.right] - o.key; up <= o.reach {
			o.next, o.far, o.upward = o.right, up*o.lean, true
		}
	}
	if o.left >= 0 {
		if down := o.key - o.s.keys[o.left]; down <= o.reach && (o.next < 0 || down < o.far) {
			o.next, o.far, o.upward = o.left, down, false
		}
	}
}

// step goes past the next position.
func (o *outward) step() {
	if o.upward {
		o.right = o.s.after(o.right+1, o.taken)
	} else {
		o.left = o.s.upTo(o.left-1, o.taken)
	}
	o.look()
}
