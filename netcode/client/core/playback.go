package core

import "time"

// Playback is the jitter buffer: it keeps the render clock so far behind what
// arrives, the interpolation delay, that with the jitter there is the snapshot
// after the one being drawn is there in time.
//
// The zero Playback is ready.
type Playback struct {
	clock slew
	late  lateness
}

const (
	// MaxExtrapolation is how long rows go on moving when no snapshot comes.
	MaxExtrapolation = 250 * time.Millisecond

	playbackJump = 250 * time.Millisecond
	maxDelay     = 500 * time.Millisecond
)

// Arrived records a snapshot that came late by late, where one is due every
// interval.
func (p *Playback) Arrived(now, late, interval time.Duration) {
	p.late.arrived(now, late, interval)
}

// Delay is the interpolation delay: how far the render clock is meant to be
// behind what arrives, at most 500 ms.
func (p *Playback) Delay(interval time.Duration) time.Duration {
	return min(interval+p.late.bound(), maxDelay)
}

// Jitter is the mean deviation of the snapshots' arrival.
func (p *Playback) Jitter() time.Duration { return p.late.deviation }

// Now is the match time to draw at now, when that of what arrives undelayed is
// arriving. After a stall it is where it would have been without.
func (p *Playback) Now(now, arriving, interval time.Duration) time.Duration {
	return p.clock.follow(now, arriving-p.Delay(interval), playbackJump)
}
