package matchmaking

import (
	"slices"
)

// class is what makes tickets alike for the teams: those of one class fit a
// team's room and roles all or, where the class is uniform, not at all.
type class struct {
	size int32
	// mask is a single player's roles; 0 for parties, whose members differ.
	mask uint64
}

// regionIndex is the shelves of one partition and region, by class; nil where
// nobody stands.
type regionIndex []*bucket

// within is how many players stood between two keys, both inclusive, when the
// pass began: never fewer than now.
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

// What Matcher.roleSlot is when there is not one attribute that gives roles.
const (
	noRoles   = -1 // there are none
	manyRoles = -2 // teams go by different attributes
)

// buildIndex sorts the line's entries onto shelves.
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

// indexOf returns a partition's shelves of a region; one behind the last region
// is for matches anywhere.
func (w *work) indexOf(m *Matcher, partition, region int) *regionIndex {
	n := partition*(len(m.regions)+1) + region
	for len(w.indexes) <= n {
		w.indexes = append(w.indexes, nil)
	}
	return &w.indexes[n]
}

// bucketFor returns the shelf of one class, which is put up if need be.
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
