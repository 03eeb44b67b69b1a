package match

import "arbiter/netcode"

// placed is where a session may go, or why it may go nowhere.
type placed struct {
	match  *Match
	pass   pass         // what was taken for it in the match's roster
	code   netcode.Code // admitted, or why not
	reason string       // in the words of the rules; empty: as the code says
}

// placeSession finds the match that a session may enter and takes a slot there, or
// returns why there is none. Who resumes has a slot already, in the match that they
// name.
func (l *lobby) placeSession(a *Admission, resuming bool) placed {
	if a.Game == nil {
		return placed{code: netcode.CodeNoGame}
	}
	if resuming && !a.Spectate {
		return l.placeResuming(a)
	}
	m, code := l.place(a)
	switch {
	case code == netcode.CodeNoMatch && m == nil:
		if end, known := l.ended.why(a.Match); known {
			return placed{code: end.code, reason: end.reason}
		}
		return placed{code: code}
	case code == netcode.CodeNotAllowed && !a.Spectate:
		return placed{code: code, reason: "You have reached the number of running matches allowed for one player; finish one of them first."}
	case code != admitted:
		return placed{code: code}
	case a.Spectate:
		return placed{match: m, pass: passSpectator}
	}
	return placed{match: m, pass: passPlayer}
}

// placeResuming finds the match of somebody who wants their seat back. Nothing is
// taken for them: the match has their seat, or refuses them.
func (l *lobby) placeResuming(a *Admission) placed {
	if m := l.find(a.Match); m != nil && m.game == a.Game {
		return placed{match: m}
	}
	if end, known := l.ended.why(a.Match); known {
		return placed{code: end.code, reason: end.reason}
	}
	return placed{code: netcode.CodeSeatLapsed}
}

// place is placeSession for who does not resume. The match is nil if there is none.
func (l *lobby) place(a *Admission) (*Match, netcode.Code) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.hasSlotLocked(a) && l.engine.refuses(refuseConnections, "hello") {
		return nil, netcode.CodeOverloaded
	}
	if a.Match == "" {
		if a.Spectate {
			return l.spectateAnyLocked(a)
		}
		return l.quickJoinLocked(a)
	}
	m := l.matches[a.Match]
	switch {
	case m == nil || m.game != a.Game:
		return nil, netcode.CodeNoMatch
	case a.Spectate:
		return m, m.roster.admitSpectator(&a.Claims)
	}
	return m, m.roster.admit(&a.Claims, m.now())
}

// quickJoinLocked takes a seat in the fullest match with a free one, else in a new
// match. So players meet each other, instead of being alone in many matches.
func (l *lobby) quickJoinLocked(a *Admission) (*Match, netcode.Code) {
	if best := a.Game.open.fullest(); best != nil && best.roster.admit(&a.Claims, best.now()) == admitted {
		return best, admitted
	}
	m := newMatch(l.engine, a.Game, newMatchID(), anyMatch(a.Game, a.Claims.Owner()))
	if err := l.openLocked(m); err != nil {
		return nil, err.Code
	}
	return m, m.roster.admit(&a.Claims, m.now())
}

// quickJoinMatch returns the match that somebody who just wants to play is best sent
// to: one where they have a slot already, else the fullest. Nil means a new one.
func (l *lobby) quickJoinMatch(g *Game, subject string) *Match {
	l.mu.Lock()
	defer l.mu.Unlock()
	var mine *Match
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

// spectateAnyLocked takes a spectator slot in the match with the most players, of
// those that anybody may watch.
func (l *lobby) spectateAnyLocked(a *Admission) (*Match, netcode.Code) {
	var best *Match
	most := -1
	for _, m := range l.matches {
		if m.game != a.Game || m.order.Private || m.order.Closed || m.roster.inviteWatchers && !a.Claims.Service {
			continue
		}
		if players := m.roster.occupancy().players; players > most || players == most && m.id < best.id {
			best, most = m, players
		}
	}
	if best == nil {
		return nil, netcode.CodeNoMatch
	}
	return best, best.roster.admitSpectator(&a.Claims)
}

// hasSlot reports whether somebody has a slot in the match they ask for: a seat,
// or one reserved for them.
func (l *lobby) hasSlot(a *Admission) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hasSlotLocked(a)
}

func (l *lobby) hasSlotLocked(a *Admission) bool {
	m := l.matches[a.Match]
	if m == nil || a.Spectate {
		return false
	}
	_, known := m.roster.slotOf(a.Claims.Subject)
	return known
}
