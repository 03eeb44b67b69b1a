package load

import "time"

// drift tells from when snapshots come whether their ticks advance as fast as
// time does. A snapshot names its tick relative to the one before, so one that
// is lost shows by the ticks falling behind for good, one that is repeated by
// their running ahead. What is merely late is not: the least delay of twenty
// snapshots counts.
type drift struct {
	interval time.Duration // of ticks
	base     time.Duration // least arrival − tick·interval of the first few
	least    time.Duration // of the present few
	n        int
	set      bool
}

const driftSpan = 20 // snapshots

// arrived takes a snapshot, and returns how many ticks were lost (positive) or
// too many (negative) since the last answer.
func (d *drift) arrived(now time.Duration, tick uint32) int {
	off := now - time.Duration(tick)*d.interval
	if d.n == 0 || off < d.least {
		d.least = off
	}
	if d.n++; d.n < driftSpan {
		return 0
	}
	d.n = 0
	if !d.set {
		d.base, d.set = d.least, true
		return 0
	}
	moved := d.least - d.base
	if moved < 0 && moved > -d.interval/2 {
		d.base = d.least // the first few were all a bit late
		return 0
	}
	ticks := int((moved + d.interval/4) / d.interval)
	if moved < 0 {
		ticks = int((moved - d.interval/2) / d.interval)
	}
	d.base += time.Duration(ticks) * d.interval
	return ticks
}
