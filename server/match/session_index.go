package match

import (
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

// setToken notes the token that a session has now.
func (x *sessionIndex) setToken(s *Session, tokenID string, expiry time.Time) {
	x.mu.Lock()
	defer x.mu.Unlock()
	s.tokenID = tokenID
	if at := unixNano(expiry); at > s.tokenExpires.Load() {
		s.tokenExpires.Store(at)
	}
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

// byToken returns the sessions that have the token of that id.
func (x *sessionIndex) byToken(tokenID string) (list []*Session) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, s := range x.first {
		for ; s != nil; s = s.next {
			if s.tokenID == tokenID {
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
