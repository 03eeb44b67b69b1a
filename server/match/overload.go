package match

import "time"

// overloadLevel says what load shedding refuses.
type overloadLevel int32

// The levels; each refuses what the one before does too.
const (
	refuseNothing     overloadLevel = iota
	refuseMatches                   // new matches
	refuseConnections               // everybody who has no seat in a running match
)

func (l overloadLevel) String() string {
	return [...]string{"nothing", "new matches", "new connections and matches"}[l]
}

const (
	// overloadPeriod is how often the load is looked at.
	overloadPeriod = 250 * time.Millisecond
	// overloadSpan is how many periods back that goes, five seconds: long enough
	// that a machine which stood still for a second, and so had one turn of each
	// match late, is not taken for one that is too small, from 30 Hz on.
	overloadSpan = 20
	// overloadCalm is how long a level must not have been called for before the one
	// below takes its place. Letting everybody in at once would bring it back.
	overloadCalm = time.Second
	// overloadTurns late turns are not enough, however few there were in all.
	overloadTurns = 4
)

// What calls for a level.
const (
	byLateness = "lateness"
	byMemory   = "memory"
)

// overloadSample is what was measured in one period.
type overloadSample struct {
	turns  uint64    // of the loops of all matches
	late   [3]uint64 // of them, begun later than half the bound, than the bound, than twice the bound
	memory uint64    // bytes in use at its end; 0: not measured
}

// overloadControl decides what load shedding refuses. It reads no clock and counts
// nothing itself. Lateness calls for the first level when the p99 of the turns in the
// span is above the bound, for the second when it is above twice the bound;
// memory at the bound and 1/18 above, that is at 90 and 95 % if the bound is
// 90 %. A level is kept until half of its lateness, or 5 % less than its memory,
// would not be exceeded, and then for overloadCalm.
type overloadControl struct {
	// Static.
	bound uint64 // of memory, bytes; 0: none

	// Owned by the goroutine that observes.
	span  [overloadSpan]overloadSample
	next  int
	level overloadLevel
	why   string        // what called for the level; empty: nothing did
	since time.Duration // when it was called for last, or became lower
}

// observe adds the sample of the period that ends now and reports whether the level
// changed.
func (o *overloadControl) observe(now time.Duration, l overloadSample) (changed bool) {
	o.span[o.next] = l
	o.next = (o.next + 1) % overloadSpan
	sum := o.sum()
	was := o.level
	for _, c := range [...]struct {
		why      string
		up, keep overloadLevel
	}{
		{byLateness, sum.lateLevel(1), sum.lateLevel(0)},
		{byMemory, memoryLevel(sum.memory, o.bound), memoryLevel(sum.memory, o.bound-o.bound/20)},
	} {
		if c.up > o.level {
			o.level = c.up
			o.why, o.since = c.why, now
		} else if o.level > refuseNothing && c.keep >= o.level {
			o.why, o.since = c.why, now
		}
	}
	if o.level > refuseNothing && now-o.since >= overloadCalm {
		o.level--
		o.since = now
		if o.level == refuseNothing {
			o.why = ""
		}
	}
	return o.level != was
}

// sum is the load of the whole span, with the most memory there was.
func (o *overloadControl) sum() overloadSample {
	var sum overloadSample
	for i := range o.span {
		l := &o.span[i]
		sum.turns += l.turns
		for b := range sum.late {
			sum.late[b] += l.late[b]
		}
		sum.memory = max(sum.memory, l.memory)
	}
	return sum
}

// lateLevel is the level that lateness calls for if the first one begins at
// late[first], and the second one at the bound behind it.
func (l *overloadSample) lateLevel(first int) overloadLevel {
	most := max(l.turns/100, overloadTurns)
	switch {
	case l.late[first+1] > most:
		return refuseConnections
	case l.late[first] > most:
		return refuseMatches
	}
	return refuseNothing
}

func memoryLevel(used, bound uint64) overloadLevel {
	switch {
	case bound == 0 || used <= bound:
		return refuseNothing
	case used > bound+bound/18:
		return refuseConnections
	}
	return refuseMatches
}
