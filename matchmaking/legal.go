package matchmaking

import (
	"math"
	"math/bits"
	"slices"
)

// legal says whether the lineup is a match as it stands: what fits and seats
// did not ask before.
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

// sum adds up the teams' numbers afresh, so that no rounding is carried from
// what was tried before.
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

// gap is the distance between the teams' means of what was summed.
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

// countsAgree asks the formulas.
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

// view shows the lineup to formulas.
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

// worst is the farthest player's latency; 0 when nobody's is known.
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

// recordBreach remembers how far an open match is beyond any rules, from its seated
// tickets alone.
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
