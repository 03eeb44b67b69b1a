package match

import (
	"sync"
	"sync/atomic"
	"time"

	"arbiter/netcode"
)

// roster decides who may enter a match. A slot is there as long as it is reserved,
// a session that was admitted to it is on its way to the match loop, or the loop has
// a seat for it. Each session that admit or admitSpectator let in is settled once,
// by settle, whatever became of it. Safe for concurrent use.
type roster struct {
	// Static.
	id                    string // of the match
	seats, spectatorSlots int    // slots for players and for spectators
	private, reservedOnly bool   // as Order says
	code                  string // enters a private match; empty: none
	playersWatch          bool   // a player of the match may watch it besides
	inviteWatchers        bool   // it is watched by services and with a token for it only

	// Safe for concurrent use.
	changed atomic.Bool // slots were taken or given back since the loop looked

	mu          sync.Mutex
	closed      netcode.Code     // guarded by mu: why nobody new is let in; admitted: the roster is open
	slots       map[string]*slot // guarded by mu: by subject
	seated      int              // guarded by mu: slots whose player has come
	spectators  int              // guarded by mu
	used        usedTokens       // guarded by mu
	openMatches *openMatches     // guarded by mu: where the match is listed while it is open; nil: nowhere yet
	openEntry   openEntry        // guarded by openMatches.mu
}

// slot is one player's, from their reservation to the end of their seat.
type slot struct {
	Reservation
	seated   bool          // they have come: the loop has a seat for them, or they are entering
	entering int           // their sessions that were admitted and not settled
	hasSeat  bool          // the loop has a seat for them
	ordered  bool          // of those the match was ordered for
	token    string        // id of the join token that may claim it; empty: none
	claimed  string        // id of the join token that claimed it last, which comes back to the seat; empty: none
	expires  time.Duration // since the match began: when token, and the slot if nobody came, expire
}

// pass is what the roster let a session in as.
type pass uint8

// The passes.
const (
	passNone      pass = iota // nothing was taken for it: it resumes, or was not let in
	passPlayer                // to its player's slot
	passSpectator             // to a spectator slot
)

// admitted is code 0: a player or spectator is let in. Other codes say why not.
const admitted netcode.Code = 0

func newRoster(seats, spectatorSlots int) *roster {
	return &roster{seats: seats, spectatorSlots: spectatorSlots, slots: make(map[string]*slot), used: usedTokens{most: 2 * seats}}
}

// admit lets a player's session in, who takes a slot unless they have one. Who has
// a seat always gets in, unless they show a join token, which must be the one made
// for their slot, or the one that they took their seat with.
func (r *roster) admit(c *Claims, now time.Duration) netcode.Code {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.slots[c.Subject]
	if !c.JoinBy.IsZero() {
		switch why, used := r.used.why(c.ID); {
		case s != nil && s.token == c.ID && now <= s.expires:
		case s != nil && s.seated && s.claimed == c.ID: // they come back
		case used:
			return why
		default:
			return netcode.CodeJoinLapsed
		}
	}
	switch {
	case s != nil && s.seated:
		if !c.JoinBy.IsZero() && s.token == c.ID {
			r.claim(s, c.ID)
		}
	case r.closed != admitted:
		return r.closed
	case s != nil:
		s.seated = true
		r.seated++
		if s.token == c.ID {
			r.claim(s, c.ID)
		} else {
			r.consumeToken(s)
		}
	default:
		if refusal := r.refuses(&Access{Match: c.Match}); refusal != nil {
			return refusal.Code
		}
		if len(r.slots) >= r.seats {
			return netcode.CodeMatchFull
		}
		s = &slot{Reservation: Reservation{Subject: c.Subject, Team: c.Team}, seated: true}
		r.slots[c.Subject] = s
		r.seated++
		r.changedLocked()
	}
	s.entering++
	return admitted
}

// claim makes the slot's join token the one that comes back to it.
func (r *roster) claim(s *slot, id string) {
	if s.claimed != "" {
		r.used.add(s.claimed, netcode.CodeTokenUsed)
	}
	s.claimed, s.token = id, ""
}

// consumeToken voids the slot's join token: its player took the reserved seat with
// another one.
func (r *roster) consumeToken(s *slot) {
	if s.token != "" {
		r.used.add(s.token, netcode.CodeTokenUsed)
		s.token = ""
	}
}

// settle ends the way in of a session with that pass. A session that stays has a
// seat in the match, or watches it; what another took is given back, unless
// somebody else holds it.
func (r *roster) settle(p pass, subject string, stays bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch p {
	case passPlayer:
		s := r.slots[subject]
		s.entering--
		s.hasSeat = s.hasSeat || stays
		r.releaseLocked(s, netcode.CodeTokenUsed)
	case passSpectator:
		if !stays {
			r.spectators--
		}
	}
}

// remove gives back the slot of a player whose seat was given up. why is what the
// join token that it was claimed with is refused with from now on.
func (r *roster) remove(subject string, why netcode.Code) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.slots[subject]; s != nil {
		s.hasSeat = false
		r.releaseLocked(s, why)
	}
}

// releaseLocked gives a claimed slot back unless there is a seat for it, or will be.
func (r *roster) releaseLocked(s *slot, why netcode.Code) {
	if s.hasSeat || s.entering > 0 {
		return
	}
	if s.claimed != "" {
		r.used.add(s.claimed, why)
	}
	r.consumeToken(s)
	r.removeLocked(s)
}

func (r *roster) removeLocked(s *slot) {
	if s.seated {
		r.seated--
	}
	delete(r.slots, s.Subject)
	r.changedLocked()
}

// reservationOf returns what is known of a player who was let in.
func (r *roster) reservationOf(subject string) (Reservation, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.slots[subject]; s != nil && s.seated {
		return s.Reservation, true
	}
	return Reservation{}, false
}

// admitSpectator takes a spectator slot for somebody who may watch: not a player of
// the match, who would see what it hides from them. settle or removeSpectator gives it back.
func (r *roster) admitSpectator(c *Claims) netcode.Code {
	r.mu.Lock()
	defer r.mu.Unlock()
	mine := r.slots[c.Subject]
	invited := c.Service || c.Match == r.id || mine != nil
	switch {
	case r.closed != admitted:
		return r.closed
	case r.private && !invited:
		return netcode.CodeNoMatch
	case r.inviteWatchers && !c.Service && c.Match != r.id:
		return netcode.CodeNotAllowed
	case r.reservedOnly && !invited, mine != nil && mine.seated && !r.playersWatch:
		return netcode.CodeNotAllowed
	case r.spectators >= r.spectatorSlots:
		return netcode.CodeMatchFull
	}
	r.spectators++
	return admitted
}

func (r *roster) removeSpectator() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.spectators--
}

// close lets nobody new in from now on, and has them told why.
func (r *roster) close(why netcode.Code) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = why
	r.changedLocked()
}

// closedBy is the code that the roster was closed with.
func (r *roster) closedBy() netcode.Code {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.closed
}

// closeIfEmpty lets nobody in from now on if nobody is here, on the way in or
// expected, and reports whether it did.
func (r *roster) closeIfEmpty() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.slots)+r.spectators > 0 {
		return false
	}
	r.closed = netcode.CodeNoMatch
	r.changedLocked()
	return true
}

// advertise lists the match among the open ones from now on, while it has free slots.
func (r *roster) advertise(m *Match, open *openMatches) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.openEntry.match, r.openMatches = m, open
	r.changedLocked()
}

// changedLocked notes a change of how full the match is, for the event log and for
// the list of open matches.
func (r *roster) changedLocked() {
	r.changed.Store(true)
	if r.openMatches != nil {
		r.openMatches.update(&r.openEntry, len(r.slots), r.occupancyLocked().open)
	}
}

// occupancy is how full a match is.
type occupancy struct {
	players    int // who have come
	reserved   int // who have not
	spectators int
	free       int  // seats
	open       bool // whoever asks may have one of them
	closed     bool // nobody new gets in
}

func (r *roster) occupancy() occupancy {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.occupancyLocked()
}

func (r *roster) occupancyLocked() occupancy {
	o := occupancy{players: r.seated, reserved: len(r.slots) - r.seated, spectators: r.spectators,
		free: max(r.seats-len(r.slots), 0), closed: r.closed != admitted}
	o.open = !o.closed && o.free > 0 && !r.reservedOnly && !r.private
	return o
}
