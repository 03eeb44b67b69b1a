package compare

import (
	"math"

	"arbiter/bench"
	"arbiter/bench/report"
)

// Interval is a mean and where it is with 95 % confidence. One round has a mean
// only: Low and High are 0 then, and not in its JSON.
type Interval struct {
	Mean float64 `json:"mean"`
	Low  float64 `json:"low,omitzero"`
	High float64 `json:"high,omitzero"`
}

// students are the 97.5 % quantiles of Student's distribution by degrees of
// freedom, from 1.
var students = []float64{12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131}

// of takes the geometric mean of ratios.
func of(ratios []float64) Interval {
	n := float64(len(ratios))
	mean, square := 0.0, 0.0
	for _, r := range ratios {
		mean += math.Log(r) / n
	}
	for _, r := range ratios {
		square += (math.Log(r) - mean) * (math.Log(r) - mean)
	}
	if len(ratios) < 2 {
		return Interval{Mean: math.Exp(mean)}
	}
	t := 1.96 + 2.5/(n-1) // beyond the table, a little too wide
	if len(ratios)-2 < len(students) {
		t = students[len(ratios)-2]
	}
	wide := t * math.Sqrt(square/(n-1)/n)
	return Interval{math.Exp(mean), math.Exp(mean - wide), math.Exp(mean + wide)}
}

// known reports whether there were rounds enough for an interval.
func (i Interval) known() bool { return i.High > 0 }

// bounds are Low and High as a table shows them.
func (i Interval) bounds() (low, high string) {
	if !i.known() {
		return "–", "–"
	}
	return report.Number(i.Low), report.Number(i.High)
}

func (i Interval) verdict() string {
	switch {
	case !i.known():
		return "one round: no interval, take more with --rounds"
	case i.High < 1:
		return "B is less"
	case i.Low > 1:
		return "B is more"
	}
	return "no difference shown"
}

func (r *Result) judge() {
	ratios := func(pick func(*bench.Figures) float64) Interval {
		var list []float64
		for _, pair := range r.Rounds {
			list = append(list, max(pick(pair[1]), 1e-9)/max(pick(pair[0]), 1e-9))
		}
		return of(list)
	}
	r.CPU = ratios(func(f *bench.Figures) float64 { return f.CPU })
	r.Gap = ratios(func(f *bench.Figures) float64 { return f.Gap.P99 })
	r.Bytes = ratios(func(f *bench.Figures) float64 { return f.SnapshotBytes })
	r.Memory = ratios(func(f *bench.Figures) float64 { return f.Memory })
}
