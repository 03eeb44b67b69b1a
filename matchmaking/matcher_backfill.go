package matchmaking

import (
	"math"
	"slices"
)

// seatPinned seats tickets in the open match they are pinned to, in the order of
// priority. A team must have room and roles for them; no other rule applies,
// because players who follow a friend or a join code chose their match.
func (m *Matcher) seatPinned(open []OpenMatch) {
	w := &m.work
	pinned := map[string][]*Entry{}
	for _, e := range w.waiting {
		if e.match != "" {
			pinned[e.match] = append(pinned[e.match], e)
		}
	}
	if len(pinned) == 0 {
		return
	}
	for i := range open {
		o := &open[i]
		for _, e := range pinned[o.ID] {
			m.loadOpenMatch(o, w.rulesForPinned(m, e))
			l := w.lineup
			l.age = w.age(e)
			if side := l.emptiest(e, nil); side >= 0 && w.hasRoom(o, e) {
				l.add(e, side)
				m.commitJoin(o)
			}
		}
	}
}

// hasRoom reports whether the match's Room admits the ticket besides those that
// joined in this pass.
func (w *work) hasRoom(o *OpenMatch, e *Entry) bool {
	players := e.size()
	for _, p := range w.joined[o.ID] {
		players += p.e.size()
	}
	return o.Room == 0 || players <= o.Room
}

// rulesForPinned are the effective rules of a pinned ticket: room and roles.
func (w *work) rulesForPinned(m *Matcher, e *Entry) *effectiveRules {
	f := *m.rulesAt(w.age(e))
	f.parties = math.MaxInt
	return &f
}

// loadOpenMatch sets the lineup to an open match with its seated players and the
// tickets that joined in this pass.
func (m *Matcher) loadOpenMatch(o *OpenMatch, rules *effectiveRules) {
	l := m.work.lineup
	l.start(rules, m.regionOf(o))
	l.open = true
	for _, s := range o.Seated {
		if side := m.sideOf(s.Team); side >= 0 {
			l.add(s.Entry, side)
		}
	}
	for _, s := range m.work.joined[o.ID] {
		l.add(s.e, s.side)
	}
	l.seated = len(l.picks)
	l.recordBreach()
}

func (m *Matcher) regionOf(o *OpenMatch) int {
	return slices.Index(m.regions, o.Region) // −1 is noRegion
}

func (m *Matcher) sideOf(team string) int {
	return slices.IndexFunc(m.sides, func(s side) bool { return s.name == team })
}

// commitJoin makes the roster of the tickets added since loadOpenMatch.
func (m *Matcher) commitJoin(o *OpenMatch) {
	w := &m.work
	l := w.lineup
	for _, p := range l.picks[l.seated:] {
		w.taken[p.e.at] = true
		w.joined[o.ID] = append(w.joined[o.ID], p)
	}
	w.rosters = append(w.rosters, l.roster(o.ID))
}

// backfill adds waiting tickets to an open match, one after the other: of the
// nearest those that waited longest, each by the effective rules at its own age.
// A ticket that joins may make others compatible, so it repeats until none
// joins.
func (m *Matcher) backfill(o *OpenMatch) {
	if o.PinnedOnly {
		return
	}
	w := &m.work
	l := w.lineup
	m.loadOpenMatch(o, m.rulesAt(0))
	near := m.nearestToLineup()
	for again := len(near) > 0; again; {
		again = false
		for _, c := range near {
			if l.players >= m.rules.MostPlayers() {
				return
			}
			again = !w.taken[c.at] && m.tryJoin(o, c) || again
		}
	}
}

// tryJoin adds a ticket to the emptiest team with which the match stays legal.
func (m *Matcher) tryJoin(o *OpenMatch, c *Entry) bool {
	l := m.work.lineup
	if rules := m.rulesAt(m.work.age(c)); rules != l.rules {
		m.loadOpenMatch(o, rules)
	}
	l.age = m.work.age(c)
	if !l.fits(c) || !m.work.hasRoom(o, c) {
		return false
	}
	tried := make([]bool, len(l.teams))
	for range l.teams {
		side := l.emptiest(c, tried)
		if side < 0 {
			return false
		}
		tried[side] = true
		l.add(c, side)
		if l.legal() {
			m.commitJoin(o)
			m.loadOpenMatch(o, l.rules)
			return true
		}
		l.removeLast()
	}
	return false
}

// emptiest is the team with the fewest players that can take a ticket; −1: none.
func (l *lineup) emptiest(e *Entry, except []bool) int {
	best := -1
	for s := range l.teams {
		if (best < 0 || l.teams[s].size < l.teams[best].size) && (except == nil || !except[s]) && l.canSeat(e, s) {
			best = s
		}
	}
	return best
}

// nearestToLineup collects the waiting tickets nearest to the lineup, in the order
// of priority.
func (m *Matcher) nearestToLineup() []*Entry {
	w := &m.work
	l := w.lineup
	key := 0.0
	if m.searchRule >= 0 && l.players > 0 && !m.config.OldestFirst {
		key = (l.low[m.searchRule] + l.high[m.searchRule]) / 2
	}
	region := l.region
	if m.regionless || region < 0 {
		region = len(m.regions)
	}
	first, homes := 0, max(1, len(w.partitions))
	if l.players > 0 {
		// The partition of the seated players. One that is new has no waiting tickets.
		first, homes = w.partition(m, l.picks[0].e), 1
	}
	out := w.nearest[:0]
	for home := first; home < first+homes; home++ {
		o := w.nearestTo(*w.indexOf(m, home, region), key, math.Inf(1), 1)
		for range m.config.Scan {
			at, _, ok := o.next()
			if !ok {
				break
			}
			out = append(out, w.waiting[at])
		}
	}
	w.nearest = out
	slices.SortFunc(out, comparePriority)
	return out
}
