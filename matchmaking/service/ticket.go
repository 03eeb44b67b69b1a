package service

import (
	"sync"
	"sync/atomic"
	"time"

	"arbiter/matchmaking"
)

// ticket is one of a queue, or one that left it a while ago.
type ticket struct {
	// Static.
	spec  matchmaking.Ticket // Created is the beginning of the wait
	worker  *queueWorker
	names map[string]string // by player
	owner who
	party *party // nil: none
	key   string // Idempotency-Key; "": none
	fingerprint [32]byte
	ready chan struct{} // closed when the queue has answered
	since time.Time     // the wait began

	// Written before ready is closed.
	refusal *problem

	// lastRead is when somebody last looked, in the service's time.
	lastRead atomic.Int64

	mu       sync.Mutex
	updates updateLog  // guarded by mu
	ended    time.Time // guarded by mu
	guards   int       // guarded by mu: streams whose end cancels it

	// Owned by the line.
	requeueCause   matchmaking.Cause // why it goes back, while it is added again
	cancelCause matchmaking.Cause // why it is cancelled, if not by its owner
	estimatedUntil  time.Duration     // of the estimate told last; 0: none
}

func (t *ticket) id() matchmaking.TicketID { return t.spec.ID }

// publish publishes a moment.
func (t *ticket) publish(m ticketUpdate) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.updates.add(m)
	if final(m.state) {
		t.ended = time.Now()
	}
}

// current returns the present moment and a channel that closes with the next.
func (t *ticket) current() (ticketUpdate, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.updates.last(), t.updates.wait()
}

// updatesAfter returns the moments after a version, and a channel that closes with
// the next.
func (t *ticket) updatesAfter(version int) ([]ticketUpdate, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.updates.after(version), t.updates.wait()
}

// holds says whether a player is in the ticket.
func (t *ticket) holds(player string) bool {
	for _, m := range t.spec.Members {
		if m.Player == player {
			return true
		}
	}
	return false
}

// maySee says whether an identity may ask for the ticket.
func (t *ticket) maySee(i Identity) bool {
	return i.Service || t.owner == i.who() || t.holds(i.Player)
}

// saved is the ticket for the store.
func (t *ticket) saved() Saved {
	return Saved{Queue: t.worker.rules.Name, Ticket: t.spec, Names: t.names, Owner: t.owner.player, Service: t.owner.service, Since: t.since}
}
