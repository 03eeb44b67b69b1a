package matchmaking

import (
	"math"
	"time"
)

// noRegion is the region of a match that no latency rule places.
const noRegion = -1

// lineup is a match being put together: tickets placed in teams, and what
// rules ask about all of them. Tickets are taken back in reverse order.
type lineup struct {
	m      *Matcher
	rules      *effectiveRules
	age    time.Duration // of the oldest ticket
	region int

	teams   []team
	picks   []pick
	players int
	texts   []string // of the first ticket; rules of kind equal compare with it
	low     []float64
	high    []float64
	common  []uint64

	// What low, high and common were before each pick, for taking it back.
	lows, highs []float64
	commons     []uint64

	open   bool // an open match: teams may stay short
	seated int  // the first picks, which are in the match already
	before breach

	roleChecks []*roleCheck     // by side; nil: no roles
	sums  [][]float64 // by weighed attribute and side, while teams are balanced
}

type team struct {
	size    int
	largest int // its largest party
	roleCheck    *roleCheck
}

type pick struct {
	e       *Entry
	side    int
	largest int // of the team, before
}

// breach is how far an open match is beyond the rules already. That is not
// held against tickets which make it no worse; but who must have the same
// string as all others finds no such match among players who differ.
type breach struct {
	mixed   []bool // by Equal rule
	spread  []float64
	common  []int
	gap     []float64
	parties int
}

func (m *Matcher) newLineup() *lineup {
	l := &lineup{m: m, teams: make([]team, len(m.sides)), roleChecks: make([]*roleCheck, len(m.sides))}
	l.low = make([]float64, len(m.distances))
	l.high = make([]float64, len(m.distances))
	l.common = make([]uint64, len(m.overlaps))
	for range m.weighed {
		l.sums = append(l.sums, make([]float64, len(m.sides)))
	}
	for s := range m.sides {
		if i := m.roles[s]; i >= 0 {
			q := &m.rules.Rules[i]
			a, _ := m.rules.attribute(q.Attribute)
			l.roleChecks[s] = newRoleCheck(a, q.Seats, m.slot(m.sets, q.Attribute))
		}
	}
	return l
}

// start empties the lineup and puts it under rules.
func (l *lineup) start(rules *effectiveRules, region int) {
	l.rules, l.region = rules, region
	l.picks, l.players, l.texts = l.picks[:0], 0, nil
	l.lows, l.highs, l.commons = l.lows[:0], l.highs[:0], l.commons[:0]
	l.age, l.open, l.seated = rules.age, false, 0
	for d := range l.low {
		l.low[d], l.high[d] = math.Inf(1), math.Inf(-1)
	}
	for o := range l.common {
		l.common[o] = ^uint64(0)
	}
	for s := range l.teams {
		l.teams[s] = team{}
		if rules.roles[s] >= 0 {
			l.teams[s].roleCheck = l.roleChecks[s]
			l.teams[s].roleCheck.clear()
		}
	}
}

// add puts a ticket into a team. Whether it may be there is asked before.
func (l *lineup) add(e *Entry, side int) {
	t := &l.teams[side]
	l.picks = append(l.picks, pick{e: e, side: side, largest: t.largest})
	l.lows = append(l.lows, l.low...)
	l.highs = append(l.highs, l.high...)
	l.commons = append(l.commons, l.common...)
	t.size += e.size()
	l.players += e.size()
	t.largest = max(t.largest, e.size())
	l.countRoles(t, e, 1)
	for d := range l.low {
		l.low[d], l.high[d] = min(l.low[d], e.low(d)), max(l.high[d], e.high(d))
	}
	for o := range l.common {
		l.common[o] &= e.masks[o]
	}
	if l.texts == nil {
		l.texts = e.texts
	}
}

// removeLast takes the last ticket out again.
func (l *lineup) removeLast() {
	n := len(l.picks) - 1
	p := l.picks[n]
	l.picks = l.picks[:n]
	t := &l.teams[p.side]
	t.size -= p.e.size()
	l.players -= p.e.size()
	t.largest = p.largest
	l.countRoles(t, p.e, -1)
	d, o := len(l.low), len(l.common)
	copy(l.low, l.lows[n*d:])
	copy(l.high, l.highs[n*d:])
	copy(l.common, l.commons[n*o:])
	l.lows, l.highs, l.commons = l.lows[:n*d], l.highs[:n*d], l.commons[:n*o]
	if n == 0 {
		l.texts = nil
	}
}

// countRoles adds a ticket's members to a team's roles, or by −1 takes them away.
func (l *lineup) countRoles(t *team, e *Entry, by int) {
	if t.roleCheck == nil {
		return
	}
	for p := range e.players {
		t.roleCheck.add(t.roleCheck.roles(l.m.set(e, p, t.roleCheck.slot)), by)
	}
}
