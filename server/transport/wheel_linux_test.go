package transport

import (
	"math/rand/v2"
	"testing"
)

// TestWheel compares with the plain rule: an entry fires in the first turn at
// or after its time, at most one tick late, never early.
func TestWheel(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var w wheel
	const entries = 200
	timers := make([]timer, entries)
	due := make(map[*timer]int64)
	fired := 0
	now := int64(1)
	for range 20_000 {
		now += rng.Int64N(wheelTick)
		for e := w.nextDue(now); e != nil; e = w.nextDue(now) {
			if e.scheduled() {
				t.Fatal("a fired timer is still scheduled")
			}
			if now < due[e] {
				w.schedule(e, due[e]) // beyond the horizon, as the shard does
				continue
			}
			if now-due[e] > 2*wheelTick {
				t.Fatalf("fired %d ns late", now-due[e])
			}
			delete(due, e)
			fired++
		}
		for _, at := range due {
			if now-at > 2*wheelTick {
				t.Fatalf("not fired %d ns after its time", now-at)
			}
		}
		if e := &timers[rng.IntN(entries)]; rng.IntN(4) == 0 {
			w.remove(e)
			delete(due, e)
		} else {
			at := now + rng.Int64N(40e9)
			if old, ok := due[e]; !ok || at < old {
				due[e] = at
				w.schedule(e, at)
			}
		}
		if w.count != len(due) {
			t.Fatalf("%d are scheduled, want %d", w.count, len(due))
		}
		if next := w.nextDeadline(); (next == 0) != (len(due) == 0) {
			t.Fatalf("next turn at %d with %d entries", next, len(due))
		}
	}
	if fired < 1000 {
		t.Errorf("only %d fired", fired)
	}
}
