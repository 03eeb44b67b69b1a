package core

import (
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/netcode/internal/golden"
)

// call is one call of a clock's method: its arguments, and what it returned or, if
// it returns nothing, what the clock shows then. Times are in µs.
type call struct {
	Op   string  `json:"op"`
	Args []int64 `json:"args"`
	Got  []int64 `json:"got"`
}

// TestGoldenClocks records what the three clocks make of 45 s of a match,
// for clients in other languages: a path with jitter that gets longer and
// shorter, stalls, and a server that drops time.
func TestGoldenClocks(t *testing.T) {
	var cases []golden.Case
	for seed := range uint64(2) {
		cases = append(cases, golden.Case{Name: "seed " + string(rune('0'+seed)), Fields: recordClocks(seed)})
	}
	golden.Check(t, "../../testdata/golden/clocks.json", cases, *update)
}

func recordClocks(seed uint64) (calls []call) {
	const tick, interval = time.Second / 30, time.Second / 15
	r := rand.New(rand.NewPCG(seed, 8))
	chance := func(n int) bool { return r.IntN(n) == 0 }
	upTo := func(d time.Duration) time.Duration {
		return time.Duration(r.Int64N(int64(d/time.Microsecond)+1)) * time.Microsecond
	}
	var c Clock
	var l Lead
	var p Playback
	record := func(op string, got []time.Duration, args ...time.Duration) {
		x := call{Op: op}
		for _, d := range args {
			x.Args = append(x.Args, d.Microseconds())
		}
		for _, d := range got {
			x.Got = append(x.Got, d.Microseconds())
		}
		calls = append(calls, x)
	}
	set := func(b bool) []time.Duration {
		if b {
			return []time.Duration{time.Microsecond}
		}
		return []time.Duration{0}
	}
	way := 20*ms + upTo(80*ms)
	var shift, stalled, last time.Duration
	trip := 2 * way
	record("trip", set(c.Trip(epoch-trip, epoch, way)), epoch-trip, epoch, way)
	l.Start(trip, tick)
	record("start", []time.Duration{l.Goal()}, trip, tick)
	for sent := interval; sent < 45*time.Second; sent += interval {
		switch {
		case chance(100):
			way = 20*ms + upTo(300*ms)
		case chance(60):
			shift += 100*ms + upTo(3*time.Second)
		case chance(60):
			stalled = sent + upTo(1500*ms)
		}
		match := sent
		now := max(epoch+max(sent, stalled)+shift+way+upTo(15*ms), last)
		last = now
		record("arrived", set(c.Arrived(now, match)), now, match)
		record("clock", []time.Duration{c.Server(now), c.Arriving(now), c.OneWay(), c.RoundTrip(), set(c.Overdue())[0]}, now)
		l.OneWay(c.OneWay())
		record("oneWay", []time.Duration{l.Goal()}, c.OneWay())
		late := c.Arriving(now) - match
		p.Arrived(now, late, interval)
		record("snapshot", []time.Duration{p.Delay(interval), p.Jitter()}, now, late, interval)
		if chance(4) {
			slack := (l.Goal() - way - upTo(40*ms)).Truncate(ms)
			if chance(40) {
				slack -= upTo(400 * ms)
			}
			l.Slack(now, slack, c.RoundTrip())
			record("slack", []time.Duration{l.Goal()}, now, slack, c.RoundTrip())
		}
		if chance(15) {
			at := now - upTo(2*way) - way
			if c.Trip(at, now, match) {
				record("trip", set(true), at, now, match)
				l.Resume(now, c.RoundTrip())
				record("resume", []time.Duration{l.Goal()}, now, c.RoundTrip())
			} else {
				record("trip", set(false), at, now, match)
			}
		}
		now += upTo(20 * ms)
		server, arriving := c.Server(now), c.Arriving(now)
		record("predicted", []time.Duration{l.Now(now, server)}, now, server)
		record("drawn", []time.Duration{p.Now(now, arriving, interval)}, now, arriving, interval)
	}
	return calls
}
