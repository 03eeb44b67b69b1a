package simulate

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
)

// TestBetterThanPlain: on the 5v5 rules the matches are closer in skill than the
// oldest-first baseline's, and waits are not longer.
func TestBetterThanPlain(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	o := Options{Rules: "fives", Arrivals: "poisson:10", Hours: 0.15, JSON: true, Quiet: true}
	if err := Run(t.Context(), o, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	var result Result
	if err := json.Unmarshal(out.Bytes(), &result); err != nil {
		t.Fatal(err)
	}
	ours, plain := result.Runs[0], result.Runs[1]
	if ours.Tickets != plain.Tickets || ours.Tickets < 4000 {
		t.Errorf("%d and %d tickets, want the same many", ours.Tickets, plain.Tickets)
	}
	if ours.Skill.Mean >= plain.Skill.Mean {
		t.Errorf("mean skill spread %v, plain %v", ours.Skill.Mean, plain.Skill.Mean)
	}
	if ours.Wait.P95 > plain.Wait.P95 {
		t.Errorf("p95 wait %v s, plain %v s", ours.Wait.P95, plain.Wait.P95)
	}
	if ours.Share < 0.97 {
		t.Errorf("%v of the tickets matched", ours.Share)
	}
	if len(ours.WaitCurve) < 50 || ours.WaitCurve[len(ours.WaitCurve)-1].Share != 1 {
		t.Errorf("the curve of waits has %d points and does not end at 1", len(ours.WaitCurve))
	}
}

// TestSame: the same arrivals give the same numbers, but for real time.
func TestSame(t *testing.T) {
	t.Parallel()
	once := func() string {
		var out bytes.Buffer
		if err := Run(t.Context(), Options{Rules: "arena", Arrivals: "poisson:rate=3,seed=9", Hours: 0.1, Alone: true, JSON: true, Quiet: true}, &out, io.Discard); err != nil {
			t.Fatal(err)
		}
		var result Result
		if err := json.Unmarshal(out.Bytes(), &result); err != nil {
			t.Fatal(err)
		}
		m := &result.Runs[0]
		m.PassMean, m.PassMax, m.TicketsPerS = 0, 0, 0
		text, _ := json.Marshal(result)
		return string(text)
	}
	if a, b := once(), once(); a != b {
		t.Errorf("two runs differ:\n%s\n%s", a, b)
	}
}

func TestFilesWritten(t *testing.T) {
	t.Parallel()
	out := t.TempDir()
	var table, progress bytes.Buffer
	if err := Run(t.Context(), Options{Rules: "ladder", Arrivals: "poisson:3", Hours: 0.05, Out: out}, &table, &progress); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"wait s", "oldest first", "skill spread", "matched"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, table.String())
		}
	}
	if n := strings.Count(progress.String(), "% matched"); n < 4 || n > 10 || strings.Contains(progress.String(), "\r") { // of two runs, to no terminal
		t.Errorf("%d reports of progress: %q", n, progress.String())
	}
	svg, err := os.ReadFile(filepath.Join(out, "result.svg"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(svg, []byte("sans-serif")) || bytes.Contains(svg, []byte("Times")) || bytes.Contains(svg, []byte(">0.00<")) || !bytes.Contains(svg, []byte(`width="100%"`)) {
		t.Errorf("the plot has serifs, needless decimals or a fixed width: %.2000s", svg)
	}
	if err := xml.Unmarshal(svg, new(struct{ XMLName xml.Name })); err != nil || !bytes.Contains(svg, []byte("<svg")) {
		t.Errorf("the plot is no SVG: %v", err)
	}
	text, err := os.ReadFile(filepath.Join(out, "result.json"))
	if err != nil || !json.Valid(text) {
		t.Errorf("the result is no JSON: %v", err)
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Run(ctx, Options{Rules: "ladder", Arrivals: "poisson:3", Quiet: true}, io.Discard, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// TestFromFiles: the same tickets from CSV and from JSON lines.
func TestFromFiles(t *testing.T) {
	t.Parallel()
	const csv = `at,ticket,player,skill,role,latency.eu,latency.us
0.5,t1,ann,1500,tank|damage,20,120
0.5,t1,bob,1520,healer,25,
2,t2,cem,1400,,30,110
`
	const lines = `{"at":0.5,"id":"t1","members":[{"player":"ann","attributes":{"skill":1500,"role":["tank","damage"],"latency":{"eu":20,"us":120}}},{"player":"bob","attributes":{"skill":1520,"role":["healer"],"latency":{"eu":25}}}]}

{"at":2,"id":"t2","members":[{"player":"cem","attributes":{"skill":1400,"latency":{"eu":30,"us":110}}}]}
`
	r, err := rules.Named("fives")
	if err != nil {
		t.Fatal(err)
	}
	rows, err := ReadCSV(strings.NewReader(csv), r)
	if err != nil {
		t.Fatal(err)
	}
	a, b := all(t, rows), all(t, ReadJSONLines(strings.NewReader(lines)))
	if a != b || strings.Count(a, "player") != 3 {
		t.Errorf("differ:\n%s\n%s", a, b)
	}
}

func all(t *testing.T, a Arrivals) string {
	t.Helper()
	var b strings.Builder
	for {
		ticket, err := a.Next()
		if errors.Is(err, io.EOF) {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(ticket)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(ticket.Created.String())
		b.Write(text)
	}
}

// TestRefused: bad input is refused with what to do.
func TestRefused(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, c := range []struct{ rules, arrivals, want string }{
		{"nothing", "poisson:1", "[arena fives ladder] or a file"},
		{file("bad.yaml", "name: x\n"), "poisson:1", "no game is named"},
		{"ladder", "poisson:", "no number"},
		{"ladder", "poisson:-1", "no number"},
		{"ladder", "poisson:0", "above 0"},
		{"ladder", "poisson:rate=1,wind=3", "use rate, solo"},
		{"ladder", "nowhere.csv", "poisson:… or a file"},
		{"ladder", file("a.txt", ""), "name the file .csv or .jsonl"},
		{"ladder", file("a.csv", ""), "the first row"},
		{"ladder", file("b.csv", "at,ticket\n"), "no column \"player\""},
		{"ladder", file("c.csv", "at,ticket,player,beard\n"), "is no attribute"},
		{"ladder", file("d.csv", "at,ticket,player,skill\n1,t,p,high\n"), "is no number"},
		{"ladder", file("e.csv", "at,ticket,player\n5,t,p\n4,u,q\n"), "sort the file"},
		{"ladder", file("f.csv", "at,ticket,player\nNaN,t,p\n"), "0 or more"},
		{"ladder", file("g.jsonl", `{"at":1,"id":"t","members":[],"beard":1}`), "line 1"},
		{"ladder", file("h.jsonl", "{\"at\":2,\"id\":\"t\"}\n{\"at\":1,\"id\":\"u\"}"), "line 2"},
		{"ladder", file("i.jsonl", `{"at":1,"id":"t","members":[{"player":"p","attributes":{"skill":true}}]}`), "give a number"},
	} {
		err := Run(t.Context(), Options{Rules: c.rules, Arrivals: c.arrivals, Hours: 0.01, Quiet: true}, io.Discard, io.Discard)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s, %s: %v, want %q in it", c.rules, c.arrivals, err, c.want)
		}
	}
}

func TestGrowth(t *testing.T) {
	r, err := rules.Named("fives")
	if err != nil {
		t.Fatal(err)
	}
	growth, err := MeasureGrowth(t.Context(), r, []int{500, 1000}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range growth {
		if g.Rosters < g.Tickets/12 || g.Bytes <= 0 || g.Bytes > 2048 {
			t.Errorf("%+v: too few rosters, or more than 2 KB a ticket", g)
		}
	}
	var svg bytes.Buffer
	if err := PlotGrowth(&svg, growth); err != nil || !strings.Contains(svg.String(), "n log n") {
		t.Errorf("no plot: %v", err)
	}
}

// TestLongestWait: with enough players no ticket waits longer than
// Rules.LongestWait.
func TestLongestWait(t *testing.T) {
	t.Parallel()
	// On the ladder the farthest few never have enough players near them; a
	// narrower distribution of skills leaves none of them out.
	for name, deviation := range map[string]float64{"ladder": 100, "fives": 350} {
		r, err := rules.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
		if err != nil {
			t.Fatal(err)
		}
		s := Simulation{Matcher: m, Arrivals: Poisson{Rate: 20, Solo: 0.65, Mean: 1500, Deviation: deviation, Seed: 2}.Arrivals(r), Length: 5 * time.Minute}
		oldest := time.Duration(0)
		s.Rosters = func(_ time.Duration, roster matchmaking.Roster) { oldest = max(oldest, roster.Age) }
		got, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if bound := r.LongestWait(); oldest > bound || oldest < 5*time.Second {
			t.Errorf("%s: the longest wait was %v, the bound is %v", name, oldest, bound)
		}
		if got.Waiting > 300 || got.Expired > 0 {
			t.Errorf("%s: %d still wait, %d expired", name, got.Waiting, got.Expired)
		}
	}
}
