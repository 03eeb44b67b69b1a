package match

import (
	"testing"
	"time"

	"arbiter/game"
)

func sampleTick(i int) game.Tick { return game.Tick(1000 + i) }

// Hazards: clock.
func TestScheduleIsAbsolute(t *testing.T) {
	s := schedule{rate: 30, shift: 5 * time.Millisecond, next: 1}
	for n := game.Tick(1); n <= 90; n++ {
		want := 5*time.Millisecond + time.Duration(n)*time.Second/30
		if steps, _ := s.claim(want - 1); steps != 0 {
			t.Fatalf("step %d: %d steps one nanosecond early", n, steps)
		}
		// Each step begins a little late; the delays don't add up.
		if steps, dropped := s.claim(want + 3*time.Millisecond); steps != 1 || dropped != 0 {
			t.Fatalf("step %d: %d steps, %v dropped; want 1, 0", n, steps, dropped)
		}
	}
	if got := s.due(90); got != 3*time.Second+5*time.Millisecond {
		t.Errorf("step 90 is due at %v, want 3.005s", got)
	}
	if far := game.Tick(1<<32 - 1); s.due(far) < s.due(far-1) {
		t.Error("the last tick there is overflows")
	}
}

// Hazards: bursts.
func TestPhasesSpread(t *testing.T) {
	const matches, rate = 50, 30
	dt := time.Second / rate
	slots := map[time.Duration]int{}
	for n := range uint32(matches) {
		p := phase(n, rate, time.Duration(n)*17*time.Millisecond)
		if p < 0 || p >= dt {
			t.Fatalf("phase %v of match %d is outside one step", p, n)
		}
		at := (p + time.Duration(n)*17*time.Millisecond) % dt // against the server's epoch
		slots[at*10/dt]++
	}
	for slot := range time.Duration(10) {
		if n := slots[slot]; n < 3 || n > 7 {
			t.Errorf("%d of %d matches begin in tenth %d of the step, want about 5", n, matches, slot)
		}
	}
}

func TestTickClock(t *testing.T) {
	var c tickClock
	for _, due := range []time.Duration{0, time.Second, 71 * time.Minute, 100 * time.Hour} {
		c.set(7, due)
		if tick, since := c.read(due + 1500*time.Microsecond); tick != 7 || since != 1500*time.Microsecond {
			t.Errorf("due at %v: tick %d, %v ago; want 7, 1.5ms", due, tick, since)
		}
		if _, since := c.read(due - time.Microsecond); since != 0 {
			t.Errorf("read before it was due: %v ago, want 0", since)
		}
	}
}
