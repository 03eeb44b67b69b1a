package matchmaking

import (
	"math"
	"time"
)

// budget bounds the exact (exhaustive) search in steps, so that a queue of
// tickets which can't be matched does not cost more with every pass. A step is
// one ticket tried in one team, about 50 ns.
type budget struct{ left int }

const (
	stepsSettled = 200_000 // per pass, for tickets past their last expansion
	stepsFresh   = 10_000  // per pass, for the others
	stepsEach    = 20_000  // per ticket and region
	searchWidth  = 40      // candidates per ticket
	searchAlike  = 20      // of these, of one class, or as many as a match has players
)

// searchUnmatched runs the exact search for tickets that greedy search left
// unmatched: first those past the last expansion, for which no rule relaxes any
// more.
func (m *Matcher) searchUnmatched() {
	w := &m.work
	w.budget.left = stepsSettled
	m.searchSome(m.lastExpansion, math.MaxInt64)
	w.budget.left = stepsFresh
	m.searchSome(0, m.lastExpansion)
}

// searchSome searches for tickets whose age is in [from, to). Half of the budget
// is spent in the order of priority; the rest from an offset that moves from
// pass to pass, so that hopeless old tickets don't use up the budget of others.
func (m *Matcher) searchSome(from, to time.Duration) {
	w := &m.work
	half := w.budget.left / 2
	n := len(w.waiting)
	i := 0
	for ; i < n && w.budget.left > half; i++ {
		m.searchOne(int32(i), from, to)
	}
	rest := n - i
	if rest == 0 {
		return
	}
	offset := int(uint64(w.now/time.Millisecond) * 0x9E3779B97F4A7C15 >> 33 % uint64(rest))
	for k := 0; k < rest && w.budget.left > 0; k++ {
		m.searchOne(int32(i+(offset+k)%rest), from, to)
	}
}

func (m *Matcher) searchOne(i int32, from, to time.Duration) {
	w := &m.work
	e := w.waiting[i]
	if age := w.age(e); w.taken[i] || age < from || age >= to {
		return
	}
	rules := m.rulesAt(w.age(e))
	w.best.ok = false
	w.searched++
	for _, region := range m.regionsFor(e, rules) {
		if m.search(e, rules, region) {
			w.keepBest()
		}
	}
	if w.best.ok {
		m.commitMatch(e, rules)
	}
}

// search tries every combination of the nearest tickets with this one, larger
// matches first, until one is legal or the budget ends.
func (m *Matcher) search(e *Entry, rules *effectiveRules, region int) bool {
	w := &m.work
	l := w.lineup
	a := m.indexFor(e, region)
	l.start(rules, region)
	l.age = w.age(e)
	if !l.fits(e) {
		return false
	}
	m.chooseCandidates(a, e, rules)
	if len(w.suffix) == 0 || e.size()+w.suffix[0] < rules.needed {
		return false
	}
	steps := min(stepsEach, w.budget.left)
	left := steps
	found := l.tryIn(e, func() bool { return l.extend(w.candidates, w.suffix, &left) }, &left)
	w.budget.left -= steps - max(0, left)
	if left <= 0 && !found {
		w.cut++
	}
	return found
}

// chooseCandidates collects the nearest compatible tickets in w.candidates, and
// the players from each on in w.suffix.
func (m *Matcher) chooseCandidates(a regionIndex, e *Entry, rules *effectiveRules) {
	w := &m.work
	l := w.lineup
	l.add(e, 0)
	defer l.removeLast()
	w.candidates = w.candidates[:0]
	o := w.nearestTo(a, m.key(e), m.searchRadius(rules), 1)
	alike := max(searchAlike, m.rules.MostPlayers())
	w.chosen = resize(w.chosen, len(w.uniform))
	clear(w.chosen)
	for scanned := 0; len(w.candidates) < searchWidth && scanned < m.config.Scan; scanned++ {
		at, _, ok := o.next()
		if !ok {
			break
		}
		c := w.waiting[at]
		if c == e || !l.fits(c) {
			continue
		}
		w.candidates = append(w.candidates, c)
		// Many tickets of one class must not displace other classes that the
		// match needs.
		class := o.lastClass()
		if w.chosen[class]++; w.chosen[class] >= alike {
			o.closeLast()
		}
	}
	w.suffix = resize(w.suffix, len(w.candidates)+1)
	w.suffix[len(w.candidates)] = 0
	for i := len(w.candidates) - 1; i >= 0; i-- {
		w.suffix[i] = w.suffix[i+1] + w.candidates[i].size()
	}
}

// tryIn adds a ticket to each team in turn and calls next; of empty teams that
// are alike only one is tried.
func (l *lineup) tryIn(e *Entry, next func() bool, left *int) bool {
	for s := range l.teams {
		if l.sameAsBefore(s) || !l.canSeat(e, s) {
			continue
		}
		if *left--; *left <= 0 {
			return false
		}
		l.add(e, s)
		if next() {
			return true
		}
		l.removeLast()
	}
	return false
}

func (l *lineup) sameAsBefore(s int) bool {
	return s > 0 && l.teams[s].size == 0 && l.teams[s-1].size == 0 && l.m.sides[s].class == l.m.sides[s-1].class
}

// extend tries each candidate in turn: with it, then without it.
func (l *lineup) extend(rest []*Entry, suffix []int, left *int) bool {
	if l.room() == 0 || len(rest) == 0 {
		*left -= l.legalCost()
		return l.legal()
	}
	if l.missing() > suffix[0] || *left <= 0 {
		return false
	}
	next := func() bool { return l.extend(rest[1:], suffix[1:], left) }
	if l.fits(rest[0]) && l.tryIn(rest[0], next, left) {
		return true
	}
	return next()
}

// legalCost is what a call of legal costs, in steps.
func (l *lineup) legalCost() int {
	return len(l.picks) * (1 + 10*len(l.m.numerics))
}

// missing is how many players the teams lack to their minimum.
func (l *lineup) missing() int {
	n := 0
	for s := range l.teams {
		n += max(0, l.rules.least[s]-l.teams[s].size)
	}
	return n
}
