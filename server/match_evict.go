package server

import (
	"context"
	"time"

	"arbiter/netcode"
)

// callPatience bounds how long an operator waits for one match.
const callPatience = 2 * time.Second

// callOnLoop runs f between two turns of the match's loop and reports whether it did:
// not if the match ended, or stood still for callPatience. f must be quick.
func (m *match) callOnLoop(ctx context.Context, f func()) bool {
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

// evict ends a player's sessions with a code, in one match or, if that is
// empty, everywhere, and gives up their seats and reservations there. It returns
// how many sessions and slots those were.
func (s *Server) evict(ctx context.Context, subject, match string, code netcode.Code) (sessions, slots int) {
	for _, live := range s.core.sessions.bySubject(subject) {
		if in := live.match.Load(); match == "" || in != nil && in.id == match {
			live.evicted.Store(true)
			live.close(code, "")
			sessions++
		}
	}
	for _, m := range s.core.lobby.list() {
		if match != "" && m.id != match {
			continue
		}
		if p, known := m.roster.slotOf(subject); !known {
			continue
		} else if !p.seated {
			s.Release(m.id, subject)
			slots++
			continue
		}
		m.callOnLoop(ctx, func() { m.evictSeat(subject) })
		slots++
	}
	return sessions, slots
}

// evictSeat gives up a player's seat with the next housekeeping. Their session, if there is
// one, has been told, and is let go of here.
func (m *match) evictSeat(subject string) {
	seat := m.seatOf(subject)
	if seat == nil {
		return
	}
	if seat.session != nil {
		m.detach(seat.session, m.now())
	}
	seat.left, seat.away = true, m.now()-m.core.config.ResumeWindow
	m.nextHousekeeping = 0
}
