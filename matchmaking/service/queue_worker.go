package service

import (
	"sync"
	"sync/atomic"
	"time"

	"arbiter/matchmaking"
)

// queueWorker is the worker of one queue: the goroutine run, which owns the
// matchmaking.Queue. call, callWhenFree, callExplain, enqueue and stop may be
// called by any goroutine, all other methods only by run.
type queueWorker struct {
	// Static.
	service  *Service
	rules    matchmaking.Rules
	defaults matchmaking.Attributes
	commands chan command
	explains chan command

	gate   sync.RWMutex
	closed bool // guarded by gate; no more commands

	// Safe for concurrent use.
	stats   atomic.Pointer[queueStats]
	watched watchedTickets

	// Owned by run.
	queue       *matchmaking.Queue
	proposals   map[uint64]*openProposal
	matches     map[string]*runningMatch // by id; begun by this queue
	pinned      map[matchmaking.TicketID]*ticket
	pausedUntil time.Duration // no pass before then: the host has no room
	formed      uint64        // matches
	refused     uint64        // by the host
	outcomes    map[outcome]uint64
}

// command is a function for run to call; done is closed afterwards.
type command struct {
	do   func(now time.Duration)
	done chan struct{}
}

// openProposal is a proposal whose players have not all answered.
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

// call has run call do and waits until it has. If maxCommands wait already it
// returns busy at once.
func (q *queueWorker) call(do func(now time.Duration)) error {
	return q.callOn(q.commands, do)
}

// callExplain is call for an explanation, which takes about as long as a pass.
func (q *queueWorker) callExplain(do func(now time.Duration)) error {
	return q.callOn(q.explains, do)
}

func (q *queueWorker) callOn(to chan command, do func(now time.Duration)) error {
	c := command{do, make(chan struct{})}
	if err := q.enqueue(to, c); err != nil {
		return err
	}
	<-c.done // run executes every command, also while it ends
	return nil
}

// callWhenFree is call that waits while the commands are full. It does nothing
// when the queue is closed.
func (q *queueWorker) callWhenFree(do func(now time.Duration)) {
	c := command{do, make(chan struct{})}
	q.gate.RLock()
	if q.closed {
		q.gate.RUnlock()
		return
	}
	q.commands <- c // run receives it: it ends only after stop, which waits for the gate
	q.gate.RUnlock()
	<-c.done
}

func (q *queueWorker) enqueue(to chan command, c command) error {
	q.gate.RLock()
	defer q.gate.RUnlock()
	if q.closed {
		return draining()
	}
	select {
	case to <- c:
		return nil
	default:
		return problemBusy.Later(time.Second, "queue %s is overloaded: try again in a second", q.rules.Name)
	}
}

// stop makes run end.
func (q *queueWorker) stop() {
	q.gate.Lock()
	defer q.gate.Unlock()
	q.closed = true
	close(q.commands)
	close(q.explains)
}

// run is the worker's loop: it executes commands as they come, and makes a pass at
// every interval.
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
			// An explanation takes as long as a pass, so the next one waits as
			// long again.
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

// drain executes the explanations that still wait, and cancels all tickets.
func (q *queueWorker) drain() {
	for c := range q.explains {
		q.execute(c)
	}
	now := q.service.clock()
	q.queue.Close(now)
	q.publishEvents(now)
}

// pass makes the matches that are possible now.
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

// storeAdapter is the [matchmaking.Store] of a queue over the service's [Store].
type storeAdapter struct{ worker *queueWorker }

// Save implements [matchmaking.Store].
func (a storeAdapter) Save(spec matchmaking.Ticket) {
	if t := a.worker.service.registry.ticket(spec.ID); t != nil {
		a.worker.service.config.Store.Save(t.saved())
	}
}

// Forget implements [matchmaking.Store].
func (a storeAdapter) Forget(id matchmaking.TicketID) { a.worker.service.config.Store.Forget(id) }
