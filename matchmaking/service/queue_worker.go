package service

import (
	"sync"
	"sync/atomic"
	"time"

	"arbiter/matchmaking"
)

// queueWorker is one queue and the goroutine that owns it. Its methods ask,
// insist, explain and shut may be called by anybody, all others by that goroutine.
type queueWorker struct {
	// Static.
	service  *Service
	rules    matchmaking.Rules
	defaults matchmaking.Attributes
	commands chan command
	explains chan command

	gate   sync.RWMutex
	closed bool // guarded by gate: no more commands

	stats   atomic.Pointer[queueStats]
	watched watchedTickets

	// Owned by run.
	queue       *matchmaking.Queue
	proposals   map[uint64]*openProposal
	matches     map[string]*runningMatch // begun by this queue
	pinned      map[matchmaking.TicketID]*ticket
	pausedUntil time.Duration // no pass before then: the host has no room
	formed      uint64        // matches
	refused     uint64        // by the host
	outcomes    map[outcome]uint64
}

// command is something to do with the queue. done is closed when it is.
type command struct {
	do   func(now time.Duration)
	done chan struct{}
}

// openProposal is a proposal as its tickets are told of it.
type openProposal struct {
	proposal
	tickets []matchmaking.TicketID
}

// outcome is how tickets left.
type outcome struct {
	state matchmaking.State
	cause matchmaking.Cause
}

func newQueueWorker(s *Service, r matchmaking.Rules) (*queueWorker, error) {
	q := &queueWorker{
		service: s, rules: r, defaults: matchmaking.Attributes{},
		commands: make(chan command, maxCommands), explains: make(chan command, maxExplains),
		proposals: map[uint64]*openProposal{}, matches: map[string]*runningMatch{}, pinned: map[matchmaking.TicketID]*ticket{}, outcomes: map[outcome]uint64{},
	}
	for _, a := range r.Attributes {
		if a.Default.Kind() != matchmaking.NoKind {
			q.defaults[a.Name] = a.Default
		}
	}
	var err error
	q.queue, err = matchmaking.NewQueue(r, matchmaking.QueueConfig{MaxTickets: s.config.Limits.Tickets, Store: storeAdapter{q}})
	q.stats.Store(&queueStats{})
	return q, err
}

// call has the queue do something and waits for it. A full queue of commands is
// answered with busy at once.
func (q *queueWorker) call(do func(now time.Duration)) *problem {
	return q.callOn(q.commands, do)
}

// callExplain is ask for what takes about as long as a pass.
func (q *queueWorker) callExplain(do func(now time.Duration)) *problem {
	return q.callOn(q.explains, do)
}

func (q *queueWorker) callOn(to chan command, do func(now time.Duration)) *problem {
	c := command{do, make(chan struct{})}
	if p := q.enqueue(to, c); p != nil {
		return p
	}
	<-c.done // run does what it was sent, also while it ends
	return nil
}

// callWhenFree is ask that waits for its turn, and does nothing when the queue is
// closed.
func (q *queueWorker) callWhenFree(do func(now time.Duration)) {
	c := command{do, make(chan struct{})}
	q.gate.RLock()
	if q.closed {
		q.gate.RUnlock()
		return
	}
	q.commands <- c // run takes it, for it ends after shut only, which waits for the gate
	q.gate.RUnlock()
	<-c.done
}

func (q *queueWorker) enqueue(to chan command, c command) *problem {
	q.gate.RLock()
	defer q.gate.RUnlock()
	if q.closed {
		return draining()
	}
	select {
	case to <- c:
		return nil
	default:
		return busy("more wait for queue " + q.rules.Name + " than it can serve: ask again in a second")
	}
}

// stop ends run.
func (q *queueWorker) stop() {
	q.gate.Lock()
	defer q.gate.Unlock()
	q.closed = true
	close(q.commands)
	close(q.explains)
}

// run is the queue's loop: commands as they come, a pass at every interval.
func (q *queueWorker) run() {
	tick := time.NewTicker(q.rules.Interval())
	defer tick.Stop()
	rest := time.NewTimer(0) // until the next explanation
	defer rest.Stop()
	var explains chan command
	for {
		select {
		case c, ok := <-q.commands:
			if !ok {
				q.drain()
				return
			}
			q.execute(c)
		case <-tick.C:
			q.pass(q.service.clock())
		case <-rest.C:
			explains = q.explains
		case c, ok := <-explains:
			// An explanation takes as long as a pass: as much time again belongs
			// to others.
			explains = nil
			if ok {
				before := q.service.clock()
				q.execute(c)
				rest.Reset(q.service.clock() - before)
			}
		}
	}
}

func (q *queueWorker) execute(c command) {
	now := q.service.clock()
	c.do(now)
	q.publishEvents(now)
	close(c.done)
}

// drain cancels everybody and answers what was still asked.
func (q *queueWorker) drain() {
	for c := range q.explains {
		q.execute(c)
	}
	now := q.service.clock()
	q.queue.Close(now)
	q.publishEvents(now)
}

// pass makes what matches can be made.
func (q *queueWorker) pass(now time.Duration) {
	if now < q.pausedUntil {
		q.queue.Expire(now)
	} else {
		q.queue.Advance(now, q.openMatches(now))
	}
	q.publishEvents(now)
	q.publishEstimates(now)
	q.publishStats(now)
}

// storeAdapter saves the queue's tickets in the service's store.
type storeAdapter struct{ worker *queueWorker }

// Save implements [matchmaking.Store].
func (a storeAdapter) Save(spec matchmaking.Ticket) {
	if t := a.worker.service.registry.ticket(spec.ID); t != nil {
		a.worker.service.config.Store.Save(t.saved())
	}
}

// Forget implements [matchmaking.Store].
func (a storeAdapter) Forget(id matchmaking.TicketID) { a.worker.service.config.Store.Forget(id) }
