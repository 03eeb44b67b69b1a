package compare

import (
	"encoding/json"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"arbiter/bench"
	"arbiter/bench/report"
)

func TestInterval(t *testing.T) {
	for want, ratios := range map[string][]float64{
		"B is less":           {0.8, 0.82, 0.79, 0.81},
		"B is more":           {1.1, 1.12, 1.09},
		"no difference shown": {0.9, 1.1, 1.0, 1.05, 0.93},
	} {
		if i := of(ratios); i.verdict() != want || i.Low > i.Mean || i.Mean > i.High {
			t.Errorf("%v: %+v, %s, want %s", ratios, i, i.verdict(), want)
		}
	}
	if i := of([]float64{2, 8}); math.Abs(i.Mean-4) > 1e-9 {
		t.Errorf("the geometric mean of 2 and 8 is %v", i.Mean)
	}
}

// TestOneRound has a mean and says how to get an interval, in every form of the
// report. Two rounds have one, however far apart they are.
func TestOneRound(t *testing.T) {
	pair := [2]*bench.Figures{{CPU: 10, Memory: 5000}, {CPU: 5}}
	r := &Result{Rounds: [][2]*bench.Figures{pair}}
	r.judge()
	d := &report.Document{Result: r, Tables: []report.Table{r.table(&Options{Rounds: 1})}}
	if row := d.Tables[0].Rows[0]; !slices.Equal(row[1:], []string{"0.50", "–", "–", "one round: no interval, take more with --rounds"}) {
		t.Errorf("the table has %q", row)
	}
	text, err := json.Marshal(d)
	if err != nil || !strings.Contains(string(text), `"cpu_ratio":{"mean":0.5}`) {
		t.Errorf("%v: %s", err, text)
	}
	r.Rounds = append(r.Rounds, [2]*bench.Figures{pair[1], pair[0]})
	r.judge()
	if _, err := json.Marshal(r); err != nil || r.Memory.Low <= 0 || r.Memory.verdict() != "no difference shown" {
		t.Errorf("two rounds: %v: %+v", err, r.Memory)
	}
}

func TestNoRounds(t *testing.T) {
	s := bench.Quietly(bench.Common{}, io.Discard)
	if _, err := Run(t.Context(), s, Options{A: "a", B: "b"}); err == nil || !strings.Contains(err.Error(), "--rounds 0") {
		t.Errorf("no rounds: %v", err)
	}
}
