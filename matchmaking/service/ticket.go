package service

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// ticket is a ticket of a queue, or one that left it a while ago.
type ticket struct {
	// Static.
	spec        matchmaking.Ticket // Created is the beginning of the wait
	worker      *queueWorker
	names       map[string]string // by player
	owner       who
	party       *party // nil: none
	key         string // Idempotency-Key; "": none
	fingerprint [32]byte
	ready       chan struct{} // closed when the queue has added or refused it
	since       time.Time     // when the wait began

	// Written before ready is closed.
	refusal error // nil: the queue has added it

	// lastRead is when somebody last looked, in the service's time.
	lastRead atomic.Int64

	mu      sync.Mutex
	updates updateLog // guarded by mu
	ended   time.Time // guarded by mu
	guards  int       // guarded by mu: streams whose end cancels it

	// Owned by the queue worker.
	requeueCause   matchmaking.Cause // why it goes back, while it is added again
	cancelCause    matchmaking.Cause // why it is cancelled, if not by its owner
	estimatedUntil time.Duration     // of the estimate told last; 0: none
}

func (t *ticket) id() matchmaking.TicketID { return t.spec.ID }

// publish adds an update and wakes who waits for it.
func (t *ticket) publish(m ticketUpdate) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.updates.add(m)
	if final(m.state) {
		t.ended = time.Now()
	}
}

// current returns the last update and a channel that is closed with the next.
func (t *ticket) current() (ticketUpdate, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.updates.last(), t.updates.wait()
}

// updatesAfter returns the updates after a version, and a channel that is closed
// with the next.
func (t *ticket) updatesAfter(version int) ([]ticketUpdate, <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.updates.after(version), t.updates.wait()
}

// holds reports whether a player is in the ticket.
func (t *ticket) holds(player string) bool {
	for _, m := range t.spec.Members {
		if m.Player == player {
			return true
		}
	}
	return false
}

// maySee reports whether an identity may read the ticket.
func (t *ticket) maySee(i Identity) bool {
	return i.Service || t.owner == i.who() || t.holds(i.Player)
}

// saved is the ticket for the store.
func (t *ticket) saved() Saved {
	return Saved{Queue: t.worker.rules.Name, Ticket: t.spec, Names: t.names, Owner: t.owner.player, Service: t.owner.service, Since: t.since}
}

// ticketUpdate is the state of a ticket after one change. It is immutable.
type ticketUpdate struct {
	version int    // from 1
	event   string // queued, estimate, proposed, accepted, matched, cancelled or expired
	state   matchmaking.State
	cause   matchmaking.Cause
	player  string // the one who accepted, declined or did not answer
	// expectedAt is when the match is expected; zero: unknown.
	expectedAt time.Time
	proposal   *proposal
	match      *startedMatch
}

// proposal is the state of the accept check that a ticket is in.
type proposal struct {
	accepted []string
	players  int
	until    time.Time
}

// startedMatch is a match that was begun or joined.
type startedMatch struct {
	id, game, region     string
	teams                []matchmaking.RosterTeam
	spread, gap, latency float64
	seats                []httpapi.SeatGrant // of the ticket's members
}

// Causes that are the service's own; others are those of package matchmaking.
const (
	byRefusal    matchmaking.Cause = "host_refused" // the host can't begin such a match
	byNoRoom     matchmaking.Cause = "no_room"      // the host has no room now; the age is kept
	byGone       matchmaking.Cause = "match_gone"   // the match it was pinned to has ended
	byDisconnect matchmaking.Cause = "disconnected" // its stream ended, as asked
	byRestart    matchmaking.Cause = "restored"     // from the store
	byEstimate   matchmaking.Cause = "estimate"
)

func final(s matchmaking.State) bool {
	return s != matchmaking.Queued && s != matchmaking.Proposed
}

// updateLog is the last updates of a ticket, for long polls and streams. The zero
// value has none yet.
type updateLog struct {
	updates []ticketUpdate // the last maxMoments
	changed chan struct{}
}

func (l *updateLog) last() ticketUpdate { return l.updates[len(l.updates)-1] }

// add numbers an update, appends it and wakes who waits.
func (l *updateLog) add(m ticketUpdate) {
	m.version = 1
	if len(l.updates) > 0 {
		m.version = l.last().version + 1
	}
	if len(l.updates) == maxUpdates {
		l.updates = slices.Delete(l.updates, 0, 1)
	}
	l.updates = append(l.updates, m)
	if l.changed != nil {
		close(l.changed)
		l.changed = nil
	}
}

// wait returns a channel that is closed with the next update.
func (l *updateLog) wait() <-chan struct{} {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}

// after returns the updates after a version. If some of them are not kept any
// more it returns only the last one, which describes the whole ticket.
func (l *updateLog) after(version int) []ticketUpdate {
	if len(l.updates) == 0 || l.last().version <= version {
		return nil
	}
	if l.updates[0].version > version+1 {
		return []ticketUpdate{l.last()}
	}
	i := version + 1 - l.updates[0].version
	return slices.Clone(l.updates[i:])
}
