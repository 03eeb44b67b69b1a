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
	now         time.Duration
	waiting     []*Entry // the first in the line first
	taken       []bool   // by index in the line
	partitionOf []int32  // partition, by index in the line
	byKey       []keyedEntry
	partitions  map[string]int
	indexes     []regionIndex // by partition and region
	class       []int32       // by index in the line
	classes     map[class]int32
	uniform     []bool // by class
	cursor      nearestCursor
	spare       []*bucket
	rulesByAge  map[time.Duration]*effectiveRules
	lineup      *lineup
	best        bestLineup
	candidates  []*Entry
	nearest     []*Entry
	regions     []int
	joined      map[string][]pick // to open matches, in this pass
	suffix      []int
	chosen      []int // candidates by class
	budget      budget
	rosters     []Roster
	fruitless   int // looks at tickets that brought no match
	searched    int
	cut         int
}

// Pass makes all rosters it finds from the entries that wait. Order of the
// arguments does not matter. The entries and matches are only read; the caller
// takes rostered tickets out of what waits before the next pass.
func (m *Matcher) Pass(now time.Duration, waiting []*Entry, open []OpenMatch) []Roster {
	w := &m.work
	w.begin(now, waiting)
	m.seatPinned(open)
	w.removePinned()
	w.buildIndex(m)
	if m.rules.Backfill {
		for i := range open {
			m.backfill(&open[i])
		}
	}
	for i := range w.waiting {
		if !w.taken[i] {
			m.formMatch(int32(i))
		}
	}
	if !m.config.OldestFirst {
		m.searchUnmatched()
	}
	return w.rosters
}

// PassStats tell about the last pass.
type PassStats struct {
	Fruitless int // looks at tickets that brought no match
	Searched  int // tickets for which the exact search ran
	Cut       int // of these, searches that ended at their budget, undecided
}

// PassStats returns those of the last pass.
func (m *Matcher) PassStats() PassStats {
	return PassStats{m.work.fruitless, m.work.searched, m.work.cut}
}

func (w *work) init(m *Matcher) {
	w.lineup = m.newLineup()
	w.joined = map[string][]pick{}
	w.rulesByAge = map[time.Duration]*effectiveRules{}
}

func (w *work) begin(now time.Duration, waiting []*Entry) {
	w.now, w.rosters, w.fruitless, w.searched, w.cut = now, nil, 0, 0, 0
	clear(w.joined)
	w.waiting = append(w.waiting[:0], waiting...)
	slices.SortFunc(w.waiting, comparePriority)
	w.assignPositions()
	if len(w.rulesByAge) > 4096 {
		clear(w.rulesByAge) // of linear rules, one for every tenth of a second
	}
}

// assignPositions gives entries their places in the line; nobody is taken.
func (w *work) assignPositions() {
	for i, e := range w.waiting {
		e.at = int32(i)
	}
	w.taken = resize(w.taken, len(w.waiting))
	clear(w.taken)
}

// removePinned leaves in the line who is free to go anywhere.
func (w *work) removePinned() {
	w.waiting = slices.DeleteFunc(w.waiting, func(e *Entry) bool { return e.match != "" })
	w.assignPositions()
}

func (w *work) age(e *Entry) time.Duration { return max(0, w.now-e.created) }

// rulesAt returns the rules in force at an age. Where rules loosen linearly
// the age is rounded down, never up, so that passes can share them.
func (m *Matcher) rulesAt(age time.Duration) *effectiveRules {
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
	rules := m.work.rulesByAge[age]
	if rules == nil {
		rules = m.effectiveRules(age, nil)
		m.work.rulesByAge[age] = rules
	}
	return rules
}

// partition numbers what an entry must share with its match for ever.
func (w *work) partition(m *Matcher, e *Entry) int {
	if len(m.partitionRules) == 0 {
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
	if m.searchRule < 0 || m.config.OldestFirst {
		return float64(e.at)
	}
	return (e.low(m.searchRule) + e.high(m.searchRule)) / 2
}

// searchRadius is how far from a key others can be.
func (m *Matcher) searchRadius(rules *effectiveRules) float64 {
	if m.searchRule < 0 || m.config.OldestFirst {
		return math.Inf(1)
	}
	return rules.distance[m.searchRule]
}
