package server

import (
	"context"
	"time"

	"arbiter/netcode"
)

// callPatience bounds how long an operator waits for one match.
const callPatience = 2 * time.Second

// call runs f between two turns of the match's loop and reports whether it did:
// not if the match ended, or stood still for callPatience. f must be quick.
func (m *match) call(ctx context.Context, f func()) bool {
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	done := make(chan struct{})
	select {
	case m.calls <- func() { defer close(done); f() }:
		<-done
		return true
	case <-m.gone:
	case <-ctx.Done():
	}
	return false
}

// evict ends a player's sessions with a code, in one match or, if that is
// empty, everywhere, and gives up his seats and reservations there. It returns
// how many sessions and places those were.
func (s *Server) evict(ctx context.Context, subject, match string, code netcode.Code) (sessions, places int) {
	for _, live := range s.core.roll.of(subject) {
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
		if p, known := m.door.known(subject); !known {
			continue
		} else if !p.seated {
			s.Release(m.id, subject)
			places++
			continue
		}
		m.call(ctx, func() { m.vacate(subject) })
		places++
	}
	return sessions, places
}

// vacate gives up a player's seat with the next chores. His session, if there is
// one, has been told, and is let go of here.
func (m *match) vacate(subject string) {
	seat := m.seatOf(subject)
	if seat == nil {
		return
	}
	if seat.session != nil {
		m.detach(seat.session, m.now())
	}
	seat.left, seat.away = true, m.now()-m.core.config.ResumeWindow
	m.nextChore = 0
}
