package server

import (
	"strconv"
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
	if none := newAskRates(-1); none.take(ann, now) != 0 || len(none.young) != 0 {
		t.Error("no bound is one")
	}
}

// The table stays bounded, and who asks often is not forgotten for those who
// ask once.
func TestAskRatesForgetTheLeastRecent(t *testing.T) {
	a, now := newAskRates(1), time.Unix(1000, 0)
	a.most = 10
	ann := asker{askPlayer, "ann"}
	for range 3 {
		a.take(ann, now)
	}
	for i := range 100 {
		a.take(asker{askPlayer, strconv.Itoa(i)}, now)
		if a.take(ann, now) == 0 {
			t.Fatalf("ann was forgotten after %d others", i+1)
		}
		if len(a.young) > a.most || len(a.old) > a.most {
			t.Fatalf("%d and %d remembered, want at most %d each", len(a.young), len(a.old), a.most)
		}
	}
	if a.take(asker{askPlayer, "0"}, now); a.young[asker{askPlayer, "0"}].left != 2 {
		t.Error("who asked long ago was not forgotten")
	}
}
