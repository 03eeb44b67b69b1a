package core

import "time"

// Clock is the clock synchronization with the server: it estimates how far the
// server's match is. It learns from the time at which messages arrive. Among
// several, the one that was least delayed is the most exact, so it keeps the
// least offset of the last seconds, as NTP's clock filter does (RFC 5905,
// section 10). The zero Clock is ready.
//
// Match time is the tick's number times its length, plus what has passed since.
// A server that was paused or overloaded drops match time, and tells nobody:
// from then on everything arrives later than the offset promises. The clock
// follows at the first answer to a ping that shows it, or when snapshots have
// come late for a while, evenly.
type Clock struct {
	offset  least // local time − match time, of arrivals
	trip    least // round trips
	smooth  time.Duration
	seeded  bool
	overdue arrival // the first of the newest snapshots that came far too late, evenly
}

// arrival is when a snapshot came.
type arrival struct {
	set        bool
	now, match time.Duration
}

const (
	// clockJump is how much later than the least delayed one a snapshot comes if
	// something is wrong: the server dropped time, or something held it up.
	clockJump = 250 * time.Millisecond
	// overdueFor is for how long all snapshots come that late until the clock is
	// set back without an answer to a ping.
	overdueFor = 150 * time.Millisecond
)

// Arrived records a snapshot that arrived at now and was sent at match time. It
// reports whether the clock was set back, because the server dropped time.
func (c *Clock) Arrived(now, match time.Duration) (setBack bool) {
	first := c.overdue
	c.overdue = arrival{}
	if c.offset.set && now-match > c.offset.value+clockJump {
		// Those that were held up on the way come in a burst: in less time than there
		// is between them in the match.
		if !first.set || now-first.now <= (match-first.match)/2 {
			first = arrival{true, now, match}
		}
		if setBack = now-first.now >= overdueFor; setBack {
			c.offset, first = least{}, arrival{}
		}
		c.overdue = first
	}
	c.offset.add(now, now-match)
	return setBack
}

// Overdue reports whether the newest snapshot came so late that the clock may
// be wrong. An answer to a ping sent then tells.
func (c *Clock) Overdue() bool { return c.overdue.set }

// Trip records an answer that arrived at now, to something sent at sent, with
// the match time at which the server answered. It reports whether the clock was
// set back, because the server dropped time.
func (c *Clock) Trip(sent, now, match time.Duration) (setBack bool) {
	trip := max(now-sent, 0)
	if !c.seeded {
		c.smooth, c.seeded = trip, true
	}
	c.smooth += (trip - c.smooth) / 2 // pings are rare: who moves to another path sees it in seconds
	c.trip.add(now, trip)
	return c.Answered(sent, now, match)
}

// Answered is Trip for an answer that the server may have put off: of the way it
// says nothing.
func (c *Clock) Answered(sent, now, match time.Duration) (setBack bool) {
	if c.offset.set && now-c.offset.value > match+max(now-sent, 0) {
		c.offset, setBack = least{}, true // earlier arrivals promise too much
		c.overdue = arrival{}
	}
	c.offset.add(now, now-match)
	return setBack
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
	return c.Arriving(now) + c.OneWay()
}

// OneWay is half the least round trip of the last seconds: by how much what is
// sent has to be ahead of Server to be in time.
func (c *Clock) OneWay() time.Duration { return c.trip.value / 2 }

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
