package match

import (
	"cmp"
	"slices"
	"time"

	"arbiter/netcode"
)

// reserve keeps slots for all of list until then, or for none. Those who have
// one keep it as it is and get a new token for it.
func (r *roster) reserve(list []SeatRequest, tokens []string, until time.Duration) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed != admitted {
		return closedError(r.closed)
	}
	more := 0
	for i := range list {
		if r.slots[list[i].Subject] == nil {
			if refusal := r.refuses(&list[i].Access); refusal != nil {
				return refusal
			}
			more++
		}
	}
	if free := r.seats - len(r.slots); more > free {
		return &SeatsError{Asked: more, Free: max(free, 0)}
	}
	for i := range list {
		s := r.slots[list[i].Subject]
		if s == nil {
			s = &slot{Reservation: list[i].Reservation}
			r.slots[s.Subject] = s
			r.changedLocked()
		} else if s.token != "" {
			r.used.add(s.token, netcode.CodeTokenUsed)
		}
		s.token, s.expires = tokens[i], max(s.expires, until)
	}
	return nil
}

// reserveOrdered reserves the slots that a match is ordered for, before it begins.
func (r *roster) reserveOrdered(list []Reservation, tokens []string, until time.Duration) {
	for i := range list {
		r.slots[list[i].Subject] = &slot{Reservation: list[i], ordered: true, token: tokens[i], expires: until}
	}
}

// release gives up a slot that nobody has come to, and reports whether there
// was one.
func (r *roster) release(subject string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.slots[subject]
	if s == nil || s.seated {
		return false
	}
	r.removeLocked(s)
	return true
}

// expire lets a slot expire that a match was ordered for and nobody has come
// to, and reports whether there was one.
func (r *roster) expire(subject string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.slots[subject]
	if s == nil || s.seated || !s.ordered {
		return false
	}
	s.expires = -1
	return true
}

// removeExpired gives up the slots whose time is over, and returns them in order of
// their subjects.
func (r *roster) removeExpired(now time.Duration) []*slot {
	r.mu.Lock()
	defer r.mu.Unlock()
	var gone []*slot
	for _, s := range r.slots {
		switch {
		case s.token == "" && s.seated, now <= s.expires:
		case s.seated:
			s.token = ""
		default:
			r.removeLocked(s)
			gone = append(gone, s)
		}
	}
	slices.SortFunc(gone, func(a, b *slot) int { return cmp.Compare(a.Subject, b.Subject) })
	return gone
}

// slotOf returns what is kept for a player; ok is false if nothing is.
func (r *roster) slotOf(subject string) (s slot, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.slots[subject]; s != nil {
		return *s, true
	}
	return slot{}, false
}

// members lists the slots in order of their subjects.
func (r *roster) members() []Seated {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := make([]Seated, 0, len(r.slots))
	for _, s := range r.slots {
		list = append(list, Seated{Subject: s.Subject, Team: s.Team, Role: s.Role, Claimed: s.seated})
	}
	slices.SortFunc(list, func(a, b Seated) int { return cmp.Compare(a.Subject, b.Subject) })
	return list
}

// usedTokens remembers the ids of the last join tokens that were used up, and why
// they don't serve, so that whoever shows one again learns it. Only a slot that
// waits for its token, or was claimed with it, admits by it, so forgetting an id
// lets nobody in.
type usedTokens struct {
	most int
	next int
	list []usedToken
}

type usedToken struct {
	id  string
	why netcode.Code
}

func (u *usedTokens) add(id string, why netcode.Code) {
	if len(u.list) < u.most {
		u.list = append(u.list, usedToken{id, why})
		return
	}
	u.list[u.next] = usedToken{id, why}
	u.next = (u.next + 1) % u.most
}

// why is what a token is refused with; used is false if it is not known.
func (u *usedTokens) why(id string) (why netcode.Code, used bool) {
	for i := range u.list {
		if u.list[i].id == id {
			why, used = u.list[i].why, true
		}
	}
	return why, used
}
