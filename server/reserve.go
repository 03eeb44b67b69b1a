package server

import (
	"cmp"
	"slices"
	"time"

	"arbiter/netcode"
)

// This file is the part of the door that deals with those who have not come.

// reserve keeps places for all of list until then, or for none. Those who have
// one keep it as it is and get its new token. It returns the places' terms.
func (d *door) reserve(list []Reservation, tokens []string, until time.Duration) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bolted != letIn {
		return boltedProblem(d.bolted)
	}
	more := 0
	for i := range list {
		if d.places[list[i].Subject] == nil {
			more++
		}
	}
	if free := d.seats - len(d.places); more > free {
		return problem(codeMatchFull, "%d seats were asked for and %d are free: choose another match, or ask for fewer", more, max(free, 0))
	}
	for i := range list {
		p := d.places[list[i].Subject]
		if p == nil {
			p = &place{Reservation: list[i]}
			d.places[p.Subject] = p
			d.changedLocked()
		} else if p.token != "" {
			d.used.add(p.token)
		}
		p.token, p.until = tokens[i], max(p.until, until)
	}
	return nil
}

// expect reserves the places that a match is ordered for, before it begins.
func (d *door) expect(list []Reservation, tokens []string, until time.Duration) {
	for i := range list {
		d.places[list[i].Subject] = &place{Reservation: list[i], first: true, token: tokens[i], until: until}
	}
}

// release gives up a place that nobody has come to, and reports whether there
// was one.
func (d *door) release(subject string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.places[subject]
	if p == nil || p.seated {
		return false
	}
	d.dropLocked(p)
	return true
}

// forsake lets the place lapse that a match was ordered for and nobody has come
// to, and reports whether there was one.
func (d *door) forsake(subject string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.places[subject]
	if p == nil || p.seated || !p.first {
		return false
	}
	p.until = -1
	return true
}

// lapse gives up the places whose time is over, and returns them in order of
// their subjects.
func (d *door) lapse(now time.Duration) []*place {
	d.mu.Lock()
	defer d.mu.Unlock()
	var gone []*place
	for _, p := range d.places {
		switch {
		case p.token == "" && p.seated, now <= p.until:
		case p.seated:
			p.token = ""
		default:
			d.dropLocked(p)
			gone = append(gone, p)
		}
	}
	slices.SortFunc(gone, func(a, b *place) int { return cmp.Compare(a.Subject, b.Subject) })
	return gone
}

// known returns what is kept for a player; ok is false if nothing is.
func (d *door) known(subject string) (p place, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.places[subject]; p != nil {
		return *p, true
	}
	return place{}, false
}

// seating lists the places in order of their subjects.
func (d *door) seating() []Seated {
	d.mu.Lock()
	defer d.mu.Unlock()
	list := make([]Seated, 0, len(d.places))
	for _, p := range d.places {
		list = append(list, Seated{Subject: p.Subject, Team: p.Team, Role: p.Role, Claimed: p.seated})
	}
	slices.SortFunc(list, func(a, b Seated) int { return cmp.Compare(a.Subject, b.Subject) })
	return list
}

// boltedProblem is a close code of the door as an answer over HTTP.
func boltedProblem(why netcode.Code) error {
	switch why {
	case netcode.CodeDrain:
		return errDraining
	case netcode.CodeMatchFinished, netcode.CodeNoMatch:
		return problem(codeMatchOver, "the match has ended, or ends just now: choose another")
	}
	return problem(codeMatchOver, "the match takes nobody any more (%s): choose another", why)
}

// usedTokens remembers the ids of the last join tokens that were used up, so
// that whoever shows one again learns why it does not serve. What lets him in
// is the place that still waits for his token, so forgetting an id lets nobody
// in.
type usedTokens struct {
	most int
	next int
	ids  []string
}

func (u *usedTokens) add(id string) {
	if len(u.ids) < u.most {
		u.ids = append(u.ids, id)
		return
	}
	u.ids[u.next] = id
	u.next = (u.next + 1) % u.most
}

func (u *usedTokens) has(id string) bool { return slices.Contains(u.ids, id) }
