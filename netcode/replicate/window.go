package replicate

import "time"

// congestionWindow decides how many snapshots may be on their way to one client.
// When it is full the next one is not encoded, which is the backpressure of a slow
// link. It is delay-based. Snapshots that wait in a queue somewhere come back
// acknowledged later than the least round trip seen; as in CoDel (RFC 8289) it
// is the least delay over a while that tells a standing queue, which shrinks the
// window, from jitter and stalls, which don't. Otherwise the window grows.
type congestionWindow struct {
	size     float64 // snapshots
	least    float64 // of size: what a client may leave unacknowledged
	interval time.Duration

	rtt, jitter     time.Duration // smoothed, and its mean deviation (RFC 6298)
	minRTT, nextMin time.Duration // least of this period and so far of the next
	minSince        time.Duration
	standing        time.Duration // least queueing since reviewed
	reviewed        time.Duration // when the window was last reviewed
}

const (
	// MaxWindow bounds the snapshots on their way to one client.
	MaxWindow = maxRecords - 4
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

func newWindow(interval time.Duration, ackEvery int) congestionWindow {
	return congestionWindow{size: max(startWindow, 2*float64(ackEvery)), least: float64(ackEvery + 1), interval: interval}
}

// atLeast makes n the least window, which a client must be able to fill before
// it has to acknowledge.
func (w *congestionWindow) atLeast(n int) {
	w.least = float64(n)
	w.size = max(w.size, w.least)
}

// full reports whether another snapshot has to wait. Bytes alone fill the window
// only when the client has as many snapshots as it may leave unacknowledged: with
// fewer it would have no reason to acknowledge them.
func (w *congestionWindow) full(snapshots, bytes int) bool {
	owed := float64(snapshots) >= w.least-1
	return snapshots > 0 && (float64(snapshots) >= w.size || owed && bytes >= MaxWindowBytes)
}

// ack takes one round trip, from a snapshot's sending to the ack that named
// it, which says that n more snapshots arrived.
func (w *congestionWindow) ack(sample time.Duration, n int, now time.Duration) {
	if sample < 0 {
		return
	}
	if w.rtt == 0 {
		w.rtt, w.jitter, w.minRTT, w.nextMin = sample, sample/2, sample, sample
		w.minSince, w.reviewed = now, now
	} else {
		d := sample - w.rtt
		w.rtt += d / 8
		w.jitter += (max(d, -d) - w.jitter) / 4
	}
	w.minRTT, w.nextMin = min(w.minRTT, sample), min(w.nextMin, sample)
	if now-w.minSince > minRTTPeriod {
		w.minRTT, w.nextMin, w.minSince = w.nextMin, sample, now
	}
	queued := sample - w.minRTT
	target := max(queueTarget, w.interval, min(2*w.jitter, maxQueueTarget))
	if now-w.reviewed >= max(w.rtt, reviewPeriod) {
		if w.standing > target {
			w.size = max(w.size*0.8, w.least)
		}
		w.standing, w.reviewed = queued, now
	}
	w.standing = min(w.standing, queued)
	if queued <= target {
		w.size = min(w.size+float64(n)/w.size, MaxWindow)
	}
}

// timeout is how long after the newest snapshot everything unacknowledged
// counts as lost, on transports that lose (RFC 6298, with 200 ms at least).
func (w *congestionWindow) timeout() time.Duration {
	if w.rtt == 0 {
		return time.Second
	}
	return max(200*time.Millisecond, w.rtt+4*w.jitter)
}

// giveUpLost opens the window again when a whole window or its acks were lost,
// which only a datagram transport can do.
func (f *Feed) giveUpLost(now time.Duration) {
	if f.r.config.Datagram && f.last != f.match && now-f.sendTime > f.window.timeout() {
		f.match, f.inFlight = f.last, 0
	}
}
