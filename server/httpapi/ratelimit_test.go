package httpapi

import (
	"testing"
	"time"
)

// A clock that is set back gives nothing away, and takes nothing.
func TestRateLimiterWithAClockSetBack(t *testing.T) {
	l, now, r := NewRateLimiter[string](10), time.Unix(1000, 0), Rate{2, 6}
	for range 6 {
		l.Allow("ann", r, now)
	}
	if wait := l.Allow("ann", r, now.Add(-time.Hour)); wait != 500*time.Millisecond {
		t.Errorf("to wait %v, want 500ms", wait)
	}
}

// The limiter stays bounded, and who acts often is not forgotten for those who
// act once.
func TestRateLimiterForgetsTheLeastRecent(t *testing.T) {
	a, now, r := NewRateLimiter[int](20), time.Unix(1000, 0), Rate{1, 3}
	const often = -1
	for range 3 {
		if wait := a.Allow(often, r, now); wait != 0 {
			t.Fatalf("to wait %v within the burst", wait)
		}
	}
	for i := range 100 {
		a.Allow(i, r, now)
		if wait := a.Allow(often, r, now); wait != time.Second {
			t.Fatalf("to wait %v after %d others, want 1s", wait, i+1)
		}
		if n := len(a.young) + len(a.old); n > 20 {
			t.Fatalf("%d remembered, want at most 20", n)
		}
	}
	for range 3 {
		if a.Allow(0, r, now) != 0 {
			t.Error("who acted long ago was not forgotten")
		}
	}
}
