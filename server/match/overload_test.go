package match

import (
	"runtime"
	"testing"
	"testing/fstest"
	"time"
)

// drive feeds overload control the same load for a number of periods and returns the
// levels it went through, the one at the beginning left out.
type drive struct {
	overloadControl
	now time.Duration
}

func (d *drive) periods(n int, l overloadSample) (went []overloadLevel) {
	for range n {
		d.now += overloadPeriod
		if d.observe(d.now, l) {
			went = append(went, d.level)
		}
	}
	return went
}

// turns is the load of a period in which late turns of a hundred were later
// than the bound, and later than twice the bound.
func turns(late, later uint64) overloadSample {
	return overloadSample{turns: 100, late: [3]uint64{late, late, later}}
}

func TestOverloadControlByLateness(t *testing.T) {
	for _, test := range []struct {
		name string
		n    int
		load overloadSample
		want []overloadLevel
	}{
		{"no matches", 200, overloadSample{}, nil},
		{"one turn in a hundred", 200, turns(1, 1), nil},
		{"two turns in a hundred", 200, turns(2, 0), []overloadLevel{refuseMatches}},
		{"two turns in a hundred, very late", 200, turns(2, 2), []overloadLevel{refuseConnections}},
		{"late by half the bound", 200, overloadSample{turns: 100, late: [3]uint64{100, 0, 0}}, nil},
		{"few turns, one of them late", overloadSpan, overloadSample{turns: 2}, nil},
	} {
		var d drive
		if went := d.periods(test.n, test.load); !equal(went, test.want) {
			t.Errorf("%s: went through %v, want %v", test.name, went, test.want)
		}
	}
	var d drive
	if went := d.periods(1, overloadSample{turns: 5, late: [3]uint64{4, 4, 4}}); went != nil {
		t.Errorf("four late turns in all: %v, want nothing: that is a hiccup", went)
	}
}

func equal(a, b []overloadLevel) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// It gets worse in two steps, and better in two, each after a time without
// cause; what lies between half the bound and the bound changes nothing.
func TestOverloadControlHasHysteresis(t *testing.T) {
	var d drive
	d.periods(overloadSpan, turns(0, 0))
	if went := d.periods(40, turns(50, 0)); !equal(went, []overloadLevel{refuseMatches}) || d.why != byLateness {
		t.Fatalf("late: %v because of %q", went, d.why)
	}
	if went := d.periods(40, turns(50, 50)); !equal(went, []overloadLevel{refuseConnections}) {
		t.Fatalf("very late: %v", went)
	}
	// Later than the bound, but not than twice the bound, is half of what calls for level 2.
	if went := d.periods(200, turns(50, 0)); went != nil {
		t.Fatalf("late again, for 50 s: %v, want to stay", went)
	}
	begin := d.now
	if went := d.periods(200, overloadSample{turns: 100, late: [3]uint64{50, 0, 0}}); !equal(went, []overloadLevel{refuseMatches}) {
		t.Fatalf("later than half the bound, for 50 s: %v, want the first level", went)
	}
	if least := begin + overloadSpan/2*overloadPeriod + overloadCalm; d.since < least {
		t.Errorf("the second level ended at %v, want %v or later", d.since, least)
	}
	begin = d.now
	d.periods(overloadSpan, turns(0, 0))
	if d.level != refuseMatches {
		t.Error("the first level ended with the last late turn in the span")
	}
	if went := d.periods(8, turns(0, 0)); !equal(went, []overloadLevel{refuseNothing}) || d.why != "" {
		t.Errorf("on time for %v: %v because of %q, want nothing", d.now-begin, went, d.why)
	}
	// An alternating load does not have it go to and fro.
	changes := 0
	for range 50 {
		changes += len(d.periods(4, turns(60, 0))) + len(d.periods(overloadSpan-4, turns(0, 0)))
	}
	if changes != 1 {
		t.Errorf("%d changes in 250 s of bursts every 5 s, want one", changes)
	}
}

// A machine that stands still for a second makes one turn of each match late.
func TestOverloadControlForgivesOnePause(t *testing.T) {
	var d drive
	const matches, rate = 1000, 30 // a period is a quarter of a second
	period := overloadSample{turns: matches * rate / 4}
	d.periods(overloadSpan, period)
	if went := append(d.periods(3, overloadSample{}), d.periods(1, overloadSample{turns: matches, late: [3]uint64{matches, matches, matches}})...); went != nil {
		t.Errorf("went through %v, want nothing", went)
	}
}

func TestOverloadControlByMemory(t *testing.T) {
	d := drive{overloadControl: overloadControl{bound: 900}}
	at := func(used uint64) overloadSample { return overloadSample{turns: 100, memory: used} }
	for _, step := range []struct {
		used uint64
		n    int
		want []overloadLevel
	}{
		{900, 40, nil},
		{901, 1, []overloadLevel{refuseMatches}},
		{950, 40, nil},
		{951, 1, []overloadLevel{refuseConnections}},
		{910, 200, nil}, // within 5 % of what began it
		{880, overloadSpan + 8, []overloadLevel{refuseMatches}},
		{860, 200, nil},
		{850, overloadSpan - 1, nil}, // the most of the span counts, between two collections it falls
		{850, 8, []overloadLevel{refuseNothing}},
		{2000, 1, []overloadLevel{refuseConnections}},
		{0, overloadSpan + 12, []overloadLevel{refuseMatches, refuseNothing}},
	} {
		if went := d.periods(step.n, at(step.used)); !equal(went, step.want) {
			t.Errorf("%d bytes of 900 for %d periods: %v, want %v", step.used, step.n, went, step.want)
		}
		if d.level > refuseNothing && d.why != byMemory {
			t.Errorf("%d bytes: because of %q", step.used, d.why)
		}
	}
	off := drive{}
	if went := off.periods(10, at(1<<50)); went != nil {
		t.Errorf("without a bound: %v", went)
	}
}

func TestTurnsAreCountedByLateness(t *testing.T) {
	s := overload{bound: 10 * time.Millisecond}
	for _, ms := range []time.Duration{-1, 0, 5, 6, 10, 11, 20, 21, 500} {
		s.countTurn(ms * time.Millisecond)
	}
	if n, a, b, c := s.turns.Load(), s.late[0].Load(), s.late[1].Load(), s.late[2].Load(); n != 9 || a != 6 || b != 4 || c != 2 {
		t.Errorf("of %d turns %d, %d, %d are late; want of 9: 6, 4, 2", n, a, b, c)
	}
	var off overload
	off.countTurn(time.Hour)
	if off.turns.Load() != 0 {
		t.Error("turns are counted without a bound")
	}
}

func TestCgroupLimit(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	for name, test := range map[string]struct {
		files fstest.MapFS
		want  uint64
	}{
		"none": {fstest.MapFS{}, 0},
		"a container of version 2": {fstest.MapFS{
			"proc/self/cgroup": file("0::/\n"), "sys/fs/cgroup/memory.max": file("1000000\n")}, 1000000},
		"no limit": {fstest.MapFS{"proc/self/cgroup": file("0::/\n"), "sys/fs/cgroup/memory.max": file("max\n")}, 0},
		"a service, below a slice with less": {fstest.MapFS{
			"proc/self/cgroup":                                    file("0::/game.slice/arbiter.service\n"),
			"sys/fs/cgroup/game.slice/memory.max":                 file("3000\n"),
			"sys/fs/cgroup/game.slice/arbiter.service/memory.max": file("4000\n")}, 3000},
		"version 1":             {fstest.MapFS{"sys/fs/cgroup/memory/memory.limit_in_bytes": file("5000\n")}, 5000},
		"version 1, no limit":   {fstest.MapFS{"sys/fs/cgroup/memory/memory.limit_in_bytes": file("9223372036854771712\n")}, 0},
		"a path that leads out": {fstest.MapFS{"proc/self/cgroup": file("0::/../..\n"), "sys/fs/cgroup/memory.max": file("7\n")}, 7},
	} {
		if got, ok := cgroupLimit(test.files); got != test.want || ok != (test.want > 0) {
			t.Errorf("%s: %d, %v; want %d", name, got, ok, test.want)
		}
	}
}

func TestMemoryGauge(t *testing.T) {
	root := fstest.MapFS{"sys/fs/cgroup/memory.max": {Data: []byte("1000000000\n")}}
	if g := newMemoryGauge(-1, root); g.bound != 0 || g.read() != 0 {
		t.Errorf("off: bound %d, %d bytes", g.bound, g.read())
	}
	if g := newMemoryGauge(5<<20, root); g.bound != 5<<20 {
		t.Errorf("given: bound %d", g.bound)
	}
	g := newMemoryGauge(0, root)
	if !g.limited && (g.bound != 900_000_000 || g.of != "cgroup") {
		t.Errorf("bound %d of %s, want 90 %% of the cgroup's", g.bound, g.of)
	}
	g.limited = true
	needed := func() uint64 {
		runtime.GC()
		return g.read()
	}
	const size = 64 << 20
	before := needed()
	hold := make([]byte, size)
	with := needed()
	runtime.KeepAlive(hold)
	if without := needed(); with < before+size*3/4 || without > with-size*3/4 {
		t.Errorf("%d bytes that no collection would free, %d with %d more, %d without them again", before, with, size, without)
	}
	with = g.read()
	g.limited = false
	if all := g.read(); all < with || all < 1<<20 {
		t.Errorf("%d bytes in use, of which no collection would free %d", all, with)
	}
}

// In development mode lateness is told, and nobody refused; memory is another matter.
func TestShedWarnRefusesNobody(t *testing.T) {
	for why, refused := range map[string]bool{byLateness: false, byMemory: true} {
		b := newTestbed(t, busy(t), 0)
		b.engine.overload.warn = true
		d := overloadControl{level: refuseConnections, why: why}
		b.engine.publishOverload(&d)
		if b.engine.overload.current() != refuseConnections {
			t.Error("the level is not told")
		}
		if b.engine.RefusesConnections() != refused || b.engine.refuses(refuseMatches, "match") != refused {
			t.Errorf("%s: refused %v, want %v", why, !refused, refused)
		}
	}
}
