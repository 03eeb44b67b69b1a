package replicate

import "time"

// rateDivisor lowers the snapshot rate of a client whose congestion window keeps
// filling, so that what it gets is evenly spaced, and raises it again.
type rateDivisor struct {
	divisor int // send every 1st, 2nd or 4th chance; 0 means 1
	waited  int // chances passed since the last one taken
	sends   int // in this period
	skips   int
	since   time.Duration
}

const (
	slowPeriod = time.Second
	maxDivisor = 4
)

// skip reports whether this chance is to be passed.
func (d *rateDivisor) skip() bool {
	if d.divisor > 1 && d.waited+1 < d.divisor {
		d.waited++
		return true
	}
	return false
}

func (d *rateDivisor) sent(now time.Duration) {
	d.waited = 0
	d.sends++
	d.review(now)
}

func (d *rateDivisor) skipped(now time.Duration) {
	d.skips++
	d.review(now)
}

// review halves the rate when more than half the chances found the window
// full, and doubles it when few did.
func (d *rateDivisor) review(now time.Duration) {
	if now-d.since < slowPeriod {
		return
	}
	n := max(d.divisor, 1)
	switch {
	case d.skips > d.sends:
		n = min(2*n, maxDivisor)
	case 4*d.skips <= d.sends:
		n = max(n/2, 1)
	}
	d.divisor, d.sends, d.skips, d.since = n, 0, 0, now
}

// Excuse tells that the match stood still for a while, which clients could not
// acknowledge anything in: acks that are due have as much more time.
func (r *Replicator) Excuse(d time.Duration) {
	for _, f := range r.feeds {
		f.ackTime += d
	}
}

// slowestLink is how many bytes a second a client must take of a large state
// before the absence of acks counts against it.
const slowestLink = 32 << 10

// acksOverdue reports whether acks have been due for longer than allowed. What is
// on its way beyond a window's bytes, such as a large keyframe, has its own time.
func (f *Feed) acksOverdue(now time.Duration) bool {
	limit := f.r.config.NoAckLimit
	if large := f.inFlight - MaxWindowBytes; large > 0 {
		limit += time.Duration(large) * time.Second / slowestLink
	}
	return int(f.last-f.match) > int(f.acks.bound) && now-f.ackTime > limit
}
