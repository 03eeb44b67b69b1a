package match

import (
	"slices"
	"sync"
	"time"
)

// sessionIndex knows the live sessions by player, for those that operators end.
// Safe for concurrent use; its zero value is ready.
type sessionIndex struct {
	mu    sync.Mutex
	first map[string]*Session // guarded by mu: by subject, with session.next a list
	size  int                 // guarded by mu
}

func (x *sessionIndex) add(s *Session) {
	subject := s.admission.Claims.Subject
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.first == nil {
		x.first = make(map[string]*Session)
	}
	s.next = x.first[subject]
	x.first[subject] = s
	x.size++
}

func (x *sessionIndex) remove(s *Session) {
	subject := s.admission.Claims.Subject
	x.mu.Lock()
	defer x.mu.Unlock()
	var before *Session
	for at := x.first[subject]; at != nil; before, at = at, at.next {
		if at != s {
			continue
		}
		switch {
		case before != nil:
			before.next = s.next
		case s.next != nil:
			x.first[subject] = s.next
		default:
			delete(x.first, subject)
		}
		s.next = nil
		x.size--
		return
	}
}

// sessionToken is a token that a session was renewed with.
type sessionToken struct {
	id     string
	expiry time.Time
}

// maxRenewed bounds the tokens that a session is bound to beside its first; beyond,
// the one that expires first is forgotten.
const maxRenewed = 16

// addToken binds a session to one more token, and makes it last as long.
func (x *sessionIndex) addToken(s *Session, tokenID string, expiry time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if tokenID != "" && !s.usedToken(tokenID) {
		if len(s.renewed) == maxRenewed {
			first := 0
			for i := range s.renewed {
				if s.renewed[i].expiry.Before(s.renewed[first].expiry) {
					first = i
				}
			}
			s.renewed = slices.Delete(s.renewed, first, first+1)
		}
		s.renewed = append(s.renewed, sessionToken{tokenID, expiry})
	}
	if at := unixNano(expiry); at > s.tokenExpires.Load() {
		s.tokenExpires.Store(at)
	}
}

// usedToken reports whether a session was opened or renewed with a token. The index's
// mu is held.
func (s *Session) usedToken(tokenID string) bool {
	return s.tokenID == tokenID || slices.ContainsFunc(s.renewed, func(t sessionToken) bool { return t.id == tokenID })
}

// bySubject returns a player's sessions.
func (x *sessionIndex) bySubject(subject string) (list []*Session) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for s := x.first[subject]; s != nil; s = s.next {
		list = append(list, s)
	}
	return list
}

// byToken returns the sessions that were opened or renewed with the token of that id.
func (x *sessionIndex) byToken(tokenID string) (list []*Session) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.first {
		for ; s != nil; s = s.next {
			if s.usedToken(tokenID) {
				list = append(list, s)
			}
		}
	}
	return list
}

// inMatch returns the sessions that have entered a match.
func (x *sessionIndex) inMatch(m *Match) (list []*Session) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.first {
		for ; s != nil; s = s.next {
			if s.match.Load() == m {
				list = append(list, s)
			}
		}
	}
	return list
}

func (x *sessionIndex) len() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.size
}
