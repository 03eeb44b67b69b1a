package netcode

import "time"

// slowness lowers the snapshot rate of a client whose ack window keeps
// filling, so that what it gets is evenly spaced, and raises it again.
type slowness struct {
	divisor int // send every 1st, 2nd or 4th chance; 0 means 1
	waited  int // chances passed since the last one taken
	sends   int // in this period
	skips   int
	since   time.Duration
}

const (
	slowPeriod  = time.Second
	maxSlowness = 4
)

// rest reports whether this chance is to be passed.
func (s *slowness) rest() bool {
	if s.divisor > 1 && s.waited+1 < s.divisor {
		s.waited++
		return true
	}
	return false
}

func (s *slowness) sent(now time.Duration) {
	s.waited = 0
	s.sends++
	s.review(now)
}

func (s *slowness) skipped(now time.Duration) {
	s.skips++
	s.review(now)
}

// review halves the rate when more than half the chances found the window
// full, and doubles it when few did.
func (s *slowness) review(now time.Duration) {
	if now-s.since < slowPeriod {
		return
	}
	d := max(s.divisor, 1)
	switch {
	case s.skips > s.sends:
		d = min(2*d, maxSlowness)
	case 4*s.skips <= s.sends:
		d = max(d/2, 1)
	}
	s.divisor, s.sends, s.skips, s.since = d, 0, 0, now
}

// behind reports whether acks have been due for longer than allowed.
func (f *Feed) behind(now time.Duration) bool {
	return int(f.sent-f.acked) > int(f.rate.bound) && now-f.lastAck > f.r.config.NoAckLimit
}
