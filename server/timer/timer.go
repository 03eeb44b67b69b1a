// Package timer has precise timers. Go's own are up to a millisecond
// late on Linux while a processor has nothing to do: the runtime waits in
// epoll_wait then, which counts in milliseconds. A match that steps 20 times a
// second on a quiet server would be late at nearly every step.
package timer

import "time"

// Precise is a [time.Timer] whose waker wakes the runtime when it is due. It costs a
// descriptor; where there is none to have, and elsewhere than on Linux, it is
// as late as others are. It belongs to one goroutine.
type Precise struct {
	C     <-chan time.Time
	timer *time.Timer
	waker *waker
}

// New returns a timer that fires after d. Stop gives back what it holds.
func New(d time.Duration) *Precise {
	t := &Precise{timer: time.NewTimer(d), waker: newWaker()}
	t.C = t.timer.C
	t.waker.wakeAfter(d)
	return t
}

// Reset has the timer fire after d instead.
func (t *Precise) Reset(d time.Duration) {
	t.timer.Reset(d)
	t.waker.wakeAfter(d)
}

// Stop ends the timer for good.
func (t *Precise) Stop() {
	t.timer.Stop()
	t.waker.stop()
}
