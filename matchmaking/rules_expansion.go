package matchmaking

import (
	"math"
	"time"
)

// Bound is a rule's bound with its relaxation over time, called expansion: a
// number that loosens with the age of a match's oldest ticket, by steps, or
// linearly, or not at all.
type Bound struct {
	From  float64
	Steps []Step // ascending in After; not together with Over
	// To is reached linearly, between After and After+Over. Over 0: not linear.
	To          float64
	After, Over time.Duration
}

// Step is a value from an age on.
type Step struct {
	After time.Duration
	To    float64
}

// Fixed is a bound that never changes.
func Fixed(n float64) Bound { return Bound{From: n} }

// At returns the value at an age.
func (b Bound) At(age time.Duration) float64 {
	if b.Over > 0 {
		return b.linear(age)
	}
	v := b.From
	for _, s := range b.Steps {
		if age < s.After {
			break
		}
		v = s.To
	}
	return v
}

func (b Bound) linear(age time.Duration) float64 {
	switch {
	case age <= b.After:
		return b.From
	case age >= b.After+b.Over:
		return b.To
	}
	// Each factor is rounded by itself, so that all machines agree.
	return b.From + float64((b.To-b.From)*(float64(age-b.After)/float64(b.Over)))
}

// Last returns the value after the last expansion.
func (b Bound) Last() float64 {
	if b.Over > 0 {
		return b.To
	}
	if n := len(b.Steps); n > 0 {
		return b.Steps[n-1].To
	}
	return b.From
}

// LastExpansion returns the age of the last expansion: from then on the bound stays
// as it is.
func (b Bound) LastExpansion() time.Duration {
	if b.Over > 0 {
		return b.After + b.Over
	}
	if n := len(b.Steps); n > 0 {
		return b.Steps[n-1].After
	}
	return 0
}

// Next returns the next age at which the bound is looser than at this age, and
// its value then. Of a linear bound it is the next whole second. ok is false
// after the last expansion.
func (b Bound) Next(age time.Duration) (at time.Duration, value float64, ok bool) {
	if age >= b.LastExpansion() {
		return 0, 0, false
	}
	if b.Over == 0 {
		for _, s := range b.Steps {
			if s.After > age {
				return s.After, s.To, true
			}
		}
	}
	at = min(max(age, b.After).Truncate(time.Second)+time.Second, b.LastExpansion())
	return at, b.At(at), true
}

// all yields every value the bound is given, with its age, in order.
func (b Bound) all(yield func(time.Duration, float64) bool) {
	if !yield(0, b.From) {
		return
	}
	for _, s := range b.Steps {
		if !yield(s.After, s.To) {
			return
		}
	}
	if b.Over > 0 {
		yield(b.After+b.Over, b.To)
	}
}

func finite(n float64) bool { return !math.IsNaN(n) && !math.IsInf(n, 0) }
