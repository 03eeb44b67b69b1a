package webhook

import (
	"cmp"
	"slices"
	"time"
)

// run is the hook's loop. It ends when the hook closes and nothing is left.
func (h *Hook) run() {
	defer close(h.done)
	l := loop{hook: h}
	closing := h.closing
	for {
		next := l.start(time.Now())
		if l.closing && l.running == 0 && len(l.waiting) == 0 && len(h.in) == 0 {
			return
		}
		timer := time.NewTimer(next)
		select {
		case d := <-h.in:
			l.add(d)
		case r := <-h.results:
			l.running--
			l.handleResult(r)
		case <-closing:
			closing, l.closing = nil, true
		case <-timer.C:
		}
		timer.Stop()
	}
}

// loop is what run owns.
type loop struct {
	hook    *Hook
	waiting []*delivery // by when they are due
	running int         // requests under way
	closing bool        // nothing waits any longer, nothing is tried again
}

func (l *loop) add(d *delivery) {
	at, _ := slices.BinarySearchFunc(l.waiting, d.due, func(w *delivery, due time.Time) int {
		return cmp.Or(w.due.Compare(due), -1) // behind those due at the same time
	})
	l.waiting = slices.Insert(l.waiting, at, d)
}

// start makes the requests that are due and returns how long to wait for the
// next one.
func (l *loop) start(now time.Time) time.Duration {
	for len(l.waiting) > 0 && l.running < maxAtOnce && (l.closing || !l.waiting[0].due.After(now)) {
		d := l.waiting[0]
		l.waiting = slices.Delete(l.waiting, 0, 1)
		d.attempts++
		l.running++
		go func() { l.hook.results <- l.hook.attempt(d) }() // bounded by maxAtOnce and callTimeout; run waits for all
	}
	if len(l.waiting) == 0 || l.running == maxAtOnce {
		return time.Hour // something else comes first, or nothing
	}
	return l.waiting[0].due.Sub(now)
}

// handleResult decides what becomes of a delivery after an attempt.
func (l *loop) handleResult(r result) {
	h, d := l.hook, r.delivery
	log := h.config.Log.With("delivery", d.id, "attempt", d.attempts)
	switch {
	case r.err == nil:
		h.delivered.Add(1)
		h.waiting.Add(-1)
	case r.refused || l.closing || d.attempts >= maxAttempts:
		h.givenUp.Add(1)
		h.waiting.Add(-1)
		log.Error("webhook: a delivery is given up", "error", r.err)
	default:
		h.failed.Add(1)
		wait := max(delay(d.attempts), r.after)
		d.due = time.Now().Add(wait)
		l.add(d)
		log.Warn("webhook: a delivery failed and is tried again", "error", r.err, "in", wait.Round(time.Millisecond).String())
	}
}
