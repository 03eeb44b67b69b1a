package match

import (
	"context"
	"slices"
	"time"

	"arbiter/netcode"
)

// callPatience bounds how long an operator waits for one match.
const callPatience = 2 * time.Second

// callOnLoop runs f between two turns of the match loop and reports whether it
// did: not if the match ended, or stood still for callPatience. f must be quick.
func (m *Match) callOnLoop(ctx context.Context, f func()) bool {
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	done := make(chan struct{})
	select {
	case m.calls <- func() { defer close(done); f() }:
		<-done
		return true
	case <-m.done:
	case <-ctx.Done():
	}
	return false
}

// Evict closes a player's sessions with a code, in one match or, if that is
// empty, everywhere, and gives up their seats and reservations there. It returns
// how many sessions and slots those were.
func (e *Engine) Evict(ctx context.Context, subject, match string, code netcode.Code) (sessions, slots int) {
	for _, live := range e.sessions.bySubject(subject) {
		if in := live.match.Load(); match == "" || in != nil && in.id == match {
			live.evicted.Store(true)
			live.close(code, "")
			sessions++
		}
	}
	for _, m := range e.lobby.list() {
		if match != "" && m.id != match {
			continue
		}
		if slot, known := m.roster.slotOf(subject); !known {
			continue
		} else if !slot.seated {
			e.Release(m.id, subject)
			slots++
			continue
		}
		m.callOnLoop(ctx, func() { m.evictSeat(subject, code) })
		slots++
	}
	return sessions, slots
}

// evictSeat gives up a player's seat. Their session, if there is one, was closed, and
// is detached here.
func (m *Match) evictSeat(subject string, code netcode.Code) {
	gone := m.seatOf(subject)
	if gone == nil {
		return
	}
	if gone.session != nil {
		m.detach(gone.session, m.now())
	}
	gone.left = true
	m.rememberVoid(gone, code)
	m.seats = slices.DeleteFunc(m.seats, func(s *seat) bool { return s == gone })
	m.giveUpSeat(gone, code)
}
