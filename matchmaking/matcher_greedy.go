package matchmaking

import (
	"cmp"
	"math"
	"slices"
)

// bestLineup is the cheapest lineup found so far for one ticket.
type bestLineup struct {
	ok     bool
	cost   float64
	region int
	picks  []pick
}

// formMatch tries to make a new match for the ticket at an index of w.waiting.
// The search is greedy: in each region within reach it adds the nearest
// compatible tickets, and the best of the resulting matches is kept.
func (m *Matcher) formMatch(i int32) {
	w := &m.work
	e := w.waiting[i]
	rules := m.rulesAt(w.age(e))
	w.best.ok = false
	vain := w.fruitless
	for _, region := range m.regionsFor(e, rules) {
		if !m.fillGreedily(e, rules, region, 1) {
			continue
		}
		w.keepBest()
		if m.config.OldestFirst {
			break
		}
		if len(w.waiting) > busyQueue {
			continue
		}
		for _, bias := range biases {
			if m.fillGreedily(e, rules, region, bias) {
				w.keepBest()
			}
		}
	}
	if w.best.ok {
		w.fruitless = vain
		m.commitMatch(e, rules)
	}
}

// biases are further attempts with a preference for higher or lower keys: the
// match with the smallest spread is not always centred on the ticket. Beyond
// busyQueue tickets there are near ones on both sides, and the attempts would
// cost too much time.
var biases = []float64{0.3, 3}

const busyQueue = 20_000 // tickets

// keepBest remembers the lineup if it is the best.
func (w *work) keepBest() {
	l, b := w.lineup, &w.best
	if cost := l.cost(); !b.ok || cost < b.cost {
		b.ok, b.cost, b.region = true, cost, l.region
		b.picks = append(b.picks[:0], l.picks...)
	}
}

// commitMatch makes the roster of the best lineup and marks its tickets as taken.
func (m *Matcher) commitMatch(e *Entry, rules *effectiveRules) {
	w := &m.work
	l := w.lineup
	l.start(rules, w.best.region)
	l.age = w.age(e)
	for _, p := range w.best.picks {
		l.add(p.e, p.side)
		w.taken[p.e.at] = true
		l.age = max(l.age, w.age(p.e))
	}
	if l.region == noRegion {
		l.chooseRegion()
	}
	w.rosters = append(w.rosters, l.roster(""))
}

// regionsFor are the regions in which a ticket may play, its nearest first;
// anywhere alone when no latency rule holds.
func (m *Matcher) regionsFor(e *Entry, rules *effectiveRules) []int {
	out := m.work.regions[:0]
	defer func() { m.work.regions = out }()
	if math.IsInf(rules.latency, 1) {
		out = append(out, noRegion)
		return out
	}
	for r, ms := range e.latency() {
		if ms <= rules.latency {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(e.floats[a], e.floats[b]) })
	return out
}

// indexFor returns the search index of a ticket's partition in a region.
func (m *Matcher) indexFor(e *Entry, region int) regionIndex {
	if region == noRegion {
		region = len(m.regions)
	}
	return *m.work.indexOf(m, int(m.work.partitionOf[e.at]), region)
}

// fillGreedily fills a lineup around a ticket with the nearest compatible
// tickets, without backtracking. It reports whether the match is legal.
func (m *Matcher) fillGreedily(e *Entry, rules *effectiveRules, region int, bias float64) bool {
	w := &m.work
	l := w.lineup
	a := m.indexFor(e, region)
	key, reach := m.key(e), m.searchRadius(rules)
	if m.config.OldestFirst {
		key = -1 // from the oldest ticket on
	}
	if bias == 1 && a.within(key-reach, key+reach) < rules.needed {
		return false
	}
	l.start(rules, region)
	l.age = w.age(e)
	if !l.fits(e) {
		return false
	}
	side := l.sideFor(e)
	if side < 0 {
		return false
	}
	l.add(e, side)
	m.addNearest(e, w.nearestTo(a, key, reach, bias))
	return l.balanceAndCheck()
}

// A pass counts the candidates it examines without finding a match. Beyond
// maxFruitless, about a quarter of a second, each further ticket examines only
// shortScan candidates: many parties that can't be matched must not delay the
// others.
const (
	maxFruitless = 2_000_000
	shortScan    = 8
)

// addNearest examines the nearest tickets and adds those that fit. A class of
// tickets that no team has room or roles for is skipped from then on.
func (m *Matcher) addNearest(e *Entry, o *nearestCursor) {
	w := &m.work
	l := w.lineup
	scan := m.config.Scan
	if m.config.OldestFirst {
		scan = math.MaxInt
	}
	if w.fruitless > maxFruitless {
		scan = min(scan, shortScan)
	}
	o.closeLarger(l.room())
	for range scan {
		w.fruitless++
		at, ms, ok := o.next()
		if !ok {
			return
		}
		c := w.waiting[at]
		if ms > l.rules.latency || c == e || !l.fits(c) {
			continue
		}
		w.fruitless += 2 // checking roles costs more than the checks before
		side := l.sideFor(c)
		if side >= 0 {
			l.add(c, side)
			room := l.room()
			if room == 0 {
				return
			}
			o.closeLarger(room)
		} else if w.uniform[o.lastClass()] {
			o.closeLast()
		}
	}
}

// balanceAndCheck balances the teams and says whether the match is legal.
func (l *lineup) balanceAndCheck() bool {
	for s := range l.teams {
		if !l.open && l.teams[s].size < l.rules.least[s] {
			return false
		}
	}
	l.balance()
	return l.legal()
}

// room is the largest party that some team has free seats for.
func (l *lineup) room() int {
	room := 0
	for s := range l.teams {
		room = max(room, l.rules.most[s]-l.teams[s].size)
	}
	return room
}

// sideFor chooses a team for a ticket; −1: none can take it. While teams are
// below their minimum the fullest of them is filled first, which leaves room for
// parties in the others; after that the emptiest, which evens the teams out.
func (l *lineup) sideFor(e *Entry) int {
	best, short, size := -1, false, 0
	for s := range l.teams {
		n := l.teams[s].size
		isShort := n < l.rules.least[s]
		if best >= 0 && (short && !isShort || short == isShort && (isShort && n <= size || !isShort && n >= size)) {
			continue
		}
		if l.canSeat(e, s) {
			best, short, size = s, isShort, n
		}
	}
	return best
}
