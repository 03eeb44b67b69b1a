package rules

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"arbiter/matchmaking"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestNamed(t *testing.T) {
	for _, name := range Names() {
		r, err := Named(name)
		if err != nil {
			t.Errorf("%s:\n%v", name, err)
		}
		if r.Name != name {
			t.Errorf("the rules in %s.yaml are called %q", name, r.Name)
		}
	}
	if _, err := Named("../parse"); err == nil || !strings.Contains(err.Error(), "use arena, fives, ladder") {
		t.Errorf("unknown rules: %v", err)
	}
}

// TestRead compares what is read from the 5v5 file with what it says.
func TestRead(t *testing.T) {
	r, err := Named("fives")
	if err != nil {
		t.Fatal(err)
	}
	if r.Game != "arena" || r.Parameters["map"] != "canyon" || r.GiveUp != 15*time.Minute || !r.Acceptance.Required || r.Acceptance.Timeout != 15*time.Second {
		t.Errorf("got %+v", r)
	}
	if a := r.Attributes[1]; a.Name != "role" || a.Kind != matchmaking.SetKind || !slices.Equal(a.Values, []string{"tank", "healer", "damage"}) || len(a.Default.Set()) != 3 {
		t.Errorf("attribute %+v", a)
	}
	if team := r.Teams[0]; team.Count != 2 || team.Min.From != 5 || team.Max.From != 5 {
		t.Errorf("team %+v", team)
	}
	skill := r.Rules[0]
	if skill.Kind != matchmaking.Distance || skill.Party != matchmaking.MeanMember || skill.Drop != 2*time.Minute || skill.Priority != 4 {
		t.Errorf("rule %+v", skill)
	}
	for age, want := range map[time.Duration]float64{0: 150, 9 * time.Second: 150, 10 * time.Second: 250, time.Minute: 800} {
		if got := skill.Max.At(age); got != want {
			t.Errorf("skill distance at %v is %v, want %v", age, got, want)
		}
	}
	if roles := r.Rules[2].Seats; len(roles) != 3 || roles[2] != (matchmaking.Seats{Role: "damage", Count: 3}) {
		t.Errorf("seats %+v", roles)
	}
}

// TestJSON: JSON is YAML too, and means the same.
func TestJSON(t *testing.T) {
	r, err := Parse([]byte(`{"name": "duel", "game": "tag", "attributes": {"skill": {"type": "number"}},
 "teams": [{"name": "side", "count": 2, "players": 1}],
 "rules": [{"name": "close", "kind": "distance", "attribute": "skill", "max": {"from": 10, "to": 110, "after": "10s", "over": "100s"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Rules[0].Max.At(60 * time.Second); got != 60 {
		t.Errorf("half way the bound is %v, want 60", got)
	}
	if r.LastExpansion() != 110*time.Second {
		t.Errorf("settled at %v", r.LastExpansion())
	}
}

// TestGoldenRefusals reads every bad file and compares what is said with the
// file beside it.
func TestGoldenRefusals(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d bad files, %v", len(files), err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Parse(text)
		var ps matchmaking.Problems
		if !errors.As(err, &ps) {
			t.Errorf("%s: got %v, want problems", path, err)
			continue
		}
		var said strings.Builder
		for _, p := range ps {
			if p.Code == "" || p.Detail == "" || p.Remedy == "" {
				t.Errorf("%s: %+v lacks something", path, p)
			}
			said.WriteString(string(p.Code) + ": " + strings.TrimPrefix(p.Error(), "matchmaking: ") + "\n")
		}
		golden := strings.TrimSuffix(path, ".yaml") + ".txt"
		if *update {
			if err := os.WriteFile(golden, []byte(said.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || said.String() != string(want) {
			t.Errorf("%s:\ngot  %swant %s%v", path, said.String(), want, err)
		}
	}
}

// FuzzParse: whatever is read, the parser returns problems or rules that a
// matcher takes.
func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		text, err := Text(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	bad, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range bad {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := Parse(text)
		if err != nil {
			var ps matchmaking.Problems
			if !errors.As(err, &ps) || len(ps) == 0 {
				t.Fatalf("%v is no problems", err)
			}
			return
		}
		if _, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{}); err != nil {
			t.Fatalf("read, and refused by the matcher: %v", err)
		}
	})
}

func TestFormulas(t *testing.T) {
	r, err := Named("fives")
	if err != nil {
		t.Fatal(err)
	}
	v := matchmaking.SampleView(&r)
	v.Numbers[0] = []float64{1000, 2000}
	v.Teams[0].Means[0], v.Teams[1].Means[0] = 1000, 2000
	for text, want := range map[string]float64{
		`mean("skill")`: 1500, `spread("skill")`: 1000, `lowest("skill") + highest("skill")`: 3000, `deviation("skill")`: 500,
		`gap("skill") / 4`: 250, `team_mean(1, "skill")`: 2000, `players + parties + latency`: 52, `wait > 0 ? 1 : 2`: 1,
		`team_size(0) * 2`: 2, `sqrt(abs(-16.0)) + pow(2, 3) + max(1, 2)`: 14,
	} {
		f, err := compile(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, err := f.Value(v); err != nil || got != want {
			t.Errorf("%s is %v (%v), want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1 +", `"a"`, "players +", "beard", "filter([1], true)", "now()", strings.Repeat("1+", 600) + "1"} {
		if f, err := compile(text); err == nil {
			t.Errorf("%.30q was taken: %v", text, f)
		}
	}
	for _, text := range []string{`mean("beard")`, `team_size(9)`, `team_mean(0, "beard")`, `gap("")`} {
		f, err := compile(text)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Value(v); err == nil {
			t.Errorf("%s has a value", text)
		}
	}
}
