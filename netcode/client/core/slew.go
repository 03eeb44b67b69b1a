package core

import "time"

// slew is a clock that follows another one without visible steps: it runs at
// most a tenth faster or slower, and jumps only if it is further off than a
// bound.
type slew struct {
	at   time.Duration
	last time.Duration
	set  bool
}

// slewRate is how much faster or slower than real time a slew runs.
const slewRate = 10 // one part in

// follow advances the clock to now and draws it towards goal. It returns the
// new reading, which is less than the last one only after a jump.
func (s *slew) follow(now, goal, jump time.Duration) time.Duration {
	if !s.set {
		*s = slew{at: goal, last: now, set: true}
		return goal
	}
	elapsed := max(now-s.last, 0)
	s.last = max(now, s.last)
	next := s.at + elapsed
	switch off := goal - next; {
	case off > jump, off < -jump:
		s.at = goal
	default:
		limit := elapsed / slewRate
		s.at = next + min(max(off, -limit), limit)
	}
	return s.at
}
