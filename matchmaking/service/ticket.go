package service

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"arbiter/matchmaking"
)

// ticket is one of a queue, or one that left it a while ago.
type ticket struct {
	// Static.
	spec        matchmaking.Ticket // Created is the beginning of the wait
	worker      *queueWorker
	names       map[string]string // by player
	owner       who
	party       *party // nil: none
	key         string // Idempotency-Key; "": none
	fingerprint [32]byte
	ready       chan struct{} // closed when the queue has answered
	since       time.Time     // the wait began

	// Written before ready is closed.
	refusal *problem

	// lastRead is when somebody last looked, in the service's time.
	lastRead atomic.Int64

	mu      sync.Mutex
	updates updateLog // guarded by mu
	ended   time.Time // guarded by mu
	guards  int       // guarded by mu: streams whose end cancels it

	// Owned by the line.
	requeueCause   matchmaking.Cause // why it goes back, while it is added again
	cancelCause    matchmaking.Cause // why it is cancelled, if not by its owner
	estimatedUntil time.Duration     // of the estimate told last; 0: none
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

// ticketUpdate is a ticket as it was after one change. It is immutable.
type ticketUpdate struct {
	version int    // from 1
	event   string // queued, estimate, proposed, accepted, matched, cancelled or expired
	state   matchmaking.State
	cause   matchmaking.Cause
	player  string // who accepted, declined or did not answer
	// expectedAt is when the match is expected; zero: unknown.
	expectedAt time.Time
	proposal   *proposal
	match      *startedMatch
}

// proposal is what the players of a roster are asked about.
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
	seats                []Grant // of the ticket's members
}

// Causes that are the service's own; others are those of package matchmaking.
const (
	byRefusal    matchmaking.Cause = "host_refused" // the host can't begin such a match
	byNoRoom     matchmaking.Cause = "no_room"      // the host has no room now; the age is kept
	byGone       matchmaking.Cause = "match_gone"   // the match it was pinned to
	byDisconnect matchmaking.Cause = "disconnected" // its stream ended, as asked
	byRestart    matchmaking.Cause = "restored"     // from the store
	byEstimate   matchmaking.Cause = "estimate"
)

func final(s matchmaking.State) bool {
	return s != matchmaking.Queued && s != matchmaking.Proposed
}

// updateLog is what happened to a ticket, for those who follow. The zero value
// has no moment yet.
type updateLog struct {
	updates []ticketUpdate // the last maxMoments
	changed chan struct{}
}

func (l *updateLog) last() ticketUpdate { return l.updates[len(l.updates)-1] }

// add numbers a moment and wakes who waits.
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

// wait is closed with the next moment.
func (l *updateLog) wait() <-chan struct{} {
	if l.changed == nil {
		l.changed = make(chan struct{})
	}
	return l.changed
}

// after returns the moments after a version. Where they are not all kept, only
// the last one: it says everything that matters.
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
