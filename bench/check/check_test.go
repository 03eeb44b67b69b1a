package check

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"arbiter/bench"
	"arbiter/bench/micro"
)

// TestCount plays a match twice: what is counted is the same, and is of a match
// in which all play.
func TestCount(t *testing.T) {
	for _, m := range []Match{{10, 10, 1}, {10, 10, 10}, {1000, 30, 1}} {
		a, err := m.Count()
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.Count()
		if err != nil {
			t.Fatal(err)
		}
		for what, v := range a {
			if what != "allocations in one tick" && v != b[what] {
				t.Errorf("%v: %s is %v, and %v the second time", m, what, v, b[what])
			}
		}
		if a["snapshots"] != 1 || a["bytes a snapshot"] < 10 || a["bodies encoded a tick"] < 1 {
			t.Errorf("%v: %v", m, a)
		}
		if said := a["messages from clients"]; m.Hold == 1 && said != 1 || m.Hold == 10 && (said > 0.5 || said < 0.1) {
			t.Errorf("%v: %v messages a client and tick", m, said)
		}
	}
	if _, err := (Match{3, 3, 1}).Count(); err == nil {
		t.Error("a match of three was counted")
	}
}

// TestAgainst changes one count at a time.
func TestAgainst(t *testing.T) {
	base := Counts{"a": {"bytes": 100, "allocs/op": 0, "snapshots": 1}}
	for _, c := range []struct {
		what   string
		is     float64
		worse  bool
		better bool
	}{
		{"bytes", 100, false, false}, {"bytes", 104, false, false}, {"bytes", 106, true, false}, {"bytes", 90, false, true},
		{"allocs/op", 1, true, false}, {"allocs/op", 0.3, false, false}, {"snapshots", 1.04, false, false}, {"snapshots", 1.1, true, false},
	} {
		d := Counts{"a": {c.what: c.is}}.Against(base)
		if len(d) != 1 || d[0].Worse() != c.worse || d[0].Better() != c.better {
			t.Errorf("%+v: %+v", c, d)
		}
		if err := verdict(d); (err != nil) != c.worse || c.worse && !strings.Contains(err.Error(), "UPDATE=1") {
			t.Errorf("%+v: %v", c, err)
		}
	}
	if d := (Counts{"b": {"bytes": 1}}).Against(base); !d[0].New || d[0].Worse() {
		t.Errorf("%+v", d)
	}
	if list := (Counts{"a": {"bytes": 1}}).missing(base); len(list) != 2 || list[0] != "a: allocs/op" {
		t.Errorf("%v", list)
	}
}

func TestTake(t *testing.T) {
	c := Counts{}
	c.add(micro.Line{Name: "netcode.Encode100", Values: map[string]float64{"ns/op": 3, "B/op": 4, "allocs/op": 0, "bytes/snapshot": 196, "ns/int": 1}})
	c.add(micro.Line{Name: "transport.Send/net", Values: map[string]float64{"allocs/op": 7}})
	if len(c) != 1 || len(c["netcode.Encode100"]) != 2 || c["netcode.Encode100"]["bytes/snapshot"] != 196 {
		t.Errorf("%v", c)
	}
}

// TestRun makes a baseline, and finds it kept and then broken.
func TestRun(t *testing.T) {
	was := matches
	defer func() { matches = was }()
	matches = []Match{{2, 2, 1}}
	o := Options{Source: "../..", Baseline: filepath.Join(t.TempDir(), "b.json")}
	s := bench.Quietly(bench.Common{}, io.Discard)
	if _, err := Run(t.Context(), s, o); err == nil || !strings.Contains(err.Error(), "--update") {
		t.Errorf("without a baseline: %v", err)
	}
	o.Update = true
	if _, err := Run(t.Context(), s, o); err != nil {
		t.Fatal(err)
	}
	o.Update = false
	if d, err := Run(t.Context(), s, o); err != nil || len(d.Tables[0].Rows) != 7 {
		t.Errorf("%v: %+v", err, d)
	}
	c, err := read(o.Baseline)
	if err != nil {
		t.Fatal(err)
	}
	c[matches[0].String()]["bytes a snapshot"] /= 2
	if err := c.save(o.Baseline); err != nil {
		t.Fatal(err)
	}
	if d, err := Run(t.Context(), s, o); err == nil || d == nil || !strings.Contains(err.Error(), "bytes a snapshot") {
		t.Errorf("dearer than the baseline: %v", err)
	}
}
