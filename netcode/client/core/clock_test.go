package core

import (
	"math/rand/v2"
	"testing"
	"time"
)

func within1(t *testing.T, what string, got, want, by time.Duration) {
	t.Helper()
	if got < want-by || got > want+by {
		t.Errorf("%s is %v, want %v within %v", what, got, want, by)
	}
}

func TestClockFindsTheServersTime(t *testing.T) {
	var c Clock
	r := rand.New(rand.NewPCG(1, 1))
	jitter := func() time.Duration { return time.Duration(r.Int64N(int64(30 * ms))) }
	now := epoch
	for i := range 600 {
		now += 33 * ms
		server := now - epoch
		c.Arrived(now+40*ms+jitter(), server)
		if i%30 == 0 {
			c.Trip(now, now+80*ms+jitter(), server+40*ms)
		}
	}
	within1(t, "server time", c.Server(now), now-epoch, 4*ms)
	within1(t, "arriving", c.Arriving(now), now-epoch-40*ms, 3*ms)
	within1(t, "round trip", c.RoundTrip(), 95*ms, 15*ms)
}

func TestClockFollowsAServerThatDroppedTime(t *testing.T) {
	var c Clock
	for now := epoch; now < epoch+5*time.Second; now += 33 * ms {
		c.Arrived(now+20*ms, now-epoch)
		c.Trip(now-20*ms, now+20*ms, now-epoch)
	}
	late := epoch + 5*time.Second // the server overran by 300 ms and let them go
	c.Trip(late-20*ms, late+20*ms, late-epoch-300*ms)
	within1(t, "server time", c.Server(late), late-epoch-300*ms, 2*ms)
}

func TestClockForgetsOldArrivals(t *testing.T) {
	var c Clock
	for now := epoch; now < epoch+20*time.Second; now += 50 * ms {
		way := 20 * ms
		if now > epoch+5*time.Second {
			way = 60 * ms // another path
		}
		c.Arrived(now+way, now-epoch)
	}
	now := epoch + 20*time.Second
	within1(t, "arriving", c.Arriving(now), now-epoch-60*ms, ms)
}

func TestSlewNeverStepsUnlessFarOff(t *testing.T) {
	var s slew
	now := epoch
	s.follow(now, 0, 100*ms)
	last, goal := time.Duration(0), 80*ms
	for range 2000 {
		now, goal = now+ms, goal+ms
		at := s.follow(now, goal, 100*ms)
		if d := at - last; d < 900*time.Microsecond || d > 1100*time.Microsecond {
			t.Fatalf("the clock moved by %v in 1 ms", d)
		}
		last = at
	}
	if last != goal {
		t.Errorf("after 2 s the clock is %v off", goal-last)
	}
	if at := s.follow(now, goal+101*ms, 100*ms); at != goal+101*ms {
		t.Errorf("101 ms off, the clock is at %v, want a jump to %v", at, goal+101*ms)
	}
	if at := s.follow(now-ms, goal, 200*ms); at < goal {
		t.Errorf("asked about the past the clock went back to %v", at)
	}
}
