package suite

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"arbiter/bench"
	"arbiter/bench/idle"
	"arbiter/bench/joins"
	"arbiter/bench/machine"
	"arbiter/bench/peers"
	"arbiter/bench/report"
)

// TestSteps checks that the flags of every step are flags of its benchmark: each
// is run by a context that has ended, which must be the only complaint.
func TestSteps(t *testing.T) {
	ended, end := context.WithCancel(t.Context())
	end()
	for _, st := range steps {
		if _, err := st.run(ended, bench.Quietly(bench.Common{}, io.Discard), append(slices.Clone(st.flags), "--no-such-flag")); err == nil || !strings.Contains(err.Error(), "no-such-flag") {
			t.Errorf("%s: %v", st.name, err)
		}
	}
	if _, err := (&Options{Only: []string{"peers", "nonsense"}}).chosen(); err == nil || !strings.Contains(err.Error(), "bigmatch") {
		t.Errorf("%v", err)
	}
	if list, err := (&Options{Only: []string{"peers", "joins"}}).chosen(); err != nil || len(list) != 2 || list[0].name != "peers" {
		t.Errorf("%v, %v", list, err)
	}
}

// TestOf checks that options have the defaults that their tags say, and what
// the step's flags say instead.
func TestOf(t *testing.T) {
	var got joins.Options
	st := of("joins", func(_ context.Context, s *bench.Session, o joins.Options) (*report.Document, error) {
		got = o
		return s.Document("joins", "Joins"), nil
	}, "--for=3s")
	d, err := one(t.Context(), bench.Quietly(bench.Common{}, io.Discard), st)
	if err != nil || d.Command != "arbiter bench joins --for=3s" || got.For != 3*time.Second || !slices.Equal(got.AtOnce, []int{16, 64, 256}) {
		t.Errorf("%+v, %v: %+v", d, err, got)
	}
}

// TestRun checks that a benchmark that fails does not take the others with it.
func TestRun(t *testing.T) {
	was := steps
	defer func() { steps = was }()
	good := func(name string) step {
		return step{name: name, run: func(_ context.Context, s *bench.Session, _ []string) (*report.Document, error) {
			return s.Document(name, name), nil
		}}
	}
	bad := step{name: "bad", run: func(context.Context, *bench.Session, []string) (*report.Document, error) {
		return nil, errors.New("out of luck")
	}}
	steps = []step{good("a"), bad, good("b")}
	d, err := Run(t.Context(), bench.Quietly(bench.Common{}, io.Discard), Options{Within: time.Hour})
	if err == nil || !strings.Contains(err.Error(), "bad: out of luck") || len(d.Parts) != 2 || !slices.Contains(d.Notes, "Not measured: bad: out of luck") {
		t.Errorf("%v: %+v", err, d)
	}
	d, err = Run(t.Context(), bench.Quietly(bench.Common{}, io.Discard), Options{Within: time.Nanosecond})
	if err == nil || len(d.Parts) != 0 {
		t.Errorf("without time: %v: %+v", err, d)
	}
}

// save writes a report as a run does.
func save(t *testing.T, path string) {
	t.Helper()
	d := &report.Document{
		Command: "arbiter bench all", Machine: machine.Description{Processor: "Ticker 3", CPUs: 2, Kernel: "6.1", Date: time.Date(2026, 2, 3, 4, 5, 6, 0, time.UTC)},
		Parts: []*report.Document{
			{Command: "arbiter bench idle", Result: []*idle.Result{{Connections: 10000, RSS: 1800, Heap: 900}, {Connections: 10000, TLS: true, RSS: 8800, Heap: 7000}}},
			{Command: "arbiter bench joins --for=3s", Result: []joins.Result{{Joins: 5000}, {Joins: 7000}, {Joins: 6000}}},
			{Command: "arbiter bench peers", Notes: []string{bench.Noise}, Result: []*peers.Result{
				{Name: "arbiter", CPU: 8.06, Ratio: 1.25, Bytes: 49, Memory: 4600, Capacity: 4000, AtLeast: true, Rounds: []*bench.Figures{{Clients: 1000}}},
				{Name: "floor", CPU: 6.45, Ratio: 1, Bytes: 49, Memory: 800},
			}},
		},
	}
	if err := (&report.Output{HTML: "off", Save: path}).Write(d, io.Discard, io.Discard); err != nil {
		t.Fatal(err)
	}
}

const wantTable = `| server | clients held | server CPU, µs a client·tick at 1000 | × floor | payload of a snapshot, bytes | memory a client |
|---|---|---|---|---|---|
| arbiter | ≥ 4000 | 8.06 | 1.25 | 49.0 | 4.60 KB |
| floor | – | 6.45 | 1.00 | 49.0 | 0.80 KB |

An idle connection takes 1.80 KB of memory (0.90 KB of heap), at 10000 connections. An idle connection with TLS takes 8.80 KB of memory (7.00 KB of heap), at 10000 connections. 7000 clients a second join, token and first state included.

Ticker 3, 2 CPUs, 0.0 GB, machine (), Linux 6.1, , 3 February 2026; everything is in [r.json](bench/results/r.json). Other programs ran on the machine meanwhile.
`

// TestTable puts a table into a README, and finds out when either changes.
func TestTable(t *testing.T) {
	dir := t.TempDir()
	readme, result := filepath.Join(dir, "README.md"), filepath.Join(dir, "bench", "results", "r.json")
	write := func(path, text string) {
		t.Helper()
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	write(readme, "# Title\nno place\n")
	write(result, "{}")
	if err := Check(readme); err != nil {
		t.Errorf("without a place for a table: %v", err)
	}
	put := TableOptions{Result: result, Into: readme}
	if _, err := put.Write(); err == nil || !strings.Contains(err.Error(), "no comparison") {
		t.Errorf("an empty report: %v", err)
	}
	save(t, result)
	if _, err := put.Write(); err == nil || !strings.Contains(err.Error(), "begin bench") {
		t.Errorf("no place for the table: %v", err)
	}
	write(readme, "# Title\n<!-- begin bench -->\nold\n<!-- end bench -->\nrest\n")
	if err := Check(readme); err == nil {
		t.Error("a table of nothing was accepted")
	}
	if _, err := put.Write(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(readme)
	if want := "# Title\n<!-- begin bench -->\n" + wantTable + "<!-- end bench -->\nrest\n"; err != nil || string(text) != want {
		t.Errorf("%v:\n%s\nwant\n%s", err, text, want)
	}
	if err := Check(readme); err != nil {
		t.Errorf("a fresh table: %v", err)
	}
	write(readme, strings.Replace(string(text), "8.06", "7.06", 1))
	if err := Check(readme); err == nil || !strings.Contains(err.Error(), "make bench-table") {
		t.Errorf("a table that somebody improved: %v", err)
	}
	printed, err := (&TableOptions{Result: result}).Write()
	if err != nil || !strings.HasPrefix(printed, wantTable[:strings.Index(wantTable, "everything")]) {
		t.Errorf("%v: %s", err, printed)
	}
}

// TestREADME checks that the README's table is what the report beside it says.
func TestREADME(t *testing.T) {
	if err := Check("../../README.md"); err != nil {
		t.Error(err)
	}
}
