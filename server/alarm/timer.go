// Package alarm has timers that fire in time. Go's own are up to a millisecond
// late on Linux while a processor has nothing to do: the runtime waits in
// epoll_wait then, which counts in milliseconds. A match that steps 20 times a
// second on a quiet server would be late at nearly every step.
package alarm

import "time"

// Timer is a [time.Timer] that wakes the runtime when it is due. It costs a
// descriptor; where there is none to have, and elsewhere than on Linux, it is
// as late as others are. It belongs to one goroutine.
type Timer struct {
	C     <-chan time.Time
	timer *time.Timer
	bell  *bell
}

// NewTimer returns a timer that fires after d. Stop gives back what it holds.
func NewTimer(d time.Duration) *Timer {
	t := &Timer{timer: time.NewTimer(d), bell: newBell()}
	t.C = t.timer.C
	t.bell.ring(d)
	return t
}

// Reset has the timer fire after d instead.
func (t *Timer) Reset(d time.Duration) {
	t.timer.Reset(d)
	t.bell.ring(d)
}

// Stop ends the timer for good.
func (t *Timer) Stop() {
	t.timer.Stop()
	t.bell.stop()
}
