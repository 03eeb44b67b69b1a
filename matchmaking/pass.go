package matchmaking

import (
	"math"
	"slices"
	"time"
)

// OpenMatch is a running match with places, or a private one that waits for
// its players.
type OpenMatch struct {
	ID     string
	Region string // "" if no rule asks for one
	Seated []Seated
	// PinnedOnly keeps out all but tickets pinned to it.
	PinnedOnly bool
	// Room is how many players may join. Zero: as many as the teams take.
	Room int
}

// Seated is a ticket whose players are in the match. Those who left are not in
// the ticket; one who has a role carries only that one.
type Seated struct {
	Entry *Entry
	Team  string
}

// work is the memory of a pass, kept for the next.
type work struct {
	now        time.Duration
	line       []*Entry // the first in the line first
	taken      []bool   // by index in the line
	home       []int32  // partition, by index in the line
	byKey      []keyed
	partitions map[string]int
	aisles     []aisle // by partition and region
	class      []int32 // by index in the line
	classes    map[class]int32
	uniform    []bool // by class
	around     around
	spare      []*shelf
	forces     map[time.Duration]*force
	lineup     *lineup
	best       kept
	candidates []*Entry
	near       []*Entry
	regions    []int
	joined     map[string][]pick // to open matches, in this pass
	suffix     []int
	chosen     []int // candidates by class
	budget     budget
	rosters    []Roster
	vain       int // looks at tickets that brought no match
	searched   int
	cut        int
}

// Pass makes all rosters it finds from the entries that wait. Order of the
// arguments does not matter. The entries and matches are only read; the caller
// takes rostered tickets out of what waits before the next pass.
func (m *Matcher) Pass(now time.Duration, waiting []*Entry, open []OpenMatch) []Roster {
	w := &m.work
	w.begin(now, waiting)
	m.seatPinned(open)
	w.unpin()
	w.shelve(m)
	if m.rules.Backfill {
		for i := range open {
			m.fill(&open[i])
		}
	}
	for i := range w.line {
		if !w.taken[i] {
			m.form(int32(i))
		}
	}
	if !m.config.OldestFirst {
		m.searchStranded()
	}
	return w.rosters
}

// PassStats tell about the last pass.
type PassStats struct {
	Vain     int // looks at tickets that brought no match
	Searched int // tickets for which the exact search ran
	Cut      int // of these, searches that ended at their budget, undecided
}

// PassStats returns those of the last pass.
func (m *Matcher) PassStats() PassStats { return PassStats{m.work.vain, m.work.searched, m.work.cut} }

func (w *work) init(m *Matcher) {
	w.lineup = m.newLineup()
	w.joined = map[string][]pick{}
	w.forces = map[time.Duration]*force{}
}

func (w *work) begin(now time.Duration, waiting []*Entry) {
	w.now, w.rosters, w.vain, w.searched, w.cut = now, nil, 0, 0, 0
	clear(w.joined)
	w.line = append(w.line[:0], waiting...)
	slices.SortFunc(w.line, compareLine)
	w.index()
	if len(w.forces) > 4096 {
		clear(w.forces) // of linear rules, one for every tenth of a second
	}
}

// index gives entries their places in the line; nobody is taken.
func (w *work) index() {
	for i, e := range w.line {
		e.at = int32(i)
	}
	w.taken = resize(w.taken, len(w.line))
	clear(w.taken)
}

// unpin leaves in the line who is free to go anywhere.
func (w *work) unpin() {
	w.line = slices.DeleteFunc(w.line, func(e *Entry) bool { return e.match != "" })
	w.index()
}

func (w *work) age(e *Entry) time.Duration { return max(0, w.now-e.created) }

// forceAt returns the rules in force at an age. Where rules loosen linearly
// the age is rounded down, never up, so that passes can share them.
func (m *Matcher) forceAt(age time.Duration) *force {
	const grain = 100 * time.Millisecond
	changes := m.changes
	i, exact := slices.BinarySearch(changes, age)
	switch {
	case m.linear && age < changes[len(changes)-1]:
		age = max(age.Truncate(grain), changes[max(0, i-1)])
	case exact:
	default:
		age = changes[i-1] // changes[0] is 0
	}
	f := m.work.forces[age]
	if f == nil {
		f = m.inForce(age, nil)
		m.work.forces[age] = f
	}
	return f
}

// partition numbers what an entry must share with its match for ever.
func (w *work) partition(m *Matcher, e *Entry) int {
	if len(m.split) == 0 {
		return 0
	}
	name := m.partition(e)
	n, ok := w.partitions[name]
	if !ok {
		n = len(w.partitions)
		w.partitions[name] = n
	}
	return n
}

// key is the number by which a ticket is sought: the middle of what the
// foremost distance rule compares, or without one its place in the line.
func (m *Matcher) key(e *Entry) float64 {
	if m.keyed < 0 || m.config.OldestFirst {
		return float64(e.at)
	}
	return (e.low(m.keyed) + e.high(m.keyed)) / 2
}

// reachOf is how far from a key others can be.
func (m *Matcher) reachOf(f *force) float64 {
	if m.keyed < 0 || m.config.OldestFirst {
		return math.Inf(1)
	}
	return f.distance[m.keyed]
}
