package attack

import (
	"io"
	"strings"
	"testing"

	"arbiter/bench"
	"arbiter/bench/load"
)

func round(without, with float64) *Round {
	base := bench.Base{Heap: 5e6, Files: 230, Routines: 20}
	return &Round{
		Without: &bench.Figures{Gap: bench.Quantiles{P99: without}}, With: &bench.Figures{Gap: bench.Quantiles{P99: with}},
		Before: base, After: base,
	}
}

// TestJudge checks the verdict on what an attack did.
func TestJudge(t *testing.T) {
	for want, spoil := range map[string]func(r *Result){
		"shrugged off":   func(*Result) {},
		"1.50 ×":         func(r *Result) { r.Rounds[0].With.Gap.P99, r.Rounds[2].With.Gap.P99 = 75, 75 },
		"2 honest":       func(r *Result) { r.Rounds[1].With.Faults = load.Faults{Closed: 2} },
		"3 snapshots":    func(r *Result) { r.Rounds[1].Without.Faults = load.Faults{Corrupted: 1, Mismatched: 2} },
		"not back to it": func(r *Result) { r.Rounds[0].After.Files += 9 },
		"not back":       func(r *Result) { r.Rounds[0].After.Heap += 4e6 },
		"back to its":    func(r *Result) { r.Rounds[2].After.Routines += 17 },
	} {
		r := &Result{Attack: "x", Back: true, Rounds: []*Round{round(50, 51), round(50, 90), round(50, 50)}}
		spoil(r)
		if r.judge(); !strings.Contains(r.Verdict, want) {
			t.Errorf("%s: %s", want, r.Verdict)
		}
	}
	r := &Result{Back: true, Rounds: []*Round{round(50, 51), round(50, 90), round(50, 50)}}
	if r.judge(); r.Ratio != 51.0/50 || r.With != 51 || r.Without != 50 {
		t.Errorf("%+v", r)
	}
	d := document(bench.Quietly(bench.Common{}, io.Discard), &Options{}, []*Result{r})
	if len(d.Tables) != 2 || len(d.Plots) != 1 || d.Plots[0].Limit != bar || len(d.Plots[0].Bars) != 1 {
		t.Errorf("%+v", d)
	}
}

func TestUnknownAttack(t *testing.T) {
	_, err := Run(t.Context(), bench.Quietly(bench.Common{}, io.Discard), Options{Attacks: []string{"kindness"}})
	if err == nil || !strings.Contains(err.Error(), "slowloris") {
		t.Errorf("%v", err)
	}
}
