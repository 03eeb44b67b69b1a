package server

import (
	"testing"
	"time"
)

func TestAskRates(t *testing.T) {
	a, now := newAskRates(2), time.Unix(1000, 0)
	ann, bob, shop := asker{askPlayer, "ann"}, asker{askPlayer, "bob"}, asker{askService, "ann"}
	granted := func(who asker, tries int) (n int) {
		for range tries {
			if a.take(who, now) == 0 {
				n++
			}
		}
		return n
	}
	if n := granted(ann, 20); n != 6 {
		t.Errorf("%d at once, want 3 seconds' worth, 6", n)
	}
	if wait := a.take(ann, now); wait != 500*time.Millisecond {
		t.Errorf("to wait %v, want 500ms", wait)
	}
	if granted(bob, 1) != 1 || granted(shop, 700) != 600 {
		t.Error("others pay for ann")
	}
	now = now.Add(time.Second)
	if n := granted(ann, 20); n != 2 {
		t.Errorf("%d after a second, want 2", n)
	}
	now = now.Add(time.Hour)
	if n := granted(ann, 20); n != 6 {
		t.Errorf("%d after an hour, want 6", n)
	}
	now = now.Add(-time.Hour) // a clock that is set back gives nothing away, and takes nothing
	if n := granted(ann, 20); n != 0 {
		t.Errorf("%d after the clock was set back, want 0", n)
	}
	a = newAskRates(-1)
	if n := granted(ann, 1000); n != 1000 {
		t.Errorf("%d of 1000 without a bound", n)
	}
}
