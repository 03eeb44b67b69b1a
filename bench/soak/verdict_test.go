package soak

import (
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"testing"

	"arbiter/bench"
	"arbiter/bench/load"
)

// steady is a result that nothing is wrong with.
func steady() *Result {
	r := &Result{Total: Bots{InputsSent: 9, InputsApplied: 9, HashChecks: 9, HashMismatches: 0}}
	for range 10 {
		r.Stages = append(r.Stages, &Stage{Base: bench.Base{Heap: 10e6, RSS: 50e6, Files: 40, Routines: 20}})
	}
	return r
}

// TestJudge spoils one thing at a time.
func TestJudge(t *testing.T) {
	if why := steady().judge(); why != "" {
		t.Errorf("a steady server: %s", why)
	}
	grow := func(by bench.Base) func(*Result) {
		return func(r *Result) {
			for i, st := range r.Stages {
				st.Base.Heap += by.Heap * float64(i)
				st.Base.Files += by.Files * float64(i)
				st.Base.Routines += by.Routines * float64(i)
			}
		}
	}
	for want, spoil := range map[string]func(*Result){
		"1 inputs lost":           func(r *Result) { r.Total.InputsLost = 1 },
		"2 inputs applied twice":  func(r *Result) { r.Total.InputsRepeated = 2 },
		"3 states differ":         func(r *Result) { r.Total.HashMismatches, r.Faults.Mismatched = 1, 2 },
		"could not be read":       func(r *Result) { r.Faults.Corrupted = 1 },
		"1 players cut off":       func(r *Result) { r.Faults.Closed = 1 },
		"did nothing":             func(r *Result) { r.Total.HashChecks = 0 },
		"heap 12.0 to 18.0 MB":    grow(bench.Base{Heap: 1e6}),
		"descriptors 44 to 56":    grow(bench.Base{Files: 2}),
		"goroutines 28 to 52":     grow(bench.Base{Routines: 4}),
		"not flat: heap 30.0 to ": func(r *Result) { r.Stages = r.Stages[:3]; grow(bench.Base{Heap: 20e6})(r) },
	} {
		r := steady()
		spoil(r)
		if why := r.judge(); !strings.Contains(why, want) {
			t.Errorf("%q: %q", want, why)
		}
	}
	if why := (&Result{Total: steady().Total, Stages: steady().Stages[:1]}).judge(); why != "" {
		t.Errorf("one stage: %s", why)
	}
	r := steady()
	r.Faults = load.Faults{Lost: 5, Late: 7, Skipped: 9}
	if why := r.judge(); why != "" {
		t.Errorf("a busy machine: %s", why)
	}
}

// TestDocument checks that the report has the plots and the verdict.
func TestDocument(t *testing.T) {
	r := steady()
	r.Verdict = "it leaks"
	d := document(bench.Quietly(bench.Common{}, io.Discard), &Options{Bots: 3}, r)
	b, err := json.Marshal(d)
	if err != nil || !strings.Contains(string(b), "it leaks") || len(d.Plots) != 3 || len(d.Plots[0].Lines[1].Points) != 10 || len(d.Tables) != 2 {
		t.Errorf("%v: %s", err, b)
	}
}

// TestBots reads a report of bots, and tells of bots that made none.
func TestBots(t *testing.T) {
	for script, want := range map[string]string{
		`echo '{"inputs_sent": 5, "inputs_lost": 1, "error_samples": ["x"]}'; exit 1`: "",
		`echo no server >&2; exit 1`: "no server",
	} {
		b := &botsProcess{cmd: exec.Command("sh", "-c", script)}
		b.cmd.Stdout, b.cmd.Stderr = &b.out, &b.diag
		if err := b.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		r, err := b.wait()
		if want == "" && (err != nil || r.InputsSent != 5 || r.InputsLost != 1) || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %+v, %v", script, r, err)
		}
		var sum Bots
		sum.add(r)
		sum.add(r)
		if sum.InputsSent != 2*r.InputsSent || sum.InputsLost != 2*r.InputsLost || len(sum.ErrorSamples) != 2*len(r.ErrorSamples) {
			t.Errorf("%+v", sum)
		}
	}
}
