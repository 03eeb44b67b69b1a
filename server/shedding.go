package server

import "time"

// shedLevel is what a server refuses that has too much to do.
type shedLevel int32

// The levels; each refuses what the one before does too.
const (
	shedNothing     shedLevel = iota
	shedMatches               // new matches
	shedConnections           // everybody who has no seat in a running match
)

func (l shedLevel) String() string {
	return [...]string{"nothing", "new matches", "new connections and matches"}[l]
}

const (
	// shedPeriod is how often the load is looked at.
	shedPeriod = 250 * time.Millisecond
	// shedSpan is how many periods back that goes, five seconds: long enough
	// that a machine which stood still for a second, and so had one turn of each
	// match late, is not taken for one that is too small, from 30 Hz on.
	shedSpan = 20
	// shedCalm is how long a level must not have been called for before the one
	// below takes its place. Letting everybody in at once would bring it back.
	shedCalm = time.Second
	// shedTurns late turns are not enough, however few there were in all.
	shedTurns = 4
)

// What calls for a level.
const (
	shedByLateness = "lateness"
	shedByMemory   = "memory"
)

// load is what was measured in one period.
type load struct {
	turns  uint64    // of the loops of all matches
	late   [3]uint64 // of them, begun later than half the bound, than the bound, than twice the bound
	memory uint64    // bytes in use at its end; 0: not measured
}

// shedder decides what a server refuses. It reads no clock and counts nothing
// itself. Lateness calls for the first level when the p99 of the turns in the
// span is above the bound, for the second when it is above twice the bound;
// memory at the bound and 1/18 above, that is at 90 and 95 % if the bound is
// 90 %. A level is kept until half of its lateness, or 5 % less than its memory,
// would not be exceeded, and then for shedCalm.
type shedder struct {
	bound uint64 // of memory, bytes; 0: none

	span  [shedSpan]load
	next  int
	level shedLevel
	why   string        // what called for the level; empty: nothing did
	since time.Duration // when it was called for last, or became lower
}

// look takes what the period that ends now brought and reports whether the
// level changed.
func (s *shedder) look(now time.Duration, l load) (changed bool) {
	s.span[s.next] = l
	s.next = (s.next + 1) % shedSpan
	sum := s.sum()
	was := s.level
	for _, c := range [...]struct {
		why      string
		up, keep shedLevel
	}{
		{shedByLateness, sum.lateLevel(1), sum.lateLevel(0)},
		{shedByMemory, memoryLevel(sum.memory, s.bound), memoryLevel(sum.memory, s.bound-s.bound/20)},
	} {
		if c.up > s.level {
			s.level = c.up
			s.why, s.since = c.why, now
		} else if s.level > shedNothing && c.keep >= s.level {
			s.why, s.since = c.why, now
		}
	}
	if s.level > shedNothing && now-s.since >= shedCalm {
		s.level--
		s.since = now
		if s.level == shedNothing {
			s.why = ""
		}
	}
	return s.level != was
}

// sum is the load of the whole span, with the most memory there was.
func (s *shedder) sum() load {
	var sum load
	for i := range s.span {
		l := &s.span[i]
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
func (l *load) lateLevel(first int) shedLevel {
	most := max(l.turns/100, shedTurns)
	switch {
	case l.late[first+1] > most:
		return shedConnections
	case l.late[first] > most:
		return shedMatches
	}
	return shedNothing
}

func memoryLevel(used, bound uint64) shedLevel {
	switch {
	case bound == 0 || used <= bound:
		return shedNothing
	case used > bound+bound/18:
		return shedConnections
	}
	return shedMatches
}
