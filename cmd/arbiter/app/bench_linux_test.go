package app

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"arbiter/game/tag"
)

// benchmarked runs a benchmark in a process of its own, which it pins, and
// reads its result into v. Everything is as small as it can be.
func benchmarked(t *testing.T, v any, args ...string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	html := filepath.Join(t.TempDir(), "r.html")
	c := exec.Command(self, append(append([]string{"bench"}, args...), "--json", "--quick", "--html", html)...)
	c.Dir = "../../.." // where the sources are
	c.Env = append(os.Environ(), asArbiter+"=1")
	var out, diag bytes.Buffer
	c.Stdout, c.Stderr = &out, &diag
	if err := c.Run(); err != nil {
		t.Fatalf("%s: %v: %s", args[0], err, &diag)
	}
	doc := struct {
		Command string
		Machine struct{ CPUs int }
		Result  any
	}{Result: v}
	if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
		t.Fatalf("%s: %v: %s", args[0], err, &out)
	}
	page, err := os.ReadFile(html)
	if err != nil || !bytes.Contains(page, []byte("</html>")) || doc.Machine.CPUs == 0 || doc.Command != "arbiter bench "+args[0] {
		t.Errorf("%s: %v, %+v", args[0], err, doc)
	}
	if !strings.Contains(diag.String(), "server on processors") {
		t.Errorf("%s says nothing of its progress: %s", args[0], &diag)
	}
}

// measured is what every measurement has.
type measured struct {
	Clients       int
	Seconds       float64
	SnapshotBytes float64 `json:"snapshot_bytes"`
	CPU           float64 `json:"cpu_us_per_client_tick"`
	Received      float64 `json:"snapshots_per_client_tick"`
}

// plays reports whether clients were there and got snapshots. How many and how
// soon is the machine's matter.
func (m *measured) plays(clients int) bool {
	return m.Clients == clients && m.Seconds > 0.5 && m.SnapshotBytes > 10 && m.Received > 0.1
}

func TestBenchFloor(t *testing.T) {
	t.Parallel()
	var r []measured
	benchmarked(t, &r, "floor", "--clients", "20", "--for", "1s", "--snapshot-bytes", "70")
	if len(r) != 1 || !r[0].plays(20) || r[0].SnapshotBytes != 70 {
		t.Errorf("%+v", r)
	}
}

func TestBenchIdle(t *testing.T) {
	t.Parallel()
	var r []struct {
		Connections int
		Heap        float64 `json:"heap_bytes"`
		Rate        float64 `json:"connections_per_second"`
		Goroutines  float64
		TLS         bool
	}
	for _, secure := range []string{"--tls=false", "--tls"} {
		benchmarked(t, &r, "idle", "--connections", "600,700", "--for", "1s", secure)
		if len(r) != 1 || r[0].Connections != 600 || r[0].Heap <= 0 || r[0].Heap > 50000 || r[0].Goroutines > 300 || r[0].TLS != (secure == "--tls") {
			t.Errorf("%s: %+v", secure, r)
		}
	}
}

func TestBenchJoins(t *testing.T) {
	t.Parallel()
	var r []struct {
		AtOnce int     `json:"at_once"`
		Joins  float64 `json:"joins_per_second"`
		Errors []string
		Took   struct{ P50 float64 } `json:"took_ms"`
	}
	benchmarked(t, &r, "joins", "--at-once", "4", "--for", "1s")
	if len(r) != 1 || r[0].AtOnce != 4 || r[0].Joins < 5 || r[0].Took.P50 <= 0 || len(r[0].Errors) > 0 {
		t.Errorf("%+v", r)
	}
}

// TestBenchOwnGame measures with a game of the program instead of the benchmarks'
// own.
func TestBenchOwnGame(t *testing.T) {
	t.Parallel()
	var joined []struct {
		Joins  float64 `json:"joins_per_second"`
		Errors []string
	}
	benchmarked(t, &joined, "joins", "--game", "tag", "--at-once", "4", "--for", "1s")
	if len(joined) != 1 || joined[0].Joins < 5 || len(joined[0].Errors) > 0 {
		t.Errorf("%+v", joined)
	}
	var r struct {
		Cells []struct{ Clients, Players int }
	}
	benchmarked(t, &r, "capacity", "--game", "tag", "--most", "20", "--hold", "1s", "--rates", "1")
	if len(r.Cells) != 1 || r.Cells[0].Players != tag.Game.Config().MaxPlayers || r.Cells[0].Clients < 10 {
		t.Errorf("%+v", r)
	}
}

func TestBenchBigmatch(t *testing.T) {
	t.Parallel()
	var r []struct {
		measured
		Sighted bool    `json:"area_of_interest"`
		Groups  float64 `json:"bodies_encoded_per_tick"`
	}
	benchmarked(t, &r, "bigmatch", "--sighted", "40", "--open", "20", "--for", "1s")
	if len(r) != 2 || !r[0].plays(40) || !r[1].plays(20) || !r[0].Sighted || r[1].Sighted || r[0].Groups < 2 {
		t.Errorf("%+v", r)
	}
}

func TestBenchSlow(t *testing.T) {
	t.Parallel()
	var r struct {
		Offered float64 `json:"offered_bytes_per_second"`
		Links   []struct {
			PerSecond float64 `json:"snapshots_per_second"`
			Wrong     uint64  `json:"hash_mismatches"`
		}
		Beside measured `json:"neighbours_beside"`
	}
	benchmarked(t, &r, "slow", "--players", "20", "--rate", "20", "--clients", "1", "--for", "3s")
	if len(r.Links) != 3 || r.Offered < 200 || !r.Beside.plays(17) {
		t.Fatalf("%+v", r)
	}
	for _, l := range r.Links {
		if l.PerSecond < 1 || l.Wrong > 0 {
			t.Errorf("%+v", l)
		}
	}
}

// TestBenchAttack lets attacks loose on real servers, plain and TLS: whether players notice
// is the machine's matter here, what is left of it is not.
func TestBenchAttack(t *testing.T) {
	t.Parallel()
	var r []struct {
		Closed    uint64 `json:"honest_disconnects"`
		Back      bool   `json:"back_to_base"`
		Attackers struct{ Hits uint64 }
	}
	benchmarked(t, &r, "attack", "--attacks", "frames,tls", "--players", "20", "--for", "1s")
	if len(r) != 2 {
		t.Fatalf("%+v", r)
	}
	for _, a := range r {
		if a.Closed > 0 || !a.Back || a.Attackers.Hits < 50 {
			t.Errorf("%+v", a)
		}
	}
}

func TestBenchSoak(t *testing.T) {
	t.Parallel()
	var r struct {
		Bots struct {
			Applied uint64 `json:"inputs_applied"`
			Lost    uint64 `json:"inputs_lost"`
		}
		Stages []struct{ Attack string }
	}
	benchmarked(t, &r, "soak", "--for", "1s", "--stage", "3s", "--players", "10", "--bots", "5", "--tls")
	if len(r.Stages) != 1 || r.Stages[0].Attack != "slowloris" || r.Bots.Applied == 0 || r.Bots.Lost > 0 {
		t.Errorf("%+v", r)
	}
}

// TestBenchCapacity stops at a few clients and one tick a second, which any
// machine holds; not beside the others, so that it does.
func TestBenchCapacity(t *testing.T) {
	var r struct {
		Cells []struct {
			Clients int
			AtLeast bool `json:"at_least"`
			Limit   string
			Held    measured
		}
	}
	benchmarked(t, &r, "capacity", "--most", "20", "--hold", "1s", "--rates", "1", "--players", "10,2")
	if len(r.Cells) != 2 || r.Cells[0].Clients < 10 || r.Cells[0].Limit == "" || r.Cells[0].Held.SnapshotBytes < 10 {
		t.Errorf("%+v", r)
	}
}
