package core

import "time"

// spread estimates the mean of a delay and its mean deviation, with the gains
// of RFC 6298. The zero spread is ready.
type spread struct {
	mean, deviation time.Duration
	set             bool
}

func (s *spread) add(v time.Duration) {
	if !s.set {
		s.mean, s.deviation, s.set = v, v/2, true
		return
	}
	d := v - s.mean
	s.mean += d / 16
	s.deviation += (max(d, -d) - s.deviation) / 16
}

// lateness measures how evenly snapshots arrive: by how much each comes later
// than the least delayed one did.
type lateness struct {
	spread
	last time.Duration // when the last one came
}

// maxLate bounds one sample, so that a stall does not count for seconds.
const maxLate = 250 * time.Millisecond

// arrived records a snapshot that came late by that much. Of snapshots that come
// in one burst, because something held them all up, only the first says
// anything about the path.
func (l *lateness) arrived(now, late, interval time.Duration) {
	burst := l.set && now-l.last < interval/4
	l.last = now
	if !burst {
		l.add(min(max(late, 0), maxLate))
	}
}

// bound is how late a snapshot comes at most, rare ones excepted: with evenly
// spread delays the mean is half of the range and the deviation a quarter.
func (l *lateness) bound() time.Duration { return l.mean + 2*l.deviation }
