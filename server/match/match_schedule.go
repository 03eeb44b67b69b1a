package match

import (
	"sync/atomic"
	"time"

	"arbiter/game"
)

// maxCatchUp is how many steps a late match makes up for at once. What it is
// late beyond that is dropped: a match that made up for all of it would have no
// time for anything else.
const maxCatchUp = 4

// schedule is a match's timetable: step n is due at shift + n·dt after the
// match began. It reads no clock.
type schedule struct {
	rate  int64 // Hz
	shift time.Duration
	next  game.Tick // the step to be made next
}

// due is when a step is due. The division comes last, so no rounding adds up.
func (s *schedule) due(t game.Tick) time.Duration {
	return s.shift + time.Duration(int64(t)*int64(time.Second)/s.rate)
}

// claim returns how many steps are to be made now. If that is fewer than are
// due, the timetable is moved by the time that was dropped.
func (s *schedule) claim(now time.Duration) (steps int, dropped time.Duration) {
	if now < s.due(s.next) {
		return 0, 0
	}
	steps = int(int64(now-s.due(s.next))*s.rate/int64(time.Second)) + 1
	for s.due(s.next+game.Tick(steps)) <= now { // the division above may round to one step less
		steps++
	}
	if steps > maxCatchUp {
		dropped = s.due(s.next+game.Tick(steps)) - s.due(s.next+maxCatchUp)
		s.shift += dropped
		steps = maxCatchUp
	}
	s.next += game.Tick(steps)
	return steps, dropped
}

// phase returns the shift that has the n-th match of this rate step between
// the others. Multiples of the golden ratio spread evenly whatever their
// number. since is the time between the server's epoch and the match's begin.
func phase(n uint32, rate int, since time.Duration) time.Duration {
	dt := time.Second / time.Duration(rate)
	offset := time.Duration(uint64(dt) * uint64(n*2654435769) >> 32)
	return (offset - since%dt + dt) % dt
}

// tickClock tells other goroutines how far a match is: the tick last completed
// and the low 32 bits of the microsecond in which it was due, in one word.
type tickClock struct{ word atomic.Uint64 }

func (c *tickClock) set(t game.Tick, due time.Duration) {
	c.word.Store(uint64(t)<<32 | uint64(uint32(due/time.Microsecond)))
}

// read returns the tick and how long ago it was due, up to 71 minutes. A step
// made before it was due, which rounding allows, was due just now.
func (c *tickClock) read(now time.Duration) (game.Tick, time.Duration) {
	w := c.word.Load()
	micros := int32(uint32(now/time.Microsecond) - uint32(w))
	if micros < 0 && micros > -1_000_000 {
		micros = 0
	}
	return game.Tick(w >> 32), time.Duration(uint32(micros)) * time.Microsecond
}
