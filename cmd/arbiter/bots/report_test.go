package bots

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"arbiter/netcode/client/core"
)

func TestReportAdds(t *testing.T) {
	var r Report
	for i := range 100 {
		var trips, ages core.Histogram
		trips.Add(10 * time.Millisecond)
		ages.Add(time.Duration(i) * time.Millisecond)
		r.add(&core.Stats{Connections: 2, Resumes: 1, Snapshots: 10, Bytes: 505, InputsSent: 5, InputsApplied: 5, HashChecks: 1}, &trips, &ages)
	}
	r.finish(2500 * time.Millisecond)
	if r.Connected != 100 || r.Resumes != 100 || r.BytesPerSnapshot != 50.5 || r.Seconds != 2.5 {
		t.Errorf("got %+v", r)
	}
	if off(r.RTTp50, 10) || off(r.AgeP50, 50) || off(r.AgeP99, 99) {
		t.Errorf("percentiles: %v %v %v", r.RTTp50, r.AgeP50, r.AgeP99)
	}
	if err := r.Verdict(); err != nil {
		t.Error(err)
	}
}

func TestVerdict(t *testing.T) {
	one := core.Stats{Connections: 1}
	for _, c := range []struct {
		name string
		add  func(s *core.Stats)
		want string
	}{
		{"lost by the server's account", func(s *core.Stats) { s.InputsLost = 1 }, "1 inputs lost, 0 repeated, 0 hash"},
		{"never acknowledged", func(s *core.Stats) { s.InputsSent, s.InputsApplied = 7, 4 }, "3 inputs lost"},
		{"lost beside abandoned ones", func(s *core.Stats) { s.InputsSent, s.InputsApplied, s.InputsAbandoned = 7, 4, 2 }, "1 inputs lost"},
		{"repeated", func(s *core.Stats) { s.InputsRepeated = 2 }, "0 inputs lost, 2 repeated"},
		{"mismatch", func(s *core.Stats) { s.HashMismatches = 1 }, "1 hash mismatches"},
		{"withheld", func(s *core.Stats) { s.Withheld = 1100 * time.Millisecond }, "made no input for 1100 ms"},
		{"not connected", func(s *core.Stats) { s.Connections = 0 }, "nobody connected"},
	} {
		var r Report
		s := one
		c.add(&s)
		r.add(&s, new(core.Histogram), new(core.Histogram))
		if err := r.Verdict(); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// TestAbandonedInputs: what a client gave up with its seat is nobody's loss.
func TestAbandonedInputs(t *testing.T) {
	var r Report
	r.add(&core.Stats{Connections: 2, InputsSent: 7, InputsApplied: 4, InputsAbandoned: 3}, new(core.Histogram), new(core.Histogram))
	if err := r.Verdict(); err != nil || r.InputsAbandoned != 3 {
		t.Errorf("%d abandoned: %v", r.InputsAbandoned, err)
	}
}

func TestReportText(t *testing.T) {
	r := Report{Connected: 3, Snapshots: 30, Keyframes: 3}
	for i := range 20 {
		r.fail(errors.New("the same"))
		r.fail(fmt.Errorf("error %d", i))
	}
	var b bytes.Buffer
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	out := b.String()
	for _, want := range []string{"connected     3\n", "snapshots     30, 0.0 bytes each, 3 keyframes, 0 skipped\n", "errors        40\n              the same\n              error 0\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("lacks %q:\n%s", want, out)
		}
	}
	if strings.Count(out, "\n") != 8+errorSamples {
		t.Errorf("more than %d samples:\n%s", errorSamples, out)
	}
}

func TestConfigChecks(t *testing.T) {
	for url, ok := range map[string]bool{
		"ws://localhost:8080": true, "wss://play.example.com/x": true,
		"": false, "localhost:8080": false, "arena://x": false, "ws://": false, "ws://a b": false,
	} {
		c := Config{URL: url}
		if _, err := c.fill(); (err == nil) != ok {
			t.Errorf("%q: %v", url, err)
		}
	}
	c := Config{URL: "ws://x"}
	if _, err := c.fill(); err != nil || c.Clients != 1 || c.For != 10*time.Second || c.Rate != 15 {
		t.Errorf("defaults: %+v, %v", c, err)
	}
}

// off reports whether a percentile is further off than the histogram's buckets
// are wide.
func off(got, want float64) bool { return math.Abs(got-want) > want*0.13 }
