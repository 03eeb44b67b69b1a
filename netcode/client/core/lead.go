package core

import (
	"slices"
	"time"
)

// Lead keeps the prediction clock so far ahead of the server that inputs
// arrive just before their tick. It is a closed loop: the server reports by how
// much the newest input was early (slack), and the lead is changed by what that
// is off, then nothing is believed until the change can have shown.
//
// The zero Lead is ready.
type Lead struct {
	clock   slew
	goal    time.Duration // ahead of the server's clock
	set     bool
	blind   time.Duration // reports before this were made with an older goal
	opened  time.Duration // when the current window began
	samples []time.Duration
}

const (
	// leastSlack is by how much inputs are meant to be early on a perfect
	// link: a server's timers are not perfect either.
	leastSlack = 5 * time.Millisecond

	leadJump    = 100 * time.Millisecond // further off than this the clock jumps
	leadStep    = 25 * time.Millisecond  // the most that one late input moves it
	leadWindow  = 400 * time.Millisecond
	leadSamples = 4
	leadHurry   = 3               // samples, if most of them are late
	leadPatient = 2 * time.Second // a window with fewer samples counts after that
	maxLead     = 2 * time.Second
)

// Slack takes the server's report, that arrived at now with this round trip
// and jitter of the path.
func (l *Lead) Slack(now, slack, trip, jitter time.Duration) {
	if now < l.blind || !l.set {
		return
	}
	if len(l.samples) == 0 {
		l.opened = now
	}
	if len(l.samples) < cap(l.samples) || cap(l.samples) == 0 {
		l.samples = append(slices.Grow(l.samples, 64-len(l.samples)), slack)
	}
	slices.Sort(l.samples)
	least, middle := l.samples[0], l.samples[len(l.samples)/2]
	if open := now - l.opened; open < leadWindow || len(l.samples) < leadSamples && open < leadPatient {
		if middle >= 0 || len(l.samples) < leadHurry {
			return
		}
	}
	l.samples = l.samples[:0]
	target := max(leastSlack, 2*jitter)
	change := max(target-middle, min(leastSlack-least, leadStep))
	if change < 0 { // too early costs only delay: come back slowly
		if change > -leastSlack {
			return
		}
		change = change / 2
	}
	l.goal = min(max(l.goal+change, 0), maxLead)
	settle := time.Duration(0)
	if change > -leadJump && change < leadJump {
		settle = slewRate * max(change, -change)
	}
	l.blind = now + trip + settle
}

// Start begins with what is known before the first report: half a round trip,
// and generously more.
func (l *Lead) Start(trip, jitter, tick time.Duration) {
	*l = Lead{goal: trip/2 + max(leastSlack, 2*jitter) + tick/2, set: true, samples: l.samples[:0]}
}

// Resume forgets the reports of the connection before, and for a round trip
// those about what was sent again.
func (l *Lead) Resume(now, trip time.Duration) {
	l.samples = l.samples[:0]
	l.blind = now + trip
}

// Now is the prediction time at now, when the server's is server. Successive
// readings go back only if the server's time does, by far.
func (l *Lead) Now(now, server time.Duration) time.Duration {
	return l.clock.follow(now, server+l.goal, leadJump)
}

// Goal is by how much the prediction is meant to be ahead of the server.
func (l *Lead) Goal() time.Duration { return l.goal }
