package match

import (
	"os"
	"testing"
	"time"

	"arbiter/server/timer"
)

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// TestTimersAreGivenBack: matches that end leave no descriptor open.
//
// Hazards: descriptors.
func TestTimersAreGivenBack(t *testing.T) {
	b := newTestbed(t, busy(t), 0)
	b.engine.lobby.forget(b.Match, nil)
	timer.New(0).Stop() // the runtime's poller has what it needs
	before := descriptors(t)
	const together = 100
	for range 10 {
		var matches []*Match
		for range together {
			m := newMatch(b.engine, b.game, "m", b.order)
			matches = append(matches, m)
			go m.run()
			m.calls <- func() {} // it runs
		}
		if got := descriptors(t); got < before+together {
			t.Fatalf("%d descriptors with %d matches, %d before: do their timers have wakers?", got, together, before)
		}
		for _, m := range matches {
			m.stop(0)
			<-m.done
		}
	}
	for end := time.Now().Add(10 * time.Second); descriptors(t) > before; {
		if time.Now().After(end) {
			t.Fatalf("%d descriptors after 1,000 matches, %d before", descriptors(t), before)
		}
	}
}
