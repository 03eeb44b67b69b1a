package suite

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"arbiter/bench"
	"arbiter/bench/bigmatch"
	"arbiter/bench/capacity"
	"arbiter/bench/idle"
	"arbiter/bench/joins"
	"arbiter/bench/machine"
	"arbiter/bench/peers"
	"arbiter/bench/report"
	"arbiter/bench/slow"
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
	if err != nil || d.Command != "arbiter bench joins --for=3s" || got.For != 3*time.Second || !slices.Equal(got.AtOnce, []int{16, 64, 256, 512}) {
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
			{Command: "arbiter bench idle", Result: []*idle.Result{{Connections: 10000, RSS: 1800, Heap: 900, CPU: 0.5}, {Connections: 10000, TLS: true, RSS: 8800, Heap: 7000}}},
			{Command: "arbiter bench joins --for=3s", Result: []joins.Result{{PerCore: 5000}, {PerCore: 7000}, {PerCore: 6000}}},
			{Command: "arbiter bench peers", Notes: []string{bench.Noise}, Result: []*peers.Result{
				{Name: "arbiter", CPU: 8.06, Ratio: 1.25, Bytes: 49, Input: 6.5, Memory: 4600, Capacity: 4000, AtLeast: true, Rounds: []*bench.Figures{{Clients: 1000}}},
				{Name: "floor", CPU: 6.45, Ratio: 1, Bytes: 49, Memory: 800},
				{Name: "gorilla-msgpack", CPU: 14, Ratio: 2.1, Bytes: 610, Memory: 40000, Capacity: 1600},
			}},
			{Command: "arbiter bench capacity", Result: &capacity.Result{
				Cells: []*capacity.Cell{{Clients: 2900, Held: &bench.Figures{Clients: 2900, GC: 0.015, Memory: 4900}}},
				Costs: []*capacity.Cost{{
					Clients: 2000, Share: 0.7, Arbiter: 8, Ratio: 1.3, HeldRatio: 0.8,
					Late: bench.Quantiles{P99: 0.5, P999: 2, Max: 4}, Gap: bench.Quantiles{P99: 53, P999: 60, Max: 70},
					FloorLate: bench.Quantiles{P99: 0.1, P999: 1, Max: 2}, FloorGap: bench.Quantiles{P99: 51, P999: 52, Max: 55},
				}},
			}},
			{Command: "arbiter bench bigmatch", Result: []bigmatch.Row{
				{Sighted: true, Figures: &bench.Figures{Clients: 500}, Body: 20000},
				{Sighted: true, Figures: &bench.Figures{Clients: 1000, Late: bench.Quantiles{P99: 3}}, Body: 40000},
				{Figures: &bench.Figures{Clients: 200}, Body: 9000},
			}},
			{Command: "arbiter bench slow", Result: &slow.Result{
				Offered: 30000, Links: []slow.LinkResult{{AgeP50: 150}},
				Before: &bench.Figures{Gap: bench.Quantiles{P99: 52}}, Beside: &bench.Figures{Gap: bench.Quantiles{P99: 53}},
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
| gorilla-msgpack | 1600 | 14.0 | 2.10 | 610 | 40.0 KB |

| what | aim | measured |
|---|---|---|
| clients a core beside gorilla-msgpack | ≥ 2 × | ≥ 2.50 × (≥ 4000 and 1600) |
| payload of a snapshot; of an input | ≤ 55; ≤ 8 bytes | 49.0; 6.50 bytes |
| server CPU a client·tick at 2000 clients; with held inputs | ≤ 1.35 × floor; < 1 × | 1.30 × (8.00 µs); 0.80 × |
| tick lateness at 70 % of capacity (2000 clients), ms: p99, p99.9, maximum; of the floor | p99 ≤ 1 | 0.50, 2.00, ≤ 4.00; 0.10, 1.00, ≤ 2.00 |
| gap between snapshots at 70 % of capacity (2000 clients), ms: p99, p99.9, maximum; of the floor | p99 ≤ 55 | 53.0, 60.0, 70.0; 51.0, 52.0, 55.0 |
| garbage collector at capacity (2900 clients) | < 2 % of CPU | 1.50 % |
| memory of a playing client, at 2900 clients | ≤ 5 KB | 4.90 KB |
| idle connection, 10000 of them: memory; heap; CPU | ≤ 2 KB; ≤ 1 KB; ≤ 1 µs/s | 1.80 KB; 0.90 KB; 0.50 µs/s |
| idle connection with TLS, 10000 of them: memory; heap; CPU | ≤ 9 KB | 8.80 KB; 7.00 KB; 0 µs/s |
| one match of 1000 with an area of interest, 20 Hz: p99 lateness | ≤ 5 ms | 3.00 ms |
| encoded in a tick of it with 500, 1000 players | with what is seen, not players × entities | 20.0, 40.0 KB |
| joins a second and core, HS256 token and first state included | ≥ 4000 | 7000 |
| age of the state on 20 kB/s when 30 kB/s are offered, p50 | ≤ 200 ms | 150 ms |
| p99 gap of its neighbours, before and beside | unchanged | 52.0 and 53.0 ms |

` + "`arbiter bench all`" + ` on Ticker 3, 2 CPUs, 0.0 GB, machine (), Linux 6.1, , 3 February 2026; everything is in [r.json](bench/results/r.json). Other programs, or other guests of its hypervisor, had its processors meanwhile.
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
	if err := checkTable(readme); err != nil {
		t.Errorf("without a place for a table: %v", err)
	}
	put := TableOptions{Result: result, Into: readme}
	if _, err := put.Write(); err == nil || !strings.Contains(err.Error(), "no comparison") || strings.Contains(err.Error(), "%!") {
		t.Errorf("an empty report: %v", err)
	}
	save(t, result)
	if _, err := put.Write(); err == nil || !strings.Contains(err.Error(), "begin bench") {
		t.Errorf("no place for the table: %v", err)
	}
	write(readme, "# Title\n<!-- begin bench -->\nold\n<!-- end bench -->\nrest\n")
	if err := checkTable(readme); err == nil {
		t.Error("a table of nothing was accepted")
	}
	if _, err := put.Write(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(readme)
	if want := "# Title\n<!-- begin bench -->\n" + wantTable + "<!-- end bench -->\nrest\n"; err != nil || string(text) != want {
		t.Errorf("%v:\n%s\nwant\n%s", err, text, want)
	}
	if err := checkTable(readme); err != nil {
		t.Errorf("a fresh table: %v", err)
	}
	write(readme, strings.Replace(string(text), "8.06", "7.06", 1))
	if err := checkTable(readme); err == nil || !strings.Contains(err.Error(), "make bench-table") {
		t.Errorf("a table that somebody improved: %v", err)
	}
	write(readme, string(text))
	later := filepath.Join(filepath.Dir(result), "s.json")
	save(t, later)
	if err := checkTable(readme); err == nil || !strings.Contains(err.Error(), "s.json is newer") {
		t.Errorf("a table of an old report: %v", err)
	}
	printed, err := (&TableOptions{Result: result}).Write()
	if err != nil || !strings.HasPrefix(printed, wantTable[:strings.Index(wantTable, "everything")]) {
		t.Errorf("%v: %s", err, printed)
	}
}

// TestREADME checks that the table of bench/README.md is what the report beside
// it says, and that the figures of the front page stand there too.
func TestREADME(t *testing.T) {
	if err := checkTable("../README.md"); err != nil {
		t.Error(err)
	}
	table, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	front, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(front), "<!-- begin figures -->")
	figures, _, ok := strings.Cut(rest, "<!-- end figures -->")
	if !ok {
		t.Fatal("README.md has no figures")
	}
	rows := 0
	for row := range strings.Lines(figures) {
		cells := strings.Split(row, "|")
		if len(cells) < 4 {
			continue
		}
		for _, n := range regexp.MustCompile(`[0-9][0-9,.]*`).FindAllString(cells[2], -1) {
			rows++
			if !strings.Contains(string(table), n) {
				t.Errorf("README.md says %q, which bench/README.md does not", strings.TrimSpace(cells[2]))
			}
		}
	}
	if rows < 3 {
		t.Errorf("README.md has %d figures, want 3 or more", rows)
	}
}

// checkTable reports whether the table in a file is the one that its report makes;
// nil if the file has no place for one.
func checkTable(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	m := marked.FindSubmatch(text)
	if m == nil {
		return nil
	}
	from := source.FindSubmatch(m[2])
	if from == nil {
		return fmt.Errorf("bench: the table of %s does not say what it is made of: run make bench-table", file)
	}
	path := string(from[1])
	if newest := newest(filepath.Join(filepath.Dir(file), filepath.Dir(path))); newest != filepath.Base(path) {
		return fmt.Errorf("bench: the table of %s is of %s, and %s is newer: run make bench-table", file, path, newest)
	}
	result, err := os.ReadFile(filepath.Join(filepath.Dir(file), path))
	if err != nil {
		return fmt.Errorf("bench: the table of %s: %w", file, err)
	}
	want, err := Table(result, path)
	if err != nil {
		return err
	}
	if want != string(m[2]) {
		return fmt.Errorf("bench: the table of %s is not what %s says: run make bench-table", file, path)
	}
	return nil
}

// newest is the report whose name is the last in a directory, as in make
// bench-table: names begin with dates.
func newest(dir string) string {
	list, _ := filepath.Glob(filepath.Join(dir, "*.json"))
	if len(list) == 0 {
		return ""
	}
	return filepath.Base(slices.Max(list))
}
