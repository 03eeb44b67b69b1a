package auth

import (
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"
)

// Bounds of revocations.
const (
	MaxRevocations    = 10_000
	DefaultRevocation = 24 * time.Hour       // without an end of its own
	LongestRevocation = 366 * 24 * time.Hour // from when it is made
)

// Revocation refuses a player or a token for a while.
type Revocation struct {
	ID      string    // made by Add
	Subject string    // every token of this player; or
	TokenID string    // the tokens of this jti
	Until   time.Time // then it is over; Add makes of zero DefaultRevocation from now
}

// Revocations are those in force. They live in memory, so a restart forgets
// them. Its zero value is ready. Safe for concurrent use.
type Revocations struct {
	mu       sync.RWMutex
	byID     map[string]Revocation // guarded by mu
	subjects map[string]string     // guarded by mu: ids by Subject
	tokens   map[string]string     // guarded by mu: ids by TokenID
}

// Errors of Revocations.Add.
var (
	ErrRevocation      = errors.New("auth: a revocation names a subject or a token id of 1 to 128 printable bytes, not both, and ends within 366 days from now")
	ErrRevocationsFull = errors.New("auth: as many revocations are in force as may: delete some, or refuse tokens by changing the key they are signed with")
)

// Add puts a revocation in force and returns it with its ID and end. One of the
// same subject or token id is replaced and keeps its ID.
func (r *Revocations) Add(now time.Time, v Revocation) (Revocation, error) {
	if v.Until.IsZero() {
		v.Until = now.Add(DefaultRevocation)
	}
	named := v.Subject + v.TokenID
	if named == "" || v.Subject != "" && v.TokenID != "" || !printable(named, maxSubject) ||
		!v.Until.After(now) || v.Until.After(now.Add(LongestRevocation)) {
		return Revocation{}, ErrRevocation
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byID == nil {
		r.byID, r.subjects, r.tokens = map[string]Revocation{}, map[string]string{}, map[string]string{}
	}
	index, name := r.subjects, v.Subject
	if name == "" {
		index, name = r.tokens, v.TokenID
	}
	id, again := index[name]
	if !again {
		if len(r.byID) >= MaxRevocations {
			r.expireLocked(now)
		}
		if len(r.byID) >= MaxRevocations {
			return Revocation{}, ErrRevocationsFull
		}
		id = strings.ToLower(rand.Text()[:12])
	}
	v.ID = id
	index[name], r.byID[id] = id, v
	return v, nil
}

// Remove takes a revocation back and reports whether there was one.
func (r *Revocations) Remove(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.byID[id]
	r.removeLocked(id)
	return ok
}

// List returns those in force, the next to end first.
func (r *Revocations) List(now time.Time) []Revocation {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expireLocked(now)
	list := make([]Revocation, 0, len(r.byID))
	for _, v := range r.byID {
		list = append(list, v)
	}
	slices.SortFunc(list, func(a, b Revocation) int {
		if c := a.Until.Compare(b.Until); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

// Len is the number of revocations, those not yet swept out included.
func (r *Revocations) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.byID)
}

// Refuses reports whether the player, or the token if its id is not empty, is
// revoked now.
func (r *Revocations) Refuses(now time.Time, subject, tokenID string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.inForce(now, r.subjects, subject) || tokenID != "" && r.inForce(now, r.tokens, tokenID)
}

func (r *Revocations) inForce(now time.Time, index map[string]string, name string) bool {
	id, ok := index[name]
	return ok && r.byID[id].Until.After(now)
}

func (r *Revocations) expireLocked(now time.Time) {
	for id, v := range r.byID {
		if !v.Until.After(now) {
			r.removeLocked(id)
		}
	}
}

func (r *Revocations) removeLocked(id string) {
	v := r.byID[id]
	delete(r.byID, id)
	if v.Subject != "" {
		delete(r.subjects, v.Subject)
	} else {
		delete(r.tokens, v.TokenID)
	}
}
