package core

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestBackoffDoublesUnderFullJitterAndForgets(t *testing.T) {
	ceilings := []time.Duration{250 * ms, 500 * ms, time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 10 * time.Second, 10 * time.Second}
	most, least := make([]time.Duration, len(ceilings)), make([]time.Duration, len(ceilings))
	for seed := range uint64(500) {
		b := Backoff{Rand: rand.New(rand.NewPCG(seed, 1))}
		for i := range ceilings {
			d := b.Failed(0)
			most[i] = max(most[i], d)
			if seed == 0 || d < least[i] {
				least[i] = d
			}
		}
		b.Opened(time.Minute)
		if d := b.Failed(time.Minute + 9*time.Second); d > 10*time.Second {
			t.Fatalf("%v after a short connection", d)
		}
		b.Opened(2 * time.Minute)
		if d := b.Failed(2*time.Minute + 10*time.Second); d > 250*ms {
			t.Fatalf("%v after 10 s of good connection, want a fresh start", d)
		}
	}
	for i, c := range ceilings {
		if most[i] > c || most[i] < c*98/100 || least[i] > c/50 {
			t.Errorf("attempt %d waits %v to %v, want 0 to %v", i, least[i], most[i], c)
		}
	}
}

// What was grown while nobody could be reached is forgotten as soon as the server
// answers; what a server refused, or dropped, is not.
func TestBackoffForgetsWhatMetNobody(t *testing.T) {
	b := Backoff{Rand: rand.New(rand.NewPCG(1, 1))}
	for range 20 {
		b.Unreachable(0)
	}
	if d := b.Failed(0); d > 250*ms {
		t.Errorf("%v after the first answer", d)
	}
	for range 20 {
		b.Unreachable(0)
	}
	b.Opened(time.Minute)
	if d := b.Failed(time.Minute + time.Second); d > 250*ms {
		t.Errorf("%v after the first connection", d)
	}
	most := time.Duration(0)
	for range 20 {
		b.Opened(2 * time.Minute)
		most = max(most, b.Failed(2*time.Minute+time.Second))
	}
	if most < 5*time.Second {
		t.Errorf("a server that drops every connection is back at after %v at most", most)
	}
}
