package matchmaking

import (
	"math"
	"slices"
	"sort"
)

// class is the size and role set of a ticket. A bucket holds tickets of one
// class. Where the class is uniform, a team can take either all tickets of the
// class or none.
type class struct {
	size int32
	// mask is a single player's roles; 0 for parties, whose members differ.
	mask uint64
}

// regionIndex is the search index of one partition and region: a bucket for
// each class, nil where no ticket waits.
type regionIndex []*bucket

// within returns how many players waited between two keys, both inclusive, when
// the pass began: an upper bound of those that still wait.
func (ix regionIndex) within(low, high float64) int {
	n := 0
	for _, s := range ix {
		if s != nil {
			n += s.within(low, high)
		}
	}
	return n
}

// classify numbers an entry's class.
func (w *work) classify(m *Matcher, e *Entry) int32 {
	c := class{size: int32(e.size())}
	if c.size == 1 && m.roleSlot >= 0 {
		c.mask = m.set(e, 0, m.roleSlot)
	}
	n, ok := w.classes[c]
	if !ok {
		n = int32(len(w.uniform))
		w.classes[c] = n
		w.uniform = append(w.uniform, m.roleSlot == noRoles || c.size == 1 && m.roleSlot >= 0)
	}
	return n
}

// Values of Matcher.roleSlot when not all Roles rules read one attribute.
const (
	noRoles   = -1 // there are none
	manyRoles = -2 // teams read different attributes
)

// buildIndex sorts the waiting entries into buckets by partition, region, class
// and key.
func (w *work) buildIndex(m *Matcher) {
	for _, a := range w.indexes {
		for _, s := range a {
			if s != nil {
				w.spare = append(w.spare, s)
			}
		}
	}
	w.indexes, w.uniform = w.indexes[:0], w.uniform[:0]
	w.partitions, w.classes = map[string]int{}, map[class]int32{}
	w.partitionOf = resize(w.partitionOf, len(w.waiting))
	w.class = resize(w.class, len(w.waiting))
	w.byKey = resize(w.byKey, len(w.waiting))
	for i, e := range w.waiting {
		w.partitionOf[i] = int32(w.partition(m, e))
		w.class[i] = w.classify(m, e)
		w.byKey[i] = keyedEntry{m.key(e), int32(i)}
	}
	slices.SortFunc(w.byKey, compareKeyed)
	for _, k := range w.byKey {
		e, home := w.waiting[k.at], int(w.partitionOf[k.at])
		if m.regionless {
			w.bucketFor(m, home, len(m.regions), w.class[k.at]).push(k.at, k.key, 0)
		}
		if m.latencyRule < 0 {
			continue
		}
		for r, ms := range e.latency() {
			if ms <= m.maxLatency {
				w.bucketFor(m, home, r, w.class[k.at]).push(k.at, k.key, ms)
			}
		}
	}
}

// indexOf returns the index of a partition and region. The number behind the
// last region stands for matches without a region.
func (w *work) indexOf(m *Matcher, partition, region int) *regionIndex {
	n := partition*(len(m.regions)+1) + region
	for len(w.indexes) <= n {
		w.indexes = append(w.indexes, nil)
	}
	return &w.indexes[n]
}

// bucketFor returns the bucket of one class, and makes it if need be.
func (w *work) bucketFor(m *Matcher, partition, region int, class int32) *bucket {
	a := w.indexOf(m, partition, region)
	for len(*a) <= int(class) {
		*a = append(*a, nil)
	}
	s := (*a)[class]
	if s == nil {
		if n := len(w.spare); n > 0 {
			s, w.spare = w.spare[n-1], w.spare[:n-1]
			s.reset()
		} else {
			s = &bucket{}
		}
		for size, n := range w.classes {
			if n == class {
				s.size = int(size.size)
			}
		}
		(*a)[class] = s
	}
	return s
}

type keyedEntry struct {
	key float64
	at  int32
}

func compareKeyed(a, b keyedEntry) int {
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

// bucket holds the tickets of one class that reach one region, sorted by key
// (Matcher.key). A ticket is in a bucket of each region that it reaches.
//
// Taken tickets stay in the bucket and are skipped: next and prev point past
// them, as in a union-find structure with path compression.
// Invariant: all tickets in [p, next[p]) and in (prev[p], p] are taken.
type bucket struct {
	at   []int32   // the entries' indices in work.waiting
	ms   []float64 // their latencies, copied because most candidates fail by latency
	keys []float64 // ascending
	next []int32   // the next waiting ticket is at or after this position
	prev []int32   // the previous waiting ticket is at or before this position
	size int       // players of each ticket
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

// within is [regionIndex.within] of one class.
func (b *bucket) within(low, high float64) int {
	if len(b.at) == 0 {
		return 0
	}
	i := sort.SearchFloat64s(b.keys, low)
	j := sort.Search(len(b.keys), func(k int) bool { return b.keys[k] > high })
	return (j - i) * b.size
}

// after returns the first position from p on whose ticket still waits;
// len(b.at): none. It moves the next pointers of the positions it skipped.
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

// upTo returns the last position down from p whose ticket still waits; −1: none.
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

// bucketCursor iterates over the waiting tickets of a bucket from a key in both
// directions, the nearest first, no farther than reach.
type bucketCursor struct {
	bucket      *bucket
	taken       []bool
	key, reach  float64
	bias        float64 // factor on distances above the key: below 1 prefers higher keys, above 1 lower ones
	left, right int32   // the nearest positions not yet returned, below and above the key

	at       int32 // the position that is next; −1: none
	distance float64
	upward   bool
}

func (b *bucket) cursor(key, reach, bias float64, taken []bool) bucketCursor {
	start := int32(sort.SearchFloat64s(b.keys, key))
	c := bucketCursor{bucket: b, taken: taken, key: key, reach: reach, bias: bias, left: b.upTo(start-1, taken), right: b.after(start, taken)}
	c.findNext()
	return c
}

// findNext finds the next position and its distance, with the bias applied.
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

// advance moves past the next position.
func (c *bucketCursor) advance() {
	if c.upward {
		c.right = c.bucket.after(c.right+1, c.taken)
	} else {
		c.left = c.bucket.upTo(c.left-1, c.taken)
	}
	c.findNext()
}

// nearestCursor iterates over the waiting tickets of a regionIndex from a key,
// the nearest first, whatever their class; of equally near ones the one with the
// higher priority. Classes can be closed; their tickets are skipped from then on.
type nearestCursor struct {
	parts    []bucketCursor
	class    []int32
	lastPart int // the part of the ticket returned last
}

// nearestTo returns a cursor that starts around a key. It reuses the memory of
// the cursor before, which is invalid from then on.
func (w *work) nearestTo(ix regionIndex, key, reach, bias float64) *nearestCursor {
	o := &w.cursor
	o.parts, o.class = o.parts[:0], o.class[:0]
	for class, s := range ix {
		if s == nil {
			continue
		}
		if part := s.cursor(key, reach, bias, w.taken); part.at >= 0 {
			o.parts = append(o.parts, part)
			o.class = append(o.class, int32(class))
		}
	}
	return o
}

// next returns the next ticket's index in work.waiting and its latency.
func (c *nearestCursor) next() (at int32, ms float64, ok bool) {
	best := -1
	for i := range c.parts {
		p := &c.parts[i]
		if p.at < 0 || best >= 0 && p.distance > c.parts[best].distance {
			continue
		}
		if best < 0 || p.distance < c.parts[best].distance || p.bucket.at[p.at] < at {
			best, at = i, p.bucket.at[p.at]
		}
	}
	if best < 0 {
		return 0, 0, false
	}
	p := &c.parts[best]
	c.lastPart, ms = best, p.bucket.ms[p.at]
	p.advance()
	return at, ms, true
}

// closeLast skips the class of the ticket returned last.
func (c *nearestCursor) closeLast() { c.parts[c.lastPart].at = -1 }

// lastClass is the class of the ticket returned last.
func (c *nearestCursor) lastClass() int32 { return c.class[c.lastPart] }

// closeLarger skips parties of more than size players.
func (c *nearestCursor) closeLarger(size int) {
	for i := range c.parts {
		if c.parts[i].bucket.size > size {
			c.parts[i].at = -1
		}
	}
}
