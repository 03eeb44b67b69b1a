package slow

import (
	"testing"
	"time"
)

func TestAfter(t *testing.T) {
	l := slowLink{Rate: 20000, Every: 3 * time.Second, Stall: 400 * time.Millisecond}
	var began time.Time
	for _, c := range []struct {
		at   time.Duration
		n    int
		want time.Duration
	}{{0, 1000, 50 * time.Millisecond}, {2990 * time.Millisecond, 1000, 3440 * time.Millisecond}, {3100 * time.Millisecond, 20, 3101 * time.Millisecond}} {
		if got := l.after(c.at, c.n, began).Sub(began); got != c.want {
			t.Errorf("%d bytes at %v end at %v, want %v", c.n, c.at, got, c.want)
		}
	}
}
