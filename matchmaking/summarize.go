package matchmaking

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
)

// summarize computes of an entry what rules ask of a whole ticket.
func (m *Matcher) summarize(e *Entry) {
	for d, i := range m.distances {
		q := &m.rules.Rules[i]
		e.floats[len(m.regions)+2*d], e.floats[len(m.regions)+2*d+1] = m.extent(e, m.slot(m.numbers, q.Attribute), q.Party)
	}
	for o, i := range m.overlaps {
		slot := m.slot(m.sets, m.rules.Rules[i].Attribute)
		e.masks[o] = ^uint64(0)
		for p := range e.players {
			e.masks[o] &= m.set(e, p, slot)
		}
	}
	for a, i := range m.anyOfs {
		q := &m.rules.Rules[i]
		if !slices.Contains(q.Values, e.texts[m.slot(m.texts, q.Attribute)]) {
			e.broken |= 1 << a
		}
	}
}

// extent is the lowest and highest number by which a ticket counts.
func (m *Matcher) extent(e *Entry, slot int, by PartyValue) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	sum := 0.0
	for p := range e.players {
		n := m.number(e, p, slot)
		low, high, sum = min(low, n), max(high, n), sum+n
	}
	switch by {
	case MeanMember:
		mean := sum / float64(e.size())
		return mean, mean
	case HighestMember:
		return high, high
	}
	return low, high
}

// ruleNeverMet finds the rule that the ticket alone breaks at every age.
func (m *Matcher) ruleNeverMet(e *Entry) *Problem {
	settled := m.settled
	broken := func(i int, detail string) *Problem {
		return &Problem{Code: NeverMatches, Where: m.rules.Rules[i].Name, Detail: detail, Remedy: "no wait changes this: change the party, or use another queue"}
	}
	for d, i := range m.distances {
		q := &m.rules.Rules[i]
		if spread := e.high(d) - e.low(d); !q.dropped(settled) && spread > q.Max.Last() {
			return broken(i, fmt.Sprintf("the party's %s spans %v, and a match at most %v", q.Attribute, spread, q.Max.Last()))
		}
	}
	for o, i := range m.overlaps {
		q := &m.rules.Rules[i]
		if n := bits.OnesCount64(e.masks[o]); !q.dropped(settled) && n < int(q.Min.Last()) {
			return broken(i, fmt.Sprintf("the ticket's %s have %d in common, and a match needs %v", q.Attribute, n, q.Min.Last()))
		}
	}
	for a, i := range m.anyOfs {
		q := &m.rules.Rules[i]
		if e.broken&(1<<a) != 0 && !q.dropped(settled) {
			return broken(i, fmt.Sprintf("%s is %q, and allowed are %v", q.Attribute, e.texts[m.slot(m.texts, q.Attribute)], q.Values))
		}
	}
	if m.latencyRule >= 0 {
		q := &m.rules.Rules[m.latencyRule]
		if best := slices.Min(e.latency()); !q.dropped(settled) && best > q.Max.Last() {
			return broken(m.latencyRule, fmt.Sprintf("the nearest region is %v ms away, and %v is the most", best, q.Max.Last()))
		}
	}
	return m.neverSeatable(e)
}

// neverSeatable is about a party that fits no team with its roles.
func (m *Matcher) neverSeatable(e *Entry) *Problem {
	l, f := m.emptyLineup, m.settledRules
	l.start(f, noRegion)
	rule := -1
	for s := range m.sides {
		if l.canSeat(e, s) {
			return nil
		}
		if e.size() <= f.most[s] {
			rule = m.roles[s]
		}
	}
	if rule < 0 {
		return &Problem{Code: PartyTooLarge, Where: "members", Detail: fmt.Sprintf("no team takes a party of %d", e.size()), Remedy: "split the party"}
	}
	return &Problem{Code: NeverMatches, Where: m.rules.Rules[rule].Name, Detail: "the members' roles can't be had in one team", Remedy: "let members choose more roles"}
}
