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
