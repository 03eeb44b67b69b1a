package service

import (
	"fmt"
	"sync"
	"time"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// registry is the ticket registry: it holds all tickets and parties, which player
// is in which, idempotency keys and age credits. It is safe for concurrent use.
type registry struct {
	// Static.
	limits Limits

	mu      sync.Mutex
	tickets map[matchmaking.TicketID]*ticket // guarded by mu; including left
	holders map[string]holder                // guarded by mu; by player
	keys    map[idempotencyKey]*ticket       // guarded by mu
	open    map[who]int                      // guarded by mu; tickets that have not left
	left    []*ticket                        // guarded by mu; the oldest first
	credits map[creditKey]ageCredit          // guarded by mu
	parties map[string]*party                // guarded by mu; by id
	codes   map[string]*party                // guarded by mu; by invite code
}

// holder is what a player is in: a ticket, a party, or a party's ticket.
type holder struct {
	ticket *ticket
	party  *party
}

type idempotencyKey struct {
	owner who
	key   string
}

type creditKey struct{ queue, player string }

// ageCredit is the age that a player of a dissolved match keeps for the next
// ticket.
type ageCredit struct {
	age     time.Duration
	expires time.Time
}

func newRegistry(l Limits) *registry {
	return &registry{
		limits: l, tickets: map[matchmaking.TicketID]*ticket{}, holders: map[string]holder{}, keys: map[idempotencyKey]*ticket{},
		open: map[who]int{}, credits: map[creditKey]ageCredit{}, parties: map[string]*party{}, codes: map[string]*party{},
	}
}

// reserve registers a ticket and its players, before the queue is asked to add
// it. For an idempotency key that was used before it returns the ticket of the
// first request.
func (r *registry) reserve(t *ticket) (first *ticket, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := idempotencyKey{t.owner, t.key}
	if t.key != "" {
		if first := r.keys[k]; first != nil {
			if first.fingerprint != t.fingerprint {
				return nil, httpapi.ReusedIdempotencyKey.New("the key %q belongs to another request, of ticket %s: use a new one", t.key, first.id())
			}
			return first, nil
		}
	}
	for i, m := range t.spec.Members {
		if h := r.holders[m.Player]; h.ticket != nil || h.party != nil && h.party != t.party {
			return nil, alreadyQueued(fmt.Sprintf("members[%d].player", i), m.Player, h, t.owner)
		}
	}
	if t.owner.service && r.open[t.owner] >= r.limits.TicketsEach {
		return nil, problemTooManyTickets.Later(5*time.Second, "service %[2]q has %[1]d open tickets, which is the limit: wait until some have left", r.open[t.owner], t.owner.player)
	}
	for _, m := range t.spec.Members {
		r.holders[m.Player] = holder{t, t.party}
	}
	r.tickets[t.id()] = t
	r.open[t.owner]++
	if t.key != "" {
		r.keys[k] = t
	}
	return t, nil
}

// alreadyQueued is the problem of a player who is in another ticket or party. Its
// id is shown only to that player and to services.
func alreadyQueued(where, player string, h holder, asking who) error {
	own := asking.service || asking.player == player
	what, id := "party", ""
	if h.ticket != nil {
		what, id = "ticket", string(h.ticket.id())
	} else if h.party != nil {
		id = h.party.id
	}
	detail := fmt.Sprintf("player %q is in another %s", player, what)
	if own {
		detail += " (" + id + ")"
	}
	p := problemPlayerAlreadyQueued.At(where, detail, "leave that one first")
	if own && h.ticket != nil {
		p.Extensions = map[string]string{"ticket": id}
	}
	return p
}

// cancelReservation undoes reserve for a ticket that the queue refused.
func (r *registry) cancelReservation(t *ticket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.freePlayersLocked(t)
	r.forgetLocked(t)
}

// archive frees the players of a ticket that left; it can still be read.
func (r *registry) archive(t *ticket) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.freePlayersLocked(t)
	r.left = append(r.left, t)
	for len(r.left) > r.limits.KeptTickets {
		r.forgetLocked(r.left[0])
		r.left = r.left[1:]
	}
}

func (r *registry) freePlayersLocked(t *ticket) {
	for _, m := range t.spec.Members {
		switch h := r.holders[m.Player]; {
		case h.ticket != t:
		case h.party != nil:
			r.holders[m.Player] = holder{party: h.party}
		default:
			delete(r.holders, m.Player)
		}
	}
	if r.open[t.owner]--; r.open[t.owner] <= 0 {
		delete(r.open, t.owner)
	}
	if t.party != nil {
		t.party.reopenLocked(t)
	}
}

// forgetLocked removes a ticket; it can't be read any more.
func (r *registry) forgetLocked(t *ticket) {
	delete(r.tickets, t.id())
	if k := (idempotencyKey{t.owner, t.key}); t.key != "" && r.keys[k] == t {
		delete(r.keys, k)
	}
}

func (r *registry) ticket(id matchmaking.TicketID) *ticket {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.tickets[id]
}

// grantCredit gives a player of a dissolved match an age credit.
func (r *registry) grantCredit(queue, player string, age time.Duration, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.credits[creditKey{queue, player}] = ageCredit{age, now.Add(r.limits.Credit)}
}

// creditFor is the age credit of a new ticket: the smallest of its members'.
func (r *registry) creditFor(queue string, members []matchmaking.Member, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	age := time.Duration(-1)
	for _, m := range members {
		c := r.credits[creditKey{queue, m.Player}]
		if now.After(c.expires) {
			return 0
		}
		if age < 0 || c.age < age {
			age = c.age
		}
	}
	return max(0, age)
}

// consumeCredit removes the age credits of players who queued.
func (r *registry) consumeCredit(queue string, members []matchmaking.Member) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range members {
		delete(r.credits, creditKey{queue, m.Player})
	}
}

// sweep removes tickets that left long ago, expired age credits and idle parties.
func (r *registry) sweep(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.left) > 0 {
		t := r.left[0]
		t.mu.Lock()
		old := now.Sub(t.ended) >= r.limits.Kept
		t.mu.Unlock()
		if !old {
			break
		}
		r.forgetLocked(t)
		r.left = r.left[1:]
	}
	for k, c := range r.credits {
		if now.After(c.expires) {
			delete(r.credits, k)
		}
	}
	for _, p := range r.parties {
		if p.ticket == nil && now.Sub(p.lastRead) >= r.limits.PartyIdle {
			r.disbandLocked(p)
		}
	}
}
