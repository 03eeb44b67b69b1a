package matchmaking

import (
	"math"
	"sort"
)

// bucket holds the tickets of one class that reach one region, by key: the
// number by which they are sought. A ticket stands on a shelf for each region.
type bucket struct {
	at   []int32   // entries, by index in the line
	ms   []float64 // their latencies, kept here because most that are looked at fail by it
	keys []float64 // ascending
	next []int32   // a position at or after which the next waiting one stands
	prev []int32   // a position at or before which the last waiting one stands
	size int       // players of each
}

func (b *bucket) reset() {
	b.at, b.ms, b.keys = b.at[:0], b.ms[:0], b.keys[:0]
	b.next, b.prev = b.next[:0], b.prev[:0]
}

// push appends an entry; keys come in ascending order.
func (b *bucket) push(at int32, key, ms float64) {
	n := int32(len(b.at))
	b.at = append(b.at, at)
	b.ms = append(b.ms, ms)
	b.keys = append(b.keys, key)
	b.next = append(b.next, n)
	b.prev = append(b.prev, n)
}

// within is how many players stood between two keys, both inclusive, when the
// pass began: never fewer than now.
func (b *bucket) within(low, high float64) int {
	if len(b.at) == 0 {
		return 0
	}
	i := sort.SearchFloat64s(b.keys, low)
	j := sort.Search(len(b.keys), func(k int) bool { return b.keys[k] > high })
	return (j - i) * b.size
}

// after is the first position from p on whose ticket waits; len(s.at): none.
// Positions passed over point further on, so that what is gone is passed once.
func (b *bucket) after(p int32, taken []bool) int32 {
	n := int32(len(b.at))
	end := p
	for end < n && taken[b.at[end]] {
		end = max(end+1, b.next[end])
	}
	for p < end {
		step := max(p+1, b.next[p])
		b.next[p] = end
		p = step
	}
	return end
}

// upTo is the last position down from p whose ticket waits; −1: none.
func (b *bucket) upTo(p int32, taken []bool) int32 {
	end := p
	for end >= 0 && taken[b.at[end]] {
		end = min(end-1, b.prev[end])
	}
	for p > end {
		step := min(p-1, b.prev[p])
		b.prev[p] = end
		p = step
	}
	return end
}

// bucketCursor walks the waiting tickets of a shelf from a key to both sides, the
// nearest first, no farther than reach.
type bucketCursor struct {
	bucket           *bucket
	taken       []bool
	key, reach  float64
	bias        float64 // below 1 it walks farther up than down, above 1 the reverse
	left, right int32

	at   int32 // the position to be taken next; −1: none
	distance    float64
	upward bool
}

func (b *bucket) cursor(key, reach, bias float64, taken []bool) bucketCursor {
	start := int32(sort.SearchFloat64s(b.keys, key))
	c := bucketCursor{bucket: b, taken: taken, key: key, reach: reach, bias: bias, left: b.upTo(start-1, taken), right: b.after(start, taken)}
	c.findNext()
	return c
}

// findNext finds the next position, and how far it is, as lean measures it.
func (c *bucketCursor) findNext() {
	c.at, c.distance = -1, math.Inf(1)
	if c.right < int32(len(c.bucket.at)) {
		if up := c.bucket.keys[c.right] - c.key; up <= c.reach {
			c.at, c.distance, c.upward = c.right, up*c.bias, true
		}
	}
	if c.left >= 0 {
		if down := c.key - c.bucket.keys[c.left]; down <= c.reach && (c.at < 0 || down < c.distance) {
			c.at, c.distance, c.upward = c.left, down, false
		}
	}
}

// advance goes past the next position.
func (c *bucketCursor) advance() {
	if c.upward {
		c.right = c.bucket.after(c.right+1, c.taken)
	} else {
		c.left = c.bucket.upTo(c.left-1, c.taken)
	}
	c.findNext()
}
