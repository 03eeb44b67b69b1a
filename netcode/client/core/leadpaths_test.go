package core

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// busy is how long inputs of a browser took to a server on a machine whose two
// processors had eight things to do, in ms, with 150 ms added to the round
// trip.
var busy = []int{
	77, 98, 86, 78, 77, 77, 74, 76, 77, 80, 78, 77, 78, 77, 77, 78, 77, 78, 78, 76, 78, 78, 78, 77, 78, 77, 77, 83, 79, 77, 97, 77, 92, 81, 80, 78, 78, 68, 69, 77,
	78, 77, 72, 80, 78, 78, 76, 82, 76, 76, 78, 75, 75, 80, 79, 90, 87, 78, 78, 79, 75, 78, 78, 76, 77, 74, 89, 79, 76, 85, 77, 77, 78, 74, 72, 76, 79, 76, 81, 76,
	77, 79, 81, 106, 88, 80, 77, 113, 101, 93, 85, 77, 77, 64, 79, 78, 85, 110, 90, 88, 85, 87, 93, 77, 77, 86, 86, 66, 70, 78, 78, 78, 78, 67, 82, 77, 77, 73, 76, 79,
	82, 90, 80, 82, 76, 73, 77, 76, 78, 74, 78, 76, 76, 76, 76, 76, 78, 78, 80, 78, 76, 76, 76, 76, 78, 78, 78, 76, 76, 76, 76, 78, 78, 78, 76, 78, 76, 76, 78, 76,
}

// ways make how long the nth input takes, sent at now, from a random source.
var ways = map[string]func(*rand.Rand) func(n int, now time.Duration) time.Duration{
	"even": func(*rand.Rand) func(int, time.Duration) time.Duration {
		return func(int, time.Duration) time.Duration { return 75 * ms }
	},
	"jitter of 20 ms": func(r *rand.Rand) func(int, time.Duration) time.Duration {
		return func(int, time.Duration) time.Duration { return 75*ms + time.Duration(r.Int64N(int64(20*ms))) }
	},
	"exponential": func(r *rand.Rand) func(int, time.Duration) time.Duration {
		return func(int, time.Duration) time.Duration { return 75*ms + time.Duration(r.ExpFloat64()*float64(5*ms)) }
	},
	"hiccups": func(r *rand.Rand) func(int, time.Duration) time.Duration {
		return func(int, time.Duration) time.Duration {
			if r.IntN(100) == 0 {
				return 90 * ms
			}
			return 75 * ms
		}
	},
	"recorded": func(r *rand.Rand) func(int, time.Duration) time.Duration {
		from := r.IntN(len(busy))
		return func(n int, _ time.Duration) time.Duration { return time.Duration(busy[(from+n)%len(busy)]) * ms }
	},
	"recorded, shuffled": func(r *rand.Rand) func(int, time.Duration) time.Duration {
		return func(int, time.Duration) time.Duration { return time.Duration(busy[r.IntN(len(busy))]) * ms }
	},
	"stalls": func(r *rand.Rand) func(int, time.Duration) time.Duration {
		at := 3 * time.Second
		return func(_ int, now time.Duration) time.Duration {
			for now > at+400*ms {
				at += time.Second + time.Duration(r.Int64N(int64(8*time.Second)))
			}
			if now < at {
				return 75 * ms
			}
			return 75*ms + at + 400*ms - now
		}
	},
	"a longer path after 10 s": func(*rand.Rand) func(int, time.Duration) time.Duration {
		return func(_ int, now time.Duration) time.Duration {
			if now > 10*time.Second {
				return 200 * ms
			}
			return 75 * ms
		}
	},
	"a shorter path after 5 s": func(*rand.Rand) func(int, time.Duration) time.Duration {
		return func(_ int, now time.Duration) time.Duration {
			if now > 5*time.Second {
				return 75 * ms
			}
			return 200 * ms
		}
	},
}

// leadOver runs a lead for a while against a way and returns how many inputs
// there were, how many were late, and by how much the lead was more than the
// shortest way: on average, and in the end.
func leadOver(way string, seed uint64, d time.Duration) (inputs, late int, mean, last time.Duration) {
	type report struct{ at, slack time.Duration }
	const trip, tick = 150 * ms, time.Second / 30
	r := rand.New(rand.NewPCG(seed, 1))
	takes := ways[way](r)
	var l Lead
	l.Start(trip, tick)
	var reports []report
	var sum time.Duration
	next := 300 * ms
	for now := time.Duration(0); now < d; now += ms {
		last = l.Now(now, now) - now - 75*ms
		sum += last
		if now >= next {
			next = now + 80*ms + time.Duration(r.Int64N(int64(220*ms)))
			up := takes(inputs, now)
			slack := (last + 75*ms - up).Truncate(ms)
			inputs++
			if slack < 0 {
				late++
			}
			sent := (now + up + tick - 1) / tick * tick // with the next snapshot
			if k := slices.IndexFunc(reports, func(r report) bool { return r.at == sent+trip/2 }); k >= 0 {
				reports[k].slack = min(reports[k].slack, slack)
			} else {
				reports = append(reports, report{sent + trip/2, slack})
			}
		}
		for len(reports) > 0 && reports[0].at <= now {
			l.Slack(now, reports[0].slack, trip)
			reports = reports[1:]
		}
	}
	return inputs, late, sum / time.Duration(d/ms), last
}

// In 20 s of a hundred inputs hardly one is late, at the price of a lead that
// is little more than what the path asks for now and then.
func TestLeadAgainstPaths(t *testing.T) {
	const seeds, d = 20, 20 * time.Second
	for _, c := range []struct {
		way  string
		late float64       // on average at most
		mean time.Duration // more than the shortest way at most
	}{
		{"even", 0, 38 * ms},
		{"jitter of 20 ms", 0, 42 * ms},
		{"exponential", 0.6, 45 * ms},
		{"hiccups", 0.2, 38 * ms},
		{"recorded", 0.7, 45 * ms},
		{"recorded, shuffled", 0.9, 50 * ms},
		{"stalls", 9, 45 * ms},                    // what is under way in one is late whatever the lead
		{"a longer path after 10 s", 8, 100 * ms}, // 62 of it the path's
		{"a shorter path after 5 s", 9, 140 * ms},
	} {
		inputs, late, mean, worst := 0, 0, time.Duration(0), time.Duration(math.MinInt64)
		for seed := range uint64(seeds) {
			n, l, m, last := leadOver(c.way, seed, d)
			inputs, late, mean, worst = inputs+n, late+l, mean+m/seeds, max(worst, last)
		}
		each := float64(late) / seeds
		t.Logf("%-25s %.2f of %d late, lead %v above the way", c.way, each, inputs/seeds, mean.Round(ms))
		if each > c.late || mean > c.mean || mean < 0 {
			t.Errorf("%s: %.2f of %d inputs late, want at most %v; lead %v above the way, want at most %v", c.way, each, inputs/seeds, c.late, mean, c.mean)
		}
		if c.way == "a shorter path after 5 s" && worst > 60*ms {
			t.Errorf("15 s after a way became shorter the lead is still %v too much", worst)
		}
	}
}

// One report moves the lead by no more than a bound, and of one that is far
// off it takes two.
func TestLeadIsBounded(t *testing.T) {
	var l Lead
	l.Slack(0, -500*ms, 100*ms) // before Start it says nothing
	if l.Goal() != 0 {
		t.Errorf("before the start the goal is %v", l.Goal())
	}
	l.Start(100*ms, time.Second/30)
	start := l.Goal()
	l.Slack(time.Second, -60*ms, 100*ms)
	if by := l.Goal() - start; by != leadStep {
		t.Errorf("60 ms late, the lead grew by %v, want %v", by, leadStep)
	}
	l.Slack(3*time.Second, -400*ms, 100*ms)
	if by := l.Goal() - start; by != leadStep {
		t.Errorf("one input 400 ms late moved the lead by %v", by)
	}
	l.Slack(3100*ms, -400*ms, 100*ms)
	if got, want := l.Goal(), start+leadStep+400*ms+leastSlack; got != want {
		t.Errorf("the second one moved it to %v, want %v", got, want)
	}
	for now := 4 * time.Second; now < 30*time.Second; now += 500 * ms {
		l.Slack(now, -500*ms, 100*ms)
	}
	if l.Goal() != maxLead {
		t.Errorf("for ever late, the lead is %v, want %v", l.Goal(), maxLead)
	}
	l.Resume(40*time.Second, 100*ms)
	l.Slack(40050*ms, 500*ms, 100*ms)
	if l.last > 30*time.Second {
		t.Error("a report about what was sent again was believed")
	}
}

// A lead that is a little too wide comes back by little with each report.
func TestLeadComesBackSlowly(t *testing.T) {
	var l Lead
	l.Start(100*ms, time.Second/30)
	l.Slack(0, -25*ms, 100*ms)
	wide := l.Goal()
	last := wide
	for now := time.Second; now < 240*time.Second; now += 100 * ms {
		made := l.Goal()
		l.Slack(now, made-80*ms, 100*ms)
		if fell := last - l.Goal(); fell < 0 || fell > 300*time.Microsecond {
			t.Fatalf("at %v the lead moved by %v", now, -fell)
		}
		if last = l.Goal(); now < 8*time.Second && last < wide {
			t.Fatalf("at %v what was asked for is forgotten", now)
		}
	}
	if last > 80*ms+2*leastSlack {
		t.Errorf("after four minutes the lead is %v, and 80 ms are enough", last)
	}
}
