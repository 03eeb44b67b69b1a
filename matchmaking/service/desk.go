package service

import (
	"fmt"
	"sync"
	"time"

	"arbiter/matchmaking"
)

// desk knows all tickets and parties, and who is in which. It is safe for
// concurrent use.
type desk struct {
	limits Limits

	mu      sync.Mutex
	tickets map[matchmaking.TicketID]*ticket // guarded by mu; those that left too, for a while
	holders map[string]holder                // guarded by mu; by player
	keys    map[keyOf]*ticket                // guarded by mu
	open    map[who]int                      // guarded by mu; tickets that have not left
	left    []*ticket                        // guarded by mu; the oldest first
	credits map[creditOf]credit              // guarded by mu
	parties map[string]*party                // guarded by mu; by id
	codes   map[string]*party                // guarded by mu; by invite code
}

// holder is what a player is in: a ticket, a party, or a party's ticket.
type holder struct {
	ticket *ticket
	party  *party
}

type keyOf struct {
	owner who
	key   string
}

type creditOf struct{ queue, player string }

// credit is the age that a player of a dissolved match keeps.
type credit struct {
	age  time.Duration
	till time.Time
}

func newDesk(l Limits) *desk {
	return &desk{
		limits: l, tickets: map[matchmaking.TicketID]*ticket{}, holders: map[string]holder{}, keys: map[keyOf]*ticket{},
		open: map[who]int{}, credits: map[creditOf]credit{}, parties: map[string]*party{}, codes: map[string]*party{},
	}
}

// reserve takes the players of a ticket before its queue is asked. A ticket
// with a key that was used is that of the first request.
func (d *desk) reserve(t *ticket) (first *ticket, p *problem) {
	d.mu.Lock()
	defer d.mu.Unlock()
	k := keyOf{t.owner, t.key}
	if t.key != "" {
		if first := d.keys[k]; first != nil {
			if first.print != t.print {
				return nil, newProblem("idempotency_key_reused", fmt.Sprintf("the key %q belongs to another request, of ticket %s: use a new one", t.key, first.id()))
			}
			return first, nil
		}
	}
	for i, m := range t.spec.Members {
		if h := d.holders[m.Player]; h.ticket != nil || h.party != nil && h.party != t.party {
			return nil, taken(fmt.Sprintf("members[%d].player", i), m.Player, h, t.owner)
		}
	}
	if t.owner.service && d.open[t.owner] >= d.limits.TicketsEach {
		p := newProblem("too_many_tickets", fmt.Sprintf("%d tickets of %q wait, and one service may have so many: wait until some have left", d.open[t.owner], t.owner.player))
		p.RetryAfter = 5
		return nil, p
	}
	for _, m := range t.spec.Members {
		d.holders[m.Player] = holder{t, t.party}
	}
	d.tickets[t.id()] = t
	d.open[t.owner]++
	if t.key != "" {
		d.keys[k] = t
	}
	return t, nil
}

// taken says where a player is. The id is for himself and for services.
func taken(where, player string, h holder, asking who) *problem {
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
	p := wrong("player_already_queued", where, detail, "leave that one first")
	if own && h.ticket != nil {
		p.Ticket = id
	}
	return p
}

// withdraw takes back a reservation that the queue refused.
func (d *desk) withdraw(t *ticket) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.freeLocked(t)
	d.dropLocked(t)
}

// leave frees the players of a ticket that left; it can still be asked for.
func (d *desk) leave(t *ticket) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.freeLocked(t)
	d.left = append(d.left, t)
	for len(d.left) > d.limits.KeptTickets {
		d.dropLocked(d.left[0])
		d.left = d.left[1:]
	}
}

func (d *desk) freeLocked(t *ticket) {
	for _, m := range t.spec.Members {
		switch h := d.holders[m.Player]; {
		case h.ticket != t:
		case h.party != nil:
			d.holders[m.Player] = holder{party: h.party}
		default:
			delete(d.holders, m.Player)
		}
	}
	if d.open[t.owner]--; d.open[t.owner] <= 0 {
		delete(d.open, t.owner)
	}
	if t.party != nil {
		t.party.backLocked(t)
	}
}

// dropLocked forgets a ticket.
func (d *desk) dropLocked(t *ticket) {
	delete(d.tickets, t.id())
	if k := (keyOf{t.owner, t.key}); t.key != "" && d.keys[k] == t {
		delete(d.keys, k)
	}
}

func (d *desk) ticket(id matchmaking.TicketID) *ticket {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tickets[id]
}

// lend gives the players of a dissolved match their age.
func (d *desk) lend(queue, player string, age time.Duration, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.credits[creditOf{queue, player}] = credit{age, now.Add(d.limits.Credit)}
}

// age is how long a new ticket has waited already: what the member who waited
// least brings.
func (d *desk) age(queue string, members []matchmaking.Member, now time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	age := time.Duration(-1)
	for _, m := range members {
		c := d.credits[creditOf{queue, m.Player}]
		if now.After(c.till) {
			return 0
		}
		if age < 0 || c.age < age {
			age = c.age
		}
	}
	return max(0, age)
}

// spend ends the credits of players who queued.
func (d *desk) spend(queue string, members []matchmaking.Member) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, m := range members {
		delete(d.credits, creditOf{queue, m.Player})
	}
}

// sweep forgets tickets that left long ago, credits and idle parties.
func (d *desk) sweep(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for len(d.left) > 0 {
		t := d.left[0]
		t.mu.Lock()
		old := now.Sub(t.ended) >= d.limits.Kept
		t.mu.Unlock()
		if !old {
			break
		}
		d.dropLocked(t)
		d.left = d.left[1:]
	}
	for k, c := range d.credits {
		if now.After(c.till) {
			delete(d.credits, k)
		}
	}
	for _, p := range d.parties {
		if p.ticket == nil && now.Sub(p.asked) >= d.limits.PartyIdle {
			d.disbandLocked(p)
		}
	}
}
