package load

import (
	"bytes"
	"testing"
	"time"
)

// watchDouble plays with n clients for a span after all have joined.
func watchDouble(t *testing.T, sample int, span time.Duration, fault func(player, nth int, msg []byte) [][]byte) (*Books, *double) {
	t.Helper()
	const rate, n = 60, 6
	d := newDouble(t, rate, fault)
	p := &Players{Schema: d.schema, Sample: sample}
	f, err := NewFleet(Config{Server: d.addr(), Seat: p.Seat, Tick: time.Second / rate})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	if err := f.Resize(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	b, err := f.Measure(t.Context(), span)
	if err != nil {
		t.Fatal(err)
	}
	if b.Snapshots < uint64(span.Seconds()*rate*n/2) {
		t.Fatalf("only %d snapshots in %v: nothing was watched", b.Snapshots, span)
	}
	return b, d
}

func whole(_, _ int, msg []byte) [][]byte { return [][]byte{msg} }

// TestFaultless checks that a good server is found good, and that what it got
// is what the books say was sent.
func TestFaultless(t *testing.T) {
	b, d := watchDouble(t, 2, 2500*time.Millisecond, whole)
	if b.Faults.Wrong() != 0 || b.Clients != 6 {
		t.Errorf("%d clients, %+v, %v", b.Clients, b.Faults, b.Errors)
	}
	if b.Faults.Checks < 3 || b.Sampled < b.Snapshots*2/5 || b.Sampled > b.Snapshots*3/5 {
		t.Errorf("%d checks, %d of %d applied", b.Faults.Checks, b.Sampled, b.Snapshots)
	}
	if got := float64(b.Inputs) / b.Span.Seconds() / 6; got < 40 || got > 66 {
		t.Errorf("%.1f inputs a second", got)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inputs < int(b.Inputs)*9/10 || d.bytes > d.inputs*9 {
		t.Errorf("the server understood %d inputs of %d bytes, %d were sent", d.inputs, d.bytes, b.Inputs)
	}
}

// TestPlantedFaults plants each fault once for one client, and wants it found
// by clients that apply everything and by clients that read heads only.
func TestPlantedFaults(t *testing.T) {
	const nth = 70
	for name, c := range map[string]struct {
		fault  func(player, n int, msg []byte) [][]byte
		sample int
		found  func(f *Faults) bool
	}{
		"lost": {func(p, n int, msg []byte) [][]byte {
			if p == 1 && n == nth {
				return nil
			}
			return [][]byte{msg}
		}, 0, func(f *Faults) bool { return f.Lost >= 1 && f.Repeated == 0 && f.Corrupted == 0 }},
		"lost, applied": {func(p, n int, msg []byte) [][]byte {
			if p == 1 && n == nth {
				return nil
			}
			return [][]byte{msg}
		}, 1, func(f *Faults) bool { return f.Lost >= 1 && f.Mismatched+f.Corrupted >= 1 }},
		"repeated": {func(p, n int, msg []byte) [][]byte {
			if p == 1 && n == nth {
				return [][]byte{msg, msg}
			}
			return [][]byte{msg}
		}, 0, func(f *Faults) bool { return f.Repeated >= 1 && f.Lost == 0 }},
		"corrupted": {func(p, n int, msg []byte) [][]byte {
			if p == 1 && n == nth {
				msg = bytes.Clone(msg)
				msg[len(msg)*2/3] ^= 1
			}
			return [][]byte{msg}
		}, 1, func(f *Faults) bool { return f.Mismatched+f.Corrupted >= 1 }},
		"cut short": {func(p, n int, msg []byte) [][]byte {
			if p == 1 && n == nth {
				msg = msg[:3]
			}
			return [][]byte{msg}
		}, 0, func(f *Faults) bool { return f.Corrupted >= 1 }},
		"late": {lateBy(nth, 3), 0, func(f *Faults) bool { return f.Late >= 1 && f.Lost == 0 && f.Repeated == 0 }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, _ := watchDouble(t, c.sample, 2500*time.Millisecond, c.fault)
			if !c.found(&b.Faults) {
				t.Errorf("%+v", b.Faults)
			}
		})
	}
}

// lateBy keeps a client's snapshots back from the nth on, so many in all, and
// then gives them all at once.
func lateBy(nth, many int) func(player, n int, msg []byte) [][]byte {
	var kept [][]byte
	return func(p, n int, msg []byte) [][]byte {
		if p != 1 || n < nth || n > nth+many {
			return [][]byte{msg}
		}
		kept = append(kept, bytes.Clone(msg))
		if n < nth+many {
			return nil
		}
		return kept
	}
}

// TestClosedConnections checks that a server's goodbye is an error, not fewer
// clients.
func TestClosedConnections(t *testing.T) {
	d := newDouble(t, 60, whole)
	p := &Players{Schema: d.schema}
	f, err := NewFleet(Config{Server: d.addr(), Seat: p.Seat, Tick: time.Second / 60})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Resize(t.Context(), 4); err != nil {
		t.Fatal(err)
	}
	f.Begin()
	d.mu.Lock()
	d.guests[2].conn.Close()
	d.mu.Unlock()
	if err := Wait(t.Context(), 200*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if b := f.End(); b.Faults.Closed != 1 || b.Clients != 3 || len(b.Errors) != 1 {
		t.Errorf("%d clients, %+v, %v", b.Clients, b.Faults, b.Errors)
	}
	if err := f.Resize(t.Context(), 2); err != nil || f.Clients() != 2 {
		t.Errorf("%d clients, %v", f.Clients(), err)
	}
}
