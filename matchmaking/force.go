package matchmaking

import (
	"math"
	"time"
)

// force is the rules as they stand at one age. Rules that were dropped have
// bounds that nothing breaks.
type force struct {
	age      time.Duration
	least    []int     // players of each side
	most     []int     // players of each side
	needed   int       // players of a match, at least
	distance []float64 // by Distance rule; +Inf: dropped
	balance  []float64 // by Balance rule
	overlap  []int     // by Overlap rule; 0: dropped
	equal    []bool    // by Equal rule
	anyOf    uint32    // bits of AnyOf rules that hold
	latency  float64
	parties  int
	roles    []int // by side: the rule that seats it, -1: none
	numeric  []span
}

type span struct{ least, most float64 }

// inForce computes the rules at an age, without those that skip names: nil
// skips none.
func (m *Matcher) inForce(age time.Duration, skip func(rule int) bool) *force {
	f := &force{age: age, latency: math.Inf(1), parties: math.MaxInt}
	held := func(i int) bool { return !m.rules.Rules[i].dropped(age) && (skip == nil || !skip(i)) }
	for s, side := range m.sides {
		t := &m.rules.Teams[side.class]
		f.least = append(f.least, int(t.Min.At(age)))
		f.most = append(f.most, int(t.Max.At(age)))
		f.needed += f.least[s]
		f.roles = append(f.roles, -1)
		if i := m.roles[s]; i >= 0 && held(i) {
			f.roles[s] = i
		}
	}
	f.needed = max(f.needed, 1)
	f.distance = m.bounds(m.distances, age, held)
	f.balance = m.bounds(m.balances, age, held)
	for _, i := range m.overlaps {
		n := 0
		if held(i) {
			n = int(m.rules.Rules[i].Min.At(age))
		}
		f.overlap = append(f.overlap, n)
	}
	for _, i := range m.equals {
		f.equal = append(f.equal, held(i))
	}
	for a, i := range m.anyOfs {
		if held(i) {
			f.anyOf |= 1 << a
		}
	}
	if m.reach >= 0 && held(m.reach) {
		f.latency = m.rules.Rules[m.reach].Max.At(age)
	}
	if m.parties >= 0 && held(m.parties) {
		f.parties = int(m.rules.Rules[m.parties].Max.At(age))
	}
	f.numeric = m.spans(age, held)
	return f
}

func (m *Matcher) bounds(of []int, age time.Duration, held func(int) bool) []float64 {
	out := make([]float64, len(of))
	for n, i := range of {
		out[n] = math.Inf(1)
		if held(i) {
			out[n] = m.rules.Rules[i].Max.At(age)
		}
	}
	return out
}

func (m *Matcher) spans(age time.Duration, held func(int) bool) []span {
	out := make([]span, len(m.numerics))
	for n, i := range m.numerics {
		q := &m.rules.Rules[i]
		out[n] = span{math.Inf(-1), math.Inf(1)}
		if held(i) && q.Bounded.Min {
			out[n].least = q.Min.At(age)
		}
		if held(i) && q.Bounded.Max {
			out[n].most = q.Max.At(age)
		}
	}
	return out
}
