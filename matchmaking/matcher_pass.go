package matchmaking

import (
	"math"
	"slices"
	"time"
)

// OpenMatch is a running match with free seats, or a private one that waits for
// its players: a candidate for backfill.
type OpenMatch struct {
	ID     string
	Region string // "" if no rule asks for one
	Seated []Seated
	// PinnedOnly admits only tickets pinned to this match.
	PinnedOnly bool
	// Room is how many players may join. Zero: as many as the teams take.
	Room int
}

// Seated is a ticket whose players are in the match. Players who have left are
// not part of it; a player with an assigned role carries only that role.
type Seated struct {
	Entry *Entry
	Team  string
}

// work is the working memory of a pass, kept for the next one.
type work struct {
	// The waiting tickets, by priority.
	now         time.Duration
	waiting     []*Entry
	taken       []bool  // by index in waiting: it is in a roster of this pass
	partitionOf []int32 // by index in waiting
	class       []int32 // by index in waiting

	// The search index.
	byKey      []keyedEntry
	partitions map[string]int
	classes    map[class]int32
	uniform    []bool        // by class
	indexes    []regionIndex // by partition and region
	spare      []*bucket     // of passes before, to be used again

	// The search for one ticket.
	rulesByAge map[time.Duration]*effectiveRules // a cache, kept over passes
	lineup     *lineup
	best       bestLineup
	cursor     nearestCursor
	regions    []int
	nearest    []*Entry // backfill
	candidates []*Entry // exact search: tried in this order
	suffix     []int    // exact search: players of candidates[i:]
	chosen     []int    // exact search: candidates by class
	budget     budget

	// The results.
	joined                   map[string][]pick // by open match
	rosters                  []Roster
	fruitless, searched, cut int // see PassStats
}

// Pass makes all rosters it finds from the waiting entries: pinned tickets,
// backfill, new matches by greedy search, then exact search for tickets left
// over. The order of the arguments does not matter. Entries and matches are only
// read; before the next pass the caller removes the tickets of the rosters.
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

// PassStats are the work counters of the last pass.
type PassStats struct {
	Fruitless int // candidates examined without finding a match
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

// assignPositions writes each entry's index in w.waiting into it, and marks no
// entry as taken.
func (w *work) assignPositions() {
	for i, e := range w.waiting {
		e.at = int32(i)
	}
	w.taken = resize(w.taken, len(w.waiting))
	clear(w.taken)
}

// removePinned removes tickets that are pinned to a match from the waiting ones.
func (w *work) removePinned() {
	w.waiting = slices.DeleteFunc(w.waiting, func(e *Entry) bool { return e.match != "" })
	w.assignPositions()
}

func (w *work) age(e *Entry) time.Duration { return max(0, w.now-e.created) }

// rulesAt returns the effective rules at an age, from a cache. Where rules
// loosen linearly the age is rounded down to a tenth of a second, never up, so
// that tickets of about one age share them.
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

// partition returns the number of an entry's partition, a new one if need be.
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

// key is the number by which the search index sorts a ticket: the middle of
// what the search rule compares, or without such a rule its position in the
// queue.
func (m *Matcher) key(e *Entry) float64 {
	if m.searchRule < 0 || m.config.OldestFirst {
		return float64(e.at)
	}
	return (e.low(m.searchRule) + e.high(m.searchRule)) / 2
}

// searchRadius is how far from a ticket's key compatible tickets can be.
func (m *Matcher) searchRadius(rules *effectiveRules) float64 {
	if m.searchRule < 0 || m.config.OldestFirst {
		return math.Inf(1)
	}
	return rules.distance[m.searchRule]
}
