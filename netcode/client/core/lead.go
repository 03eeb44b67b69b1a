package core

import "time"

// Lead keeps the prediction clock so far ahead of the server that inputs
// arrive just before their tick. It is a closed loop: the server reports the
// input margin, by how much the newest input was early (slack on the wire). A
// late input makes a correction, an early one costs only delay: so the lead
// widens at once to what a report asks for, and comes back slowly to the most
// that was asked for in the last seconds. What a link does now and then is
// remembered by its worst. It never comes below the way to the server: what is
// sent with less can't be in time, whatever was reported, and reports come only
// while something is sent.
//
// The zero Lead ignores reports before Start.
type Lead struct {
	clock  slew
	goal   time.Duration // ahead of the server's clock, by the reports
	floor  time.Duration // the way to the server; the goal is no less
	set    bool
	deaf   time.Duration // until this time reports say nothing
	blind  time.Duration // reports before this were made with a goal between before and this one
	before time.Duration
	last   time.Duration // when the newest report came
	far    bool          // it was so far off that it takes a second one
	spare  least         // −goals asked for
}

const (
	// leastSlack is by how much inputs are meant to be early at least: timers
	// are not perfect either.
	leastSlack = 10 * time.Millisecond

	leadJump = 100 * time.Millisecond // further off than this the clock jumps
	leadStep = 40 * time.Millisecond  // the most that one report widens the lead by, if it is not that far off
	leadEase = 30 * time.Second       // in which a lead that is too wide comes back by a good half
	maxLead  = 2 * time.Second
)

// Slack adjusts the lead by the server's report, which arrived at now with this
// round trip.
func (l *Lead) Slack(now, slack, trip time.Duration) {
	if !l.set || now < l.deaf {
		return
	}
	made := l.Goal()
	if now < l.blind {
		made = min(l.before, made)
	}
	asked := made + leastSlack - slack
	far := asked-l.goal > leadJump
	passed := min(now-l.last, time.Second)
	l.last = now
	if l.far = far && !l.far; l.far {
		return // of one stall nothing follows for the inputs after it
	}
	if !far {
		asked = min(asked, l.goal+leadStep)
	}
	l.spare.add(now, -asked)
	by := -(l.goal + l.spare.value) // above 0 if this report asks for more
	switch {
	case by >= 0:
		l.change(now, trip, by)
	case now < l.blind:
	case by < -leadStep: // the path has changed
		l.change(now, trip, by/2)
	default:
		l.goal += time.Duration(float64(by) * (passed.Seconds() / leadEase.Seconds()))
	}
}

// OneWay says how long the way to the server is at least, which needs no report:
// the lead is no less.
func (l *Lead) OneWay(way time.Duration) {
	if l.set {
		l.floor = min(way, maxLead)
	}
}

// change moves the goal by so much that reports made before have to be told
// from those made after, until the clock is there too.
func (l *Lead) change(now, trip, by time.Duration) {
	if by == 0 {
		return
	}
	if now >= l.blind {
		l.before = l.Goal()
	}
	l.blind = now + trip
	if off := max(by, -by); off < leadJump {
		l.blind += slewRate * off
	}
	l.goal = min(max(l.goal+by, 0), maxLead)
}

// Start begins with what is known before the first report: half a round trip,
// and generously more.
func (l *Lead) Start(trip, tick time.Duration) {
	*l = Lead{goal: trip/2 + leastSlack + min(tick, leadStep), set: true}
}

// Started reports whether Start was called.
func (l *Lead) Started() bool { return l.set }

// Resume ignores for a round trip the reports about what was sent again, or was
// sent before the server's clock was set back.
func (l *Lead) Resume(now, trip time.Duration) { l.deaf = now + trip }

// Now is the prediction time at now, when the server's is server. Successive
// readings go back only if the server's time does, by far.
func (l *Lead) Now(now, server time.Duration) time.Duration {
	return l.clock.follow(now, server+l.Goal(), leadJump)
}

// Goal is by how much the prediction is meant to be ahead of the server.
func (l *Lead) Goal() time.Duration { return max(l.goal, l.floor) }
