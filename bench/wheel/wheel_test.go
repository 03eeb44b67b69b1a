package wheel

import (
	"testing"
	"time"
)

// TestEverybodyOnceAnInterval turns a wheel and counts.
func TestEverybodyOnceAnInterval(t *testing.T) {
	w := Wheel[int]{Interval: 50 * time.Millisecond}
	spoke := map[int]int{}
	for v := range 700 {
		spoke[v] = w.Add(v)
	}
	w.Remove(spoke[5], 5)
	heard := map[int]int{}
	var last time.Duration
	for now := time.Duration(0); now < 500*time.Millisecond; now += 77 * time.Microsecond {
		for {
			who, at := w.Due(now)
			if at < 0 {
				break
			}
			if at < last || at > now || now-at > 77*time.Microsecond {
				t.Fatalf("at %v the moment %v, after %v", now, at, last)
			}
			last = at
			for _, v := range who {
				heard[v]++
			}
		}
		if next := w.Next(now); next <= now || next > now+time.Millisecond {
			t.Fatalf("at %v the next moment is %v", now, next)
		}
	}
	for v := range 700 {
		if n := heard[v]; v == 5 && n != 0 || v != 5 && n != 10 {
			t.Errorf("%d was called %d times", v, n)
		}
	}
}

func TestNever(t *testing.T) {
	w := Wheel[int]{Interval: -1}
	w.Add(1)
	if who, at := w.Due(time.Hour); who != nil || at >= 0 {
		t.Errorf("%v at %v", who, at)
	}
}
