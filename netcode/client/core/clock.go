package core

import "time"

// Clock is the clock synchronization with the server: it estimates how far the
// server's match is. It learns from the time at which messages arrive. Among
// several, the one that was least delayed is the most exact, so it keeps the least offset of the last seconds, as NTP's clock filter
// does (RFC 5905, section 10). The zero Clock is ready.
//
// Match time is the tick's number times its length, plus what has passed since.
type Clock struct {
	offset least // local time − match time, of arrivals
	trip   least // round trips
	smooth time.Duration
	seeded bool
}

// Arrived records a message that arrived at now and was sent at match time.
func (c *Clock) Arrived(now, match time.Duration) {
	c.offset.add(now, now-match)
}

// Trip records an answer that arrived at now, to something sent at sent, with
// the match time at which the server answered.
func (c *Clock) Trip(sent, now, match time.Duration) {
	trip := max(now-sent, 0)
	if !c.seeded {
		c.smooth, c.seeded = trip, true
	}
	c.smooth += (trip - c.smooth) / 2 // pings are rare: who moves to another path sees it in seconds
	c.trip.add(now, trip)
	if c.offset.set && now-c.offset.value > match+trip {
		c.offset = least{} // the server dropped time: earlier arrivals promise too much
	}
	c.Arrived(now, match)
}

// Reset forgets everything, for another match or another server.
func (c *Clock) Reset() { *c = Clock{} }

// Set reports whether anything has arrived yet.
func (c *Clock) Set() bool { return c.offset.set }

// Arriving is the match time of what arrives at now if nothing delays it: the
// server's time less the least way from it.
func (c *Clock) Arriving(now time.Duration) time.Duration { return now - c.offset.value }

// Server is the match time at the server at now, taking the way from it as
// half the least round trip.
func (c *Clock) Server(now time.Duration) time.Duration {
	return c.Arriving(now) + c.trip.value/2
}

// RoundTrip is the smoothed round trip, 0 before the first.
func (c *Clock) RoundTrip() time.Duration { return c.smooth }

// least is a running minimum over about the last eight seconds.
type least struct {
	value   time.Duration
	set     bool
	buckets [8]time.Duration
	filled  [8]bool
	second  int64
}

func (l *least) add(now, v time.Duration) {
	second := int64(now / time.Second)
	for n := min(second-l.second, int64(len(l.buckets))); n > 0; n-- {
		l.filled[(second-n+1)%int64(len(l.buckets))] = false
	}
	l.second = max(second, l.second)
	i := l.second % int64(len(l.buckets))
	if !l.filled[i] || v < l.buckets[i] {
		l.buckets[i], l.filled[i] = v, true
	}
	l.value, l.set = l.buckets[i], true
	for k := range l.buckets {
		if l.filled[k] {
			l.value = min(l.value, l.buckets[k])
		}
	}
}
