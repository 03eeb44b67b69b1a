package netcode

import "time"

// flow decides how many snapshots may be on their way to one client: the ack
// window. It is delay-based, after TCP Vegas (Brakmo and Peterson, 1995) and
// LEDBAT (RFC 6817): the window grows while acks come back in about the least
// round trip seen, and shrinks once a round trip when they come later, because
// then snapshots wait in a queue somewhere and age.
type flow struct {
	window   float64 // snapshots
	least    float64 // of the window: what a client may leave unacknowledged
	interval time.Duration

	rtt, jitter     time.Duration // smoothed, and its mean deviation (RFC 6298)
	minRTT, nextMin time.Duration // least of this and of the next period
	minSince        time.Duration
	shrunk          time.Duration // when the window shrank last
}

const (
	// MaxWindow bounds the snapshots on their way to one client.
	MaxWindow = recordRing - 4
	// MaxWindowBytes bounds the bytes on their way to one client; one
	// snapshot may always be.
	MaxWindowBytes = 64 << 10

	startWindow  = 8
	minRTTPeriod = 10 * time.Second
	queueTarget  = 50 * time.Millisecond
)

func newFlow(interval time.Duration, ackEvery int) flow {
	return flow{window: max(startWindow, 2*float64(ackEvery)), least: float64(ackEvery + 1), interval: interval}
}

// full reports whether another snapshot has to wait.
func (f *flow) full(snapshots, bytes int) bool {
	return snapshots > 0 && (float64(snapshots) >= f.window || bytes >= MaxWindowBytes)
}

// ack takes one round trip: from a snapshot's sending to the ack that named it.
func (f *flow) ack(sample, now time.Duration) {
	if sample < 0 {
		return
	}
	if f.rtt == 0 {
		f.rtt, f.jitter, f.minRTT, f.nextMin, f.minSince = sample, sample/2, sample, sample, now
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
	switch {
	case queued <= max(queueTarget, f.interval):
		f.window = min(f.window+1/f.window, MaxWindow)
	case now-f.shrunk >= f.rtt:
		f.window = max(f.window*0.8, f.least)
		f.shrunk = now
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
