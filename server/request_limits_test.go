package server

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"arbiter/server/httpapi"
)

func TestRequestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newRequestLimits(2)
		ann, bob, shop := requester{playerRequester, "ann"}, requester{playerRequester, "bob"}, requester{serviceRequester, "ann"}
		granted := func(who requester, tries int) (n int) {
			for range tries {
				if l.allow(who) == nil {
					n++
				}
			}
			return n
		}
		if n := granted(ann, 20); n != 6 {
			t.Errorf("%d at once, want 3 seconds' worth, 6", n)
		}
		if p := httpapi.ProblemOf(l.allow(ann)); !errors.Is(p, httpapi.TooManyRequests) || p.RetryAfter != 500*time.Millisecond {
			t.Errorf("%+v, want to wait 500ms", p)
		}
		if granted(bob, 1) != 1 || granted(shop, 700) != 600 {
			t.Error("others pay for ann")
		}
		time.Sleep(time.Second)
		if n := granted(ann, 20); n != 2 {
			t.Errorf("%d after a second, want 2", n)
		}
		time.Sleep(time.Hour)
		if n := granted(ann, 20); n != 6 {
			t.Errorf("%d after an hour, want 6", n)
		}
		l = newRequestLimits(-1)
		if n := granted(ann, 1000); n != 1000 {
			t.Errorf("%d of 1000 without a bound", n)
		}
	})
}
