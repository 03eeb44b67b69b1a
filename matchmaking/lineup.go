package matchmaking

import (
	"math"
	"math/bits"
	"slices"
	"time"
)

// noRegion is the region of a match without an effective latency rule.
const noRegion = -1

// lineup is a match being put together: tickets assigned to teams, and the
// totals by which rules are checked. Tickets are removed in reverse order.
//
// Invariant: teams, players, low, high, common and texts are those of picks.
type lineup struct {
	// Static.
	m          *Matcher
	roleChecks []*roleCheck // by side; nil: no roles

	// Set by start.
	rules  *effectiveRules
	age    time.Duration // of the oldest ticket
	region int           // noRegion, or an index of Matcher.regions

	// Changed by add and removeLast.
	picks   []pick
	teams   []team
	players int
	texts   []string  // of the first ticket; Equal rules compare with it
	low     []float64 // by Distance rule: the lowest number of all picks
	high    []float64 // by Distance rule: the highest
	common  []uint64  // by Overlap rule: the values that all have

	// low, high and common before each pick, for removing it again.
	lows, highs []float64
	commons     []uint64

	// Set by loadOpenMatch.
	open   bool // teams may stay below their minimum
	seated int  // the first picks, which are in the match already
	before breach

	// Scratch memory of balance and legal.
	sums [][]float64 // by weighed attribute and side
}

type team struct {
	size      int        // players
	largest   int        // its largest party
	roleCheck *roleCheck // nil: no roles
}

type pick struct {
	e       *Entry
	side    int
	largest int // the team's largest party before this pick
}

// breach is how far an open match is beyond the effective rules already. A
// ticket that makes it no worse may join all the same; except that an Equal rule
// refuses every ticket where the seated players' strings differ.
type breach struct {
	mixed   []bool // by Equal rule: the strings differ
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

// start empties the lineup and sets its rules and region.
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

// add puts a ticket into a team. The caller has checked fits and canSeat.
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

// removeLast undoes the last add.
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

// countRoles adds a ticket's members to a team's role check, or with by = −1
// removes them.
func (l *lineup) countRoles(t *team, e *Entry, by int) {
	if t.roleCheck == nil {
		return
	}
	for p := range e.players {
		t.roleCheck.add(t.roleCheck.roles(l.m.set(e, p, t.roleCheck.slot)), by)
	}
}

// fits reports whether a ticket is compatible with the tickets added so far, by
// the rules that do not depend on teams. It stops at the first rule that forbids
// it.
func (l *lineup) fits(e *Entry) bool {
	if e.broken&l.rules.anyOf != 0 {
		return false
	}
	if l.region >= 0 && e.floats[l.region] > l.rules.latency {
		return false
	}
	for d, most := range l.rules.distance {
		if spread := max(l.high[d], e.high(d)) - min(l.low[d], e.low(d)); spread > most && !(l.open && spread <= l.before.spread[d]) {
			return false
		}
	}
	if l.texts != nil && len(l.rules.equal) > 0 && !l.agrees(e) {
		return false
	}
	for o, least := range l.rules.overlap {
		if n := bits.OnesCount64(l.common[o] & e.masks[o] & l.m.values[o]); n < least && !(l.open && n >= l.before.common[o]) {
			return false
		}
	}
	return true
}

func (l *lineup) agrees(e *Entry) bool {
	for n, held := range l.rules.equal {
		if !held {
			continue
		}
		slot := l.m.equalSlots[n]
		if e.texts[slot] != l.texts[slot] || l.open && l.before.mixed[n] {
			return false
		}
	}
	return true
}

// canSeat reports whether a team has room and roles for a ticket, and whether
// the Parties rule can still be met afterwards.
func (l *lineup) canSeat(e *Entry, side int) bool {
	t := &l.teams[side]
	if t.size+e.size() > l.rules.most[side] {
		return false
	}
	if t.roleCheck != nil && !l.hasRoles(t, e) {
		return false
	}
	return l.open || l.rules.parties == math.MaxInt || l.opposable(e, side)
}

func (l *lineup) hasRoles(t *team, e *Entry) bool {
	l.countRoles(t, e, 1)
	ok := t.roleCheck.possible()
	l.countRoles(t, e, -1)
	return ok
}

// opposable reports whether the Parties rule can still be met when a ticket is
// added: a team's largest party may still grow to the room left, so a new match
// is hopeless only when that is not enough. An open match may leave a team empty;
// for it legal decides.
func (l *lineup) opposable(e *Entry, side int) bool {
	largest, reach := 0, math.MaxInt
	for s := range l.teams {
		t := &l.teams[s]
		now, room := t.largest, l.rules.most[s]-t.size
		if s == side {
			now, room = max(now, e.size()), room-e.size()
		}
		largest = max(largest, now)
		if t.size > 0 || s == side || l.rules.least[s] > 0 {
			reach = min(reach, max(now, room))
		}
	}
	return largest-reach <= l.rules.parties
}

// allowed is how far beyond the rules the match may be: an open match as far as
// it was before, a new one not at all.
func (l *lineup) allowed() *breach {
	if l.open {
		return &l.before
	}
	return &noBreach
}

var noBreach breach

// legal reports whether the lineup is a legal match as it is. It checks the
// rules that fits and canSeat did not: minimum sizes, parties, team balance and
// formulas.
func (l *lineup) legal() bool {
	for s := range l.teams {
		if !l.open && l.teams[s].size < l.rules.least[s] {
			return false
		}
	}
	return l.players > 0 && l.partiesOppose() && l.balanced() && l.countsAgree()
}

func (l *lineup) partiesOppose() bool {
	return l.partyGap() <= max(l.rules.parties, l.allowed().parties)
}

// partyGap is the distance between the largest and the smallest of the teams'
// largest parties; empty teams don't count.
func (l *lineup) partyGap() int {
	lo, hi := math.MaxInt, 0
	for s := range l.teams {
		if t := &l.teams[s]; t.size > 0 {
			lo, hi = min(lo, t.largest), max(hi, t.largest)
		}
	}
	return max(0, hi-lo)
}

func (l *lineup) balanced() bool {
	if len(l.rules.balance) == 0 {
		return true
	}
	l.sum()
	for w, by := range l.m.weighed {
		if by.rule < 0 {
			continue
		}
		gap := l.gap(w)
		if gap > l.rules.balance[by.rule] && !(l.open && gap <= l.before.gap[w]) {
			return false
		}
	}
	return true
}

// sum computes the teams' sums from the picks, so that no rounding error
// accumulates over exchanges.
func (l *lineup) sum() {
	for w, by := range l.m.weighed {
		sums := l.sums[w]
		clear(sums)
		for _, p := range l.picks {
			sums[p.side] += l.m.total(p.e, by.slot)
		}
	}
}

// total is the sum of a ticket's numbers.
func (m *Matcher) total(e *Entry, slot int) float64 {
	sum := 0.0
	for p := range e.players {
		sum += m.number(e, p, slot)
	}
	return sum
}

// gap is the distance between the teams' means, from sums.
func (l *lineup) gap(w int) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for s := range l.teams {
		if n := l.teams[s].size; n > 0 {
			mean := l.sums[w][s] / float64(n)
			lo, hi = min(lo, mean), max(hi, mean)
		}
	}
	return max(0, hi-lo)
}

// countsAgree checks the formulas.
func (l *lineup) countsAgree() bool {
	if len(l.m.numerics) == 0 {
		return true
	}
	v := l.view()
	for n, i := range l.m.numerics {
		bounds := l.rules.numeric[n]
		if math.IsInf(bounds.least, -1) && math.IsInf(bounds.most, 1) {
			continue
		}
		x, err := l.m.rules.Rules[i].Formula.Value(v)
		if err != nil || math.IsNaN(x) || x < bounds.least || x > bounds.most {
			return false
		}
	}
	return true
}

// view converts the lineup for formulas.
func (l *lineup) view() *View {
	v := &View{Age: l.age.Seconds(), Players: l.players, Latency: l.worst()}
	v.Names = l.m.numberNames
	v.Numbers = make([][]float64, len(v.Names))
	for s, t := range l.teams {
		tv := TeamView{Name: l.m.sides[s].name, Players: t.size, Largest: t.largest, Means: make([]float64, len(v.Names))}
		v.Teams = append(v.Teams, tv)
	}
	for _, p := range l.picks {
		if p.e.size() > 1 {
			v.Parties++
		}
		for slot := range v.Names {
			for i := range p.e.players {
				n := l.m.number(p.e, i, slot)
				v.Numbers[slot] = append(v.Numbers[slot], n)
				v.Teams[p.side].Means[slot] += n / float64(l.teams[p.side].size)
			}
		}
	}
	return v
}

// worst is the farthest player's latency in ms; 0 if no latency is known.
func (l *lineup) worst() float64 {
	if l.region < 0 {
		return 0
	}
	worst := 0.0
	for _, p := range l.picks {
		if ms := p.e.floats[l.region]; !math.IsInf(ms, 1) {
			worst = max(worst, ms)
		}
	}
	return worst
}

// recordBreach sets before to what the seated tickets of an open match are by
// themselves.
func (l *lineup) recordBreach() {
	l.before = breach{parties: l.partyGap()}
	for d := range l.low {
		l.before.spread = append(l.before.spread, max(0, l.high[d]-l.low[d]))
	}
	for o := range l.common {
		l.before.common = append(l.before.common, bits.OnesCount64(l.common[o]&l.m.values[o]))
	}
	for _, slot := range l.m.equalSlots {
		mixed := slices.ContainsFunc(l.picks, func(p pick) bool { return p.e.texts[slot] != l.texts[slot] })
		l.before.mixed = append(l.before.mixed, mixed)
	}
	l.sum()
	for w := range l.m.weighed {
		l.before.gap = append(l.before.gap, l.gap(w))
	}
}
