package server

import (
	"sync"
	"sync/atomic"
	"time"

	"arbiter/netcode"
	"arbiter/server/auth"
)

// door decides who may come into a match. A place is taken when it is reserved
// or somebody is let in, and given back when the reservation lapses or his seat
// is given up. Safe for concurrent use.
type door struct {
	id              string // of the match
	seats, benches  int    // places for players and for spectators
	private, closed bool   // as MatchOrder says

	changed atomic.Bool // places were taken or given back since the loop looked

	mu         sync.Mutex
	bolted     netcode.Code      // guarded by mu: why nobody new gets in; letIn: he does
	places     map[string]*place // guarded by mu: by subject
	seated     int               // guarded by mu: places whose player has come
	spectators int               // guarded by mu
	used       usedTokens        // guarded by mu
	vacancies  *vacancies        // guarded by mu: who is told of free places; nil: nobody yet
	vacancy    vacancy           // what it is told
}

// place is one player's, from his reservation to the end of his seat.
type place struct {
	Reservation
	seated bool          // he has come
	first  bool          // of those the match was ordered for
	token  string        // id of the join token that may claim it; empty: none
	until  time.Duration // since the match began: when token, and the place if nobody came, lapse
}

// letIn is code 0; other codes say why not.
const letIn netcode.Code = 0

func newDoor(seats, benches int) *door {
	return &door{seats: seats, benches: benches, places: make(map[string]*place), used: usedTokens{most: 2 * seats}}
}

// enter takes a seat for a player. One who has a seat always gets in, unless
// he shows a join token, which must be the one made for his place.
func (d *door) enter(c *auth.Claims, now time.Duration) netcode.Code {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.places[c.Subject]
	if !c.JoinBy.IsZero() {
		switch {
		case p != nil && p.token == c.ID && now <= p.until:
		case d.used.has(c.ID):
			return netcode.CodeTokenUsed
		default:
			return netcode.CodeJoinLapsed
		}
	}
	switch {
	case p != nil && p.seated:
		if !c.JoinBy.IsZero() {
			d.spend(p)
		}
		return letIn
	case d.bolted != letIn:
		return d.bolted
	case p != nil:
		p.seated = true
		d.seated++
		d.spend(p)
		return letIn
	case d.closed:
		return netcode.CodeMatchFull // for him: all its seats are for others
	case d.private && c.Match != d.id:
		return netcode.CodeNoMatch
	case len(d.places) >= d.seats:
		return netcode.CodeMatchFull
	}
	d.places[c.Subject] = &place{Reservation: Reservation{Subject: c.Subject, Team: c.Team}, seated: true}
	d.seated++
	d.changedLocked()
	return letIn
}

// spend makes the place's join token void: it was shown, or its player took
// the reserved seat with another token.
func (d *door) spend(p *place) {
	if p.token != "" {
		d.used.add(p.token)
		p.token = ""
	}
}

// leave gives a player's place back.
func (d *door) leave(subject string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.places[subject]; p != nil {
		d.dropLocked(p)
	}
}

func (d *door) dropLocked(p *place) {
	if p.seated {
		d.seated--
	}
	delete(d.places, p.Subject)
	d.changedLocked()
}

// reservation returns what is known of a player who was let in.
func (d *door) reservation(subject string) (Reservation, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if p := d.places[subject]; p != nil && p.seated {
		return p.Reservation, true
	}
	return Reservation{}, false
}

// watch takes a spectator's place, unwatch gives it back.
func (d *door) watch(c *auth.Claims) netcode.Code {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.bolted != letIn:
		return d.bolted
	case d.private && c.Match != d.id && !c.Service && d.places[c.Subject] == nil:
		return netcode.CodeNoMatch
	case d.spectators >= d.benches:
		return netcode.CodeMatchFull
	}
	d.spectators++
	return letIn
}

func (d *door) unwatch() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.spectators--
}

// bolt lets nobody new in from now on, and has them told why.
func (d *door) bolt(why netcode.Code) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.bolted = why
	d.changedLocked()
}

// why is the code that the door was bolted with.
func (d *door) why() netcode.Code {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bolted
}

// shutIfEmpty lets nobody in from now on if nobody is here, on his way in or
// expected, and reports whether it did.
func (d *door) shutIfEmpty() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.places)+d.spectators > 0 {
		return false
	}
	d.bolted = netcode.CodeNoMatch
	d.changedLocked()
	return true
}

// advertise tells of free places from now on.
func (d *door) advertise(m *match, v *vacancies) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.vacancy.match, d.vacancies = m, v
	d.changedLocked()
}

// changedLocked has those told who go by how full the match is.
func (d *door) changedLocked() {
	d.changed.Store(true)
	if d.vacancies != nil {
		d.vacancies.update(&d.vacancy, len(d.places), d.crowdLocked().open)
	}
}

// crowd is how full a match is.
type crowd struct {
	players    int // who have come
	reserved   int // who have not
	spectators int
	free       int  // seats
	open       bool // whoever asks may have one of them
	bolted     bool // nobody new gets in
}

func (d *door) crowd() crowd {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.crowdLocked()
}

func (d *door) crowdLocked() crowd {
	c := crowd{players: d.seated, reserved: len(d.places) - d.seated, spectators: d.spectators,
		free: max(d.seats-len(d.places), 0), bolted: d.bolted != letIn}
	c.open = !c.bolted && c.free > 0 && !d.closed && !d.private
	return c
}
