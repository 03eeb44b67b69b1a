package service

import (
	"sync"
	"sync/atomic"
	"time"

	"arbiter/matchmaking"
)

// line is one queue and the goroutine that owns it. Its methods ask,
// insist, explain and shut may be called by anybody, all others by that goroutine.
type line struct {
	// Static.
	service  *Service
	rules    matchmaking.Rules
	defaults matchmaking.Attributes
	commands chan command
	explains chan command

	gate   sync.RWMutex
	closed bool // guarded by gate: no more commands

	stats   atomic.Pointer[queueStats]
	watched watched

	// Owned by run.
	queue     *matchmaking.Queue
	proposals map[uint64]*asking
	matches   map[string]*running // begun by this queue
	pinned    map[matchmaking.TicketID]*ticket
	calm      time.Duration // no pass before then: the host has no room
	formed    uint64        // matches
	refused   uint64        // by the host
	outcomes  map[outcome]uint64
}

// command is something to do with the queue. done is closed when it is.
type command struct {
	do   func(now time.Duration)
	done chan struct{}
}

// asking is a proposal as its tickets are told of it.
type asking struct {
	proposal
	tickets []matchmaking.TicketID
}

// outcome is how tickets left.
type outcome struct {
	state matchmaking.State
	cause matchmaking.Cause
}

func newLine(s *Service, r matchmaking.Rules) (*line, error) {
	l := &line{
		service: s, rules: r, defaults: matchmaking.Attributes{},
		commands: make(chan command, maxCommands), explains: make(chan command, maxExplains),
		proposals: map[uint64]*asking{}, matches: map[string]*running{}, pinned: map[matchmaking.TicketID]*ticket{}, outcomes: map[outcome]uint64{},
	}
	for _, a := range r.Attributes {
		if a.Default.Kind() != matchmaking.NoKind {
			l.defaults[a.Name] = a.Default
		}
	}
	var err error
	l.queue, err = matchmaking.NewQueue(r, matchmaking.QueueConfig{MaxTickets: s.config.Limits.Tickets, Store: keeper{l}})
	l.stats.Store(&queueStats{})
	return l, err
}

// ask has the queue do something and waits for it. A full queue of commands is
// answered with busy at once.
func (l *line) ask(do func(now time.Duration)) *problem {
	return l.wait(l.commands, do)
}

// explain is ask for what takes about as long as a pass.
func (l *line) explain(do func(now time.Duration)) *problem {
	return l.wait(l.explains, do)
}

func (l *line) wait(to chan command, do func(now time.Duration)) *problem {
	c := command{do, make(chan struct{})}
	if p := l.send(to, c); p != nil {
		return p
	}
	<-c.done // run does what it was sent, also while it ends
	return nil
}

// insist is ask that waits for its turn, and does nothing when the queue is
// closed.
func (l *line) insist(do func(now time.Duration)) {
	c := command{do, make(chan struct{})}
	l.gate.RLock()
	if l.closed {
		l.gate.RUnlock()
		return
	}
	l.commands <- c // run takes it, for it ends after shut only, which waits for the gate
	l.gate.RUnlock()
	<-c.done
}

func (l *line) send(to chan command, c command) *problem {
	l.gate.RLock()
	defer l.gate.RUnlock()
	if l.closed {
		return draining()
	}
	select {
	case to <- c:
		return nil
	default:
		return busy("more wait for queue " + l.rules.Name + " than it can serve: ask again in a second")
	}
}

// shut ends run.
func (l *line) shut() {
	l.gate.Lock()
	defer l.gate.Unlock()
	l.closed = true
	close(l.commands)
	close(l.explains)
}

// run is the queue's loop: commands as they come, a pass at every interval.
func (l *line) run() {
	tick := time.NewTicker(l.rules.Interval())
	defer tick.Stop()
	rest := time.NewTimer(0) // until the next explanation
	defer rest.Stop()
	var explains chan command
	for {
		select {
		case c, ok := <-l.commands:
			if !ok {
				l.end()
				return
			}
			l.serve(c)
		case <-tick.C:
			l.pass(l.service.clock())
		case <-rest.C:
			explains = l.explains
		case c, ok := <-explains:
			// An explanation takes as long as a pass: as much time again belongs
			// to others.
			explains = nil
			if ok {
				before := l.service.clock()
				l.serve(c)
				rest.Reset(l.service.clock() - before)
			}
		}
	}
}

func (l *line) serve(c command) {
	now := l.service.clock()
	c.do(now)
	l.settle(now)
	close(c.done)
}

// end cancels everybody and answers what was still asked.
func (l *line) end() {
	for c := range l.explains {
		l.serve(c)
	}
	now := l.service.clock()
	l.queue.Close(now)
	l.settle(now)
}

// pass makes what matches can be made.
func (l *line) pass(now time.Duration) {
	if now < l.calm {
		l.queue.Lapse(now)
	} else {
		l.queue.Advance(now, l.openMatches(now))
	}
	l.settle(now)
	l.estimate(now)
	l.note(now)
}

// keeper saves the queue's tickets in the service's store.
type keeper struct{ l *line }

// Save implements [matchmaking.Store].
func (k keeper) Save(spec matchmaking.Ticket) {
	if t := k.l.service.desk.ticket(spec.ID); t != nil {
		k.l.service.config.Store.Save(t.saved())
	}
}

// Forget implements [matchmaking.Store].
func (k keeper) Forget(id matchmaking.TicketID) { k.l.service.config.Store.Forget(id) }
