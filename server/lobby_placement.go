package server

import (
	"errors"

	"arbiter/netcode"
)

// placeSession finds the match that a session may enter and takes a slot there, or
// returns why there is none. Who resumes has a slot already.
func (l *lobby) placeSession(a *admission, resuming bool) (*match, netcode.Code) {
	if a.game == nil {
		return nil, netcode.CodeNoGame
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.hasSlotLocked(a) && l.core.refuses(refuseConnections, "hello") {
		return nil, netcode.CodeOverloaded
	}
	if a.match == "" {
		if a.spectate {
			return l.spectateAnyLocked(a)
		}
		return l.quickJoinLocked(a)
	}
	m := l.matches[a.match]
	switch {
	case m == nil || m.game != a.game:
		if resuming {
			return nil, netcode.CodeSeatLapsed
		}
		return nil, netcode.CodeNoMatch
	case a.spectate:
		return m, m.roster.admitSpectator(&a.claims)
	case resuming:
		return m, admitted
	}
	return m, m.roster.admit(&a.claims, m.now())
}

// quickJoinLocked takes a seat in the fullest match with a free one, else in a new
// match: few full matches are better company than many empty ones.
func (l *lobby) quickJoinLocked(a *admission) (*match, netcode.Code) {
	if best := a.game.open.fullest(); best != nil && best.roster.admit(&a.claims, best.now()) == admitted {
		return best, admitted
	}
	m := newMatch(l.core, a.game, newMatchID(), anyMatch(a.game))
	switch err := l.openLocked(m); {
	case errors.Is(err, errDraining):
		return nil, netcode.CodeDrain
	case err != nil:
		return nil, netcode.CodeOverloaded
	}
	return m, m.roster.admit(&a.claims, m.now())
}

// quickJoinMatch returns the match that somebody who just wants to play is best sent
// to: one where they have a slot already, else the fullest. Nil means a new one.
func (l *lobby) quickJoinMatch(g *hostedGame, subject string) *match {
	l.mu.Lock()
	defer l.mu.Unlock()
	var mine *match
	for _, m := range l.matches {
		if m.game != g || m.order.Private || m.order.Closed || mine != nil && m.id > mine.id {
			continue
		}
		if _, known := m.roster.slotOf(subject); known && !m.roster.occupancy().closed {
			mine = m
		}
	}
	if mine != nil {
		return mine
	}
	return g.open.fullest()
}

// spectateAnyLocked takes a spectator slot in the match with the most players.
func (l *lobby) spectateAnyLocked(a *admission) (*match, netcode.Code) {
	var best *match
	most := -1
	for _, m := range l.matches {
		if m.game != a.game || m.order.Private {
			continue
		}
		if players := m.roster.occupancy().players; players > most || players == most && m.id < best.id {
			best, most = m, players
		}
	}
	if best == nil {
		return nil, netcode.CodeNoMatch
	}
	return best, best.roster.admitSpectator(&a.claims)
}
