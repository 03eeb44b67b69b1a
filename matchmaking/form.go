package matchmaking

import (
	"math"
	"slices"
)

// kept is the best lineup so far for one ticket.
type kept struct {
	ok     bool
	cost   float64
	region int
	picks  []pick
}

// form tries to make a match for the ticket at a place in the line: in each
// region within its reach it takes the nearest that fit, and the best of these
// is kept.
func (m *Matcher) form(i int32) {
	w := &m.work
	e := w.line[i]
	f := m.forceAt(w.age(e))
	w.best.ok = false
	vain := w.vain
	for _, region := range m.regionsFor(e, f) {
		if !m.dive(e, f, region, 1) {
			continue
		}
		w.keep()
		if m.config.OldestFirst {
			break
		}
		if len(w.line) > crowded {
			continue
		}
		for _, lean := range leans {
			if m.dive(e, f, region, lean) {
				w.keep()
			}
		}
	}
	if w.best.ok {
		w.vain = vain
		m.settle(e, f)
	}
}

// leans are other ways to look around a ticket: farther up, farther down. The
// narrowest match around it is not always the one it stands in the middle of.
// In a crowd there are near ones on both sides, and time is dear.
var leans = []float64{0.3, 3}

const crowded = 20_000 // tickets

// keep remembers the lineup if it is the best.
func (w *work) keep() {
	l, b := w.lineup, &w.best
	if cost := l.cost(); !b.ok || cost < b.cost {
		b.ok, b.cost, b.region = true, cost, l.region
		b.picks = append(b.picks[:0], l.picks...)
	}
}

// settle makes the roster of the best lineup; its tickets are gone.
func (m *Matcher) settle(e *Entry, f *force) {
	w := &m.work
	l := w.lineup
	l.start(f, w.best.region)
	l.age = w.age(e)
	for _, p := range w.best.picks {
		l.place(p.e, p.side)
		w.taken[p.e.at] = true
		l.age = max(l.age, w.age(p.e))
	}
	if l.region == anywhere {
		l.locate()
	}
	w.rosters = append(w.rosters, l.roster(""))
}

// regionsFor are the regions in which a ticket may play, its nearest first;
// anywhere alone when no latency rule holds.
func (m *Matcher) regionsFor(e *Entry, f *force) []int {
	out := m.work.regions[:0]
	defer func() { m.work.regions = out }()
	if math.IsInf(f.latency, 1) {
		out = append(out, anywhere)
		return out
	}
	for r, ms := range e.latency() {
		if ms <= f.latency {
			out = append(out, r)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int {
		switch {
		case e.floats[a] < e.floats[b]:
			return -1
		case e.floats[a] > e.floats[b]:
			return 1
		}
		return 0
	})
	return out
}

// aisleFor is where tickets for a match of this one stand.
func (m *Matcher) aisleFor(e *Entry, region int) aisle {
	if region == anywhere {
		region = len(m.regions)
	}
	return *m.work.aisle(m, int(m.work.home[e.at]), region)
}

// dive fills a lineup around a ticket with the nearest that fit, without
// taking anything back. It says whether a legal match came of it.
func (m *Matcher) dive(e *Entry, f *force, region int, lean float64) bool {
	w := &m.work
	l := w.lineup
	a := m.aisleFor(e, region)
	key, reach := m.key(e), m.reachOf(f)
	if m.config.OldestFirst {
		key = -1 // from the head of the line
	}
	if lean == 1 && a.within(key-reach, key+reach) < f.needed {
		return false
	}
	l.start(f, region)
	l.age = w.age(e)
	if !l.fits(e) {
		return false
	}
	side := l.sideFor(e)
	if side < 0 {
		return false
	}
	l.place(e, side)
	m.gather(e, w.walk(a, key, reach, lean))
	return l.finish()
}

// Looks that brought no match are counted in a pass. When they are too many,
// about a quarter of a second, the rest of the line looks at few: a crowd of parties
// that can't be matched must not hold up the others.
const (
	maxVain   = 2_000_000
	shortScan = 8
)

// gather looks at the nearest tickets and places those that fit. A class of
// tickets that no team has room or roles for is not looked at any more.
func (m *Matcher) gather(e *Entry, o *around) {
	w := &m.work
	l := w.lineup
	scan := m.config.Scan
	if m.config.OldestFirst {
		scan = math.MaxInt
	}
	if w.vain > maxVain {
		scan = min(scan, shortScan)
	}
	o.closeLarger(l.room())
	for range scan {
		w.vain++
		at, ms, ok := o.take()
		if !ok {
			return
		}
		c := w.line[at]
		if ms > l.f.latency || c == e || !l.fits(c) {
			continue
		}
		w.vain += 2 // asking for roles is dearer than looking
		side := l.sideFor(c)
		if side >= 0 {
			l.place(c, side)
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

// finish balances the teams and says whether the match is legal.
func (l *lineup) finish() bool {
	for s := range l.teams {
		if !l.open && l.teams[s].size < l.f.least[s] {
			return false
		}
	}
	l.balance()
	return l.legal()
}

// room is the largest party that some team has places for.
func (l *lineup) room() int {
	room := 0
	for s := range l.teams {
		room = max(room, l.f.most[s]-l.teams[s].size)
	}
	return room
}

// sideFor chooses a team for a ticket; −1: none takes it. As long as teams are
// short the fullest is filled first, which leaves room for parties in the
// others; then the emptiest, which evens them.
func (l *lineup) sideFor(e *Entry) int {
	best, short, size := -1, false, 0
	for s := range l.teams {
		n := l.teams[s].size
		isShort := n < l.f.least[s]
		if best >= 0 && (short && !isShort || short == isShort && (isShort && n <= size || !isShort && n >= size)) {
			continue
		}
		if l.seats(e, s) {
			best, short, size = s, isShort, n
		}
	}
	return best
}
