package netcode

import "time"

// flow decides how many snapshots may be on their way to one client: the ack
// window. It is delay-based. Snapshots that wait in a queue somewhere come back
// acknowledged later than the least round trip seen; as in CoDel (RFC 8289) it
// is the least delay over a while that tells a standing queue, which shrinks the
// window, from jitter and stalls, which don't. Otherwise the window grows.
type flow struct {
	window   float64 // snapshots
	least    float64 // of the window: what a client may leave unacknowledged
	interval time.Duration

	rtt, jitter     time.Duration // smoothed, and its mean deviation (RFC 6298)
	minRTT, nextMin time.Duration // least of this period and so far of the next
	minSince        time.Duration
	standing        time.Duration // least queueing since reviewed
	reviewed        time.Duration // when the window was last reviewed
}

const (
	// MaxWindow bounds the snapshots on their way to one client.
	MaxWindow = recordRing - 4
	// MaxWindowBytes bounds the bytes on their way to one client; as many
	// snapshots as it may leave unacknowledged may always be.
	MaxWindowBytes = 64 << 10

	startWindow  = 8
	minRTTPeriod = 10 * time.Second
	queueTarget  = 50 * time.Millisecond
	reviewPeriod = 100 * time.Millisecond

	// maxQueueTarget bounds how much jitter may excuse.
	maxQueueTarget = 100 * time.Millisecond
)

func newFlow(interval time.Duration, ackEvery int) flow {
	return flow{window: max(startWindow, 2*float64(ackEvery)), least: float64(ackEvery + 1), interval: interval}
}

// atLeast makes n the least window, which a client must be able to fill before
// it has to acknowledge.
func (f *flow) atLeast(n int) {
	f.least = float64(n)
	f.window = max(f.window, f.least)
}

// full reports whether another snapshot has to wait. Bytes alone fill the window
// only when the client has as many snapshots as it may leave unacknowledged: with
// fewer it would have no reason to acknowledge them.
func (f *flow) full(snapshots, bytes int) bool {
	owed := float64(snapshots) >= f.least-1
	return snapshots > 0 && (float64(snapshots) >= f.window || owed && bytes >= MaxWindowBytes)
}

// ack takes one round trip, from a snapshot's sending to the ack that named
// it, which says that n more snapshots arrived.
func (f *flow) ack(sample time.Duration, n int, now time.Duration) {
	if sample < 0 {
		return
	}
	if f.rtt == 0 {
		f.rtt, f.jitter, f.minRTT, f.nextMin = sample, sample/2, sample, sample
		f.minSince, f.reviewed = now, now
	} else {
		d := sample - f.rtt
		f.rtt += d / 8
		f.jitter += (max(d, -d) - f.jitter) / 4
	}
	f.minRTT, f.nextMin = min(f.minRTT, sample), min(f.nextMin, sample)
	if now-f.minSince > minRTTPeriod {
		f.minRTT, f.nextMin, f.minSince = f.nextMin, sample, now
	}
	queued := sample - f.minRTT
	target := max(queueTarget, f.interval, min(2*f.jitter, maxQueueTarget))
	if now-f.reviewed >= max(f.rtt, reviewPeriod) {
		if f.standing > target {
			f.window = max(f.window*0.8, f.least)
		}
		f.standing, f.reviewed = queued, now
	}
	f.standing = min(f.standing, queued)
	if queued <= target {
		f.window = min(f.window+float64(n)/f.window, MaxWindow)
	}
}

// timeout is how long after the newest snapshot everything unacknowledged
// counts as lost, on transports that lose (RFC 6298, with 200 ms at least).
func (f *flow) timeout() time.Duration {
	if f.rtt == 0 {
		return time.Second
	}
	return max(200*time.Millisecond, f.rtt+4*f.jitter)
}

// forget opens the window again when a whole window or its acks were lost,
// which only a datagram transport can do.
func (f *Feed) forget(now time.Duration) {
	if f.r.config.Datagram && f.sent != f.acked && now-f.lastSent > f.flow.timeout() {
		f.acked, f.inFlight = f.sent, 0
	}
}
