package server

import (
	"sync"

	"arbiter/netcode"
)

// door decides who may come into a match. A place is taken when somebody is
// let in and given back when his seat is given up. Safe for concurrent use.
type door struct {
	seats, benches int // places for players and for spectators

	mu         sync.Mutex
	bolted     netcode.Code        // guarded by mu: why nobody new gets in; letIn: he does
	subjects   map[string]struct{} // guarded by mu: who has, or is about to have, a seat
	spectators int                 // guarded by mu
}

// let in is code 0; other codes say why not.
const letIn netcode.Code = 0

func newDoor(seats, benches int) *door {
	return &door{seats: seats, benches: benches, subjects: make(map[string]struct{})}
}

// enter takes a seat for a player. One who has a seat always gets in.
func (d *door) enter(subject string) netcode.Code {
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, seated := d.subjects[subject]; seated {
		return letIn
	}
	switch {
	case d.bolted != letIn:
		return d.bolted
	case len(d.subjects) >= d.seats:
		return netcode.CodeMatchFull
	}
	d.subjects[subject] = struct{}{}
	return letIn
}

// leave gives a player's seat back.
func (d *door) leave(subject string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.subjects, subject)
}

// watch takes a spectator's place, unwatch gives it back.
func (d *door) watch() netcode.Code {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.bolted != letIn:
		return d.bolted
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
}

// shutIfEmpty lets nobody in from now on if nobody is here or on his way in,
// and reports whether it did.
func (d *door) shutIfEmpty() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.subjects)+d.spectators > 0 {
		return false
	}
	d.bolted = netcode.CodeNoMatch
	return true
}

// crowd returns the number of seats taken and of spectators, and whether a
// seat is to be had.
func (d *door) crowd() (players, spectators int, free bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.subjects), d.spectators, d.bolted == letIn && len(d.subjects) < d.seats
}
