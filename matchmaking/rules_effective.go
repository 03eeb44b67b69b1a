package matchmaking

import (
	"math"
	"time"
)

// effectiveRules are the bounds of all rules at one age, after expansions. A
// rule that was dropped has a bound that nothing can break.
type effectiveRules struct {
	age      time.Duration
	least    []int     // players of each side
	most     []int     // players of each side
	needed   int       // players of a match, at least
	distance []float64 // by Distance rule; +Inf: dropped
	balance  []float64 // by Balance rule
	overlap  []int     // by Overlap rule; 0: dropped
	equal    []bool    // by Equal rule
	anyOf    uint32    // by AnyOf rule: a bit, set unless dropped
	latency  float64   // of the latency rule, ms; +Inf: none
	parties  int       // of the Parties rule; math.MaxInt: none
	roles    []int     // by side: the Roles rule that applies, -1: none
	numeric  []span    // by Numeric rule
}

type span struct{ least, most float64 }

// effectiveRules computes the rules at an age, without those for which skip is
// true. A nil skip leaves out none.
func (m *Matcher) effectiveRules(age time.Duration, skip func(rule int) bool) *effectiveRules {
	out := &effectiveRules{age: age, latency: math.Inf(1), parties: math.MaxInt}
	holds := func(i int) bool { return !m.rules.Rules[i].dropped(age) && (skip == nil || !skip(i)) }
	for s, side := range m.sides {
		t := &m.rules.Teams[side.class]
		out.least = append(out.least, int(t.Min.At(age)))
		out.most = append(out.most, int(t.Max.At(age)))
		out.needed += out.least[s]
		out.roles = append(out.roles, -1)
		if i := m.roles[s]; i >= 0 && holds(i) {
			out.roles[s] = i
		}
	}
	out.needed = max(out.needed, 1)
	out.distance = m.bounds(m.distances, age, holds)
	out.balance = m.bounds(m.balances, age, holds)
	for _, i := range m.overlaps {
		n := 0
		if holds(i) {
			n = int(m.rules.Rules[i].Min.At(age))
		}
		out.overlap = append(out.overlap, n)
	}
	for _, i := range m.equals {
		out.equal = append(out.equal, holds(i))
	}
	for a, i := range m.anyOfs {
		if holds(i) {
			out.anyOf |= 1 << a
		}
	}
	if m.latencyRule >= 0 && holds(m.latencyRule) {
		out.latency = m.rules.Rules[m.latencyRule].Max.At(age)
	}
	if m.partyRule >= 0 && holds(m.partyRule) {
		out.parties = int(m.rules.Rules[m.partyRule].Max.At(age))
	}
	out.numeric = m.spans(age, holds)
	return out
}

func (m *Matcher) bounds(of []int, age time.Duration, holds func(int) bool) []float64 {
	out := make([]float64, len(of))
	for n, i := range of {
		out[n] = math.Inf(1)
		if holds(i) {
			out[n] = m.rules.Rules[i].Max.At(age)
		}
	}
	return out
}

func (m *Matcher) spans(age time.Duration, holds func(int) bool) []span {
	out := make([]span, len(m.numerics))
	for n, i := range m.numerics {
		q := &m.rules.Rules[i]
		out[n] = span{math.Inf(-1), math.Inf(1)}
		if holds(i) && q.Bounded.Min {
			out[n].least = q.Min.At(age)
		}
		if holds(i) && q.Bounded.Max {
			out[n].most = q.Max.At(age)
		}
	}
	return out
}
