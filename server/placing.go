package server

import (
	"errors"

	"arbiter/netcode"
)

// This file is how the lobby finds the match that somebody goes to.

// place finds the match somebody may come into and takes his place there, or
// says why there is none. One who resumes has his place already.
func (l *lobby) place(a *admission, resuming bool) (*match, netcode.Code) {
	if a.game == nil {
		return nil, netcode.CodeNoGame
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.seatedLocked(a) && l.core.sheds(shedConnections, "hello") {
		return nil, netcode.CodeOverloaded
	}
	if a.match == "" {
		if a.spectate {
			return l.watchLocked(a)
		}
		return l.quickLocked(a)
	}
	m := l.matches[a.match]
	switch {
	case m == nil || m.game != a.game:
		if resuming {
			return nil, netcode.CodeSeatLapsed
		}
		return nil, netcode.CodeNoMatch
	case a.spectate:
		return m, m.door.watch(&a.claims)
	case resuming:
		return m, letIn
	}
	return m, m.door.enter(&a.claims, m.now())
}

// quickLocked takes a seat in the fullest match with a free one, else in a new
// match: few full matches are better company than many empty ones.
func (l *lobby) quickLocked(a *admission) (*match, netcode.Code) {
	if best := a.game.vacancies.fullest(); best != nil && best.door.enter(&a.claims, best.now()) == letIn {
		return best, letIn
	}
	m := newMatch(l.core, a.game, newMatchID(), anyMatch(a.game))
	switch err := l.openLocked(m); {
	case errors.Is(err, errDraining):
		return nil, netcode.CodeDrain
	case err != nil:
		return nil, netcode.CodeOverloaded
	}
	return m, m.door.enter(&a.claims, m.now())
}

// quickFor returns the match that somebody who just wants to play is best sent
// to: one where a seat is his already, else the fullest. Nil means a new one.
func (l *lobby) quickFor(g *hosted, subject string) *match {
	l.mu.Lock()
	defer l.mu.Unlock()
	var mine *match
	for _, m := range l.matches {
		if m.game != g || m.order.Private || m.order.Closed || mine != nil && m.id > mine.id {
			continue
		}
		if _, known := m.door.known(subject); known && !m.door.crowd().bolted {
			mine = m
		}
	}
	if mine != nil {
		return mine
	}
	return g.vacancies.fullest()
}

// watchLocked takes a spectator's place in the match with the most players.
func (l *lobby) watchLocked(a *admission) (*match, netcode.Code) {
	var best *match
	most := -1
	for _, m := range l.matches {
		if m.game != a.game || m.order.Private {
			continue
		}
		if players := m.door.crowd().players; players > most || players == most && m.id < best.id {
			best, most = m, players
		}
	}
	if best == nil {
		return nil, netcode.CodeNoMatch
	}
	return best, best.door.watch(&a.claims)
}
