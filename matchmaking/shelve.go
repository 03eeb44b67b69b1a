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

// aisle is the shelves of one partition and region, by class; nil where
// nobody stands.
type aisle []*shelf

// within is how many players stood between two keys, both inclusive, when the
// pass began: never fewer than now.
func (a aisle) within(low, high float64) int {
	n := 0
	for _, s := range a {
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

// shelve sorts the line's entries onto shelves.
func (w *work) shelve(m *Matcher) {
	for _, a := range w.aisles {
		for _, s := range a {
			if s != nil {
				w.spare = append(w.spare, s)
			}
		}
	}
	w.aisles, w.uniform = w.aisles[:0], w.uniform[:0]
	w.partitions, w.classes = map[string]int{}, map[class]int32{}
	w.home = resize(w.home, len(w.line))
	w.class = resize(w.class, len(w.line))
	w.byKey = resize(w.byKey, len(w.line))
	for i, e := range w.line {
		w.home[i] = int32(w.partition(m, e))
		w.class[i] = w.classify(m, e)
		w.byKey[i] = keyed{m.key(e), int32(i)}
	}
	slices.SortFunc(w.byKey, compareKeyed)
	for _, k := range w.byKey {
		e, home := w.line[k.at], int(w.home[k.at])
		if m.placeless {
			w.shelf(m, home, len(m.regions), w.class[k.at]).push(k.at, k.key, 0)
		}
		if m.reach < 0 {
			continue
		}
		for r, ms := range e.latency() {
			if ms <= m.farthest {
				w.shelf(m, home, r, w.class[k.at]).push(k.at, k.key, ms)
			}
		}
	}
}

// aisle returns a partition's shelves of a region; one behind the last region
// is for matches anywhere.
func (w *work) aisle(m *Matcher, partition, region int) *aisle {
	n := partition*(len(m.regions)+1) + region
	for len(w.aisles) <= n {
		w.aisles = append(w.aisles, nil)
	}
	return &w.aisles[n]
}

// shelf returns the shelf of one class, which is put up if need be.
func (w *work) shelf(m *Matcher, partition, region int, class int32) *shelf {
	a := w.aisle(m, partition, region)
	for len(*a) <= int(class) {
		*a = append(*a, nil)
	}
	s := (*a)[class]
	if s == nil {
		if n := len(w.spare); n > 0 {
			s, w.spare = w.spare[n-1], w.spare[:n-1]
			s.reset()
		} else {
			s = &shelf{}
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
