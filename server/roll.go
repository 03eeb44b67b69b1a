package server

import (
	"sync"
	"time"
)

// roll knows the live sessions by player, for those that operators end. Safe for
// concurrent use; its zero value is ready.
type roll struct {
	mu    sync.Mutex
	first map[string]*session // guarded by mu: by subject, with session.next a list
	size  int                 // guarded by mu
}

func (r *roll) add(s *session) {
	subject := s.allowed.claims.Subject
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.first == nil {
		r.first = make(map[string]*session)
	}
	s.next = r.first[subject]
	r.first[subject] = s
	r.size++
}

func (r *roll) remove(s *session) {
	subject := s.allowed.claims.Subject
	r.mu.Lock()
	defer r.mu.Unlock()
	var before *session
	for at := r.first[subject]; at != nil; before, at = at, at.next {
		if at != s {
			continue
		}
		switch {
		case before != nil:
			before.next = s.next
		case s.next != nil:
			r.first[subject] = s.next
		default:
			delete(r.first, subject)
		}
		s.next = nil
		r.size--
		return
	}
}

// renewed notes the token that a session has now.
func (r *roll) renewed(s *session, tokenID string, expiry time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s.tokenID = tokenID
	if at := expiry.UnixNano(); at > s.expires.Load() {
		s.expires.Store(at)
	}
}

// of returns a player's sessions.
func (r *roll) of(subject string) (list []*session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for s := r.first[subject]; s != nil; s = s.next {
		list = append(list, s)
	}
	return list
}

// with returns the sessions that have the token of that id.
func (r *roll) with(tokenID string) (list []*session) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.first {
		for ; s != nil; s = s.next {
			if s.tokenID == tokenID {
				list = append(list, s)
			}
		}
	}
	return list
}

func (r *roll) len() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.size
}
