package matchmaking

import (
	"fmt"
	"slices"
	"time"
)

// Queue is a matcher with the lifecycle of its tickets: it holds the waiting
// ones, runs passes, runs the accept check (proposals), and reports what
// happened in events. It has no clock: every call tells it the time, which must
// not go back.
//
// No ticket is in two rosters, and every ticket added leaves by exactly one
// event Matched, Cancelled or Expired. It is not safe for concurrent use.
type Queue struct {
	// Static.
	config  QueueConfig
	matcher *Matcher

	// Changed by every call.
	tickets   map[TicketID]*queuedTicket
	players   map[string]TicketID
	waiting   []*Entry // the tickets in state Queued, in no order
	proposals map[uint64]*proposal
	last      uint64  // number of the last proposal
	events    []Event // since the last call of Events
	history   waitHistory
}

// QueueConfig configures a queue. Zero values have the defaults stated.
type QueueConfig struct {
	MaxTickets int   // that wait or are proposed at once; default 1,000,000
	Store      Store // default: none
	Matcher    MatcherConfig
}

// queuedTicket is a ticket that waits or is proposed.
type queuedTicket struct {
	entry    *Entry
	state    State
	proposal uint64
	at       int // index in Queue.waiting; −1: not there
}

// NewQueue checks the rules and makes an empty queue.
func NewQueue(r Rules, c QueueConfig) (*Queue, error) {
	m, err := NewMatcher(r, c.Matcher)
	if err != nil {
		return nil, err
	}
	if c.MaxTickets <= 0 {
		c.MaxTickets = 1_000_000
	}
	return &Queue{
		config: c, matcher: m, tickets: map[TicketID]*queuedTicket{}, players: map[string]TicketID{}, proposals: map[uint64]*proposal{},
	}, nil
}

// Matcher returns the queue's matcher, whose Admit makes the entries of open
// matches. Don't call its Pass.
func (q *Queue) Matcher() *Matcher { return q.matcher }

// Add adds a ticket, which waits from now on. The error is a [*Problem].
func (q *Queue) Add(now time.Duration, t Ticket) error {
	if len(q.tickets) >= q.config.MaxTickets {
		return &Problem{Code: QueueFull, Detail: fmt.Sprintf("the queue is full: %d tickets wait", len(q.tickets)), Remedy: "try again later"}
	}
	if t.Created > now {
		return &Problem{Code: CreatedLater, Where: "created", Detail: fmt.Sprintf("%v is later than now, %v", t.Created, now), Remedy: "give the time on the queue's clock"}
	}
	e, err := q.matcher.Admit(t)
	if err != nil {
		return err
	}
	if q.tickets[t.ID] != nil {
		return &Problem{Code: TicketExists, Where: "id", Detail: fmt.Sprintf("ticket %q is already in the queue", t.ID), Remedy: "choose another id, or read that ticket"}
	}
	for i, p := range e.players {
		if other, ok := q.players[p]; ok {
			return &Problem{Code: PlayerQueued, Where: fmt.Sprintf("members[%d].player", i), Detail: fmt.Sprintf("player %q already waits in ticket %q", p, other), Remedy: "cancel that ticket first"}
		}
	}
	for _, p := range e.players {
		q.players[p] = e.id
	}
	h := &queuedTicket{entry: e, at: -1}
	q.tickets[e.id] = h
	q.addWaiting(h)
	if q.config.Store != nil {
		q.config.Store.Save(t)
	}
	q.emit(Event{At: now, Ticket: e.id, State: Queued, Cause: ByAdd})
	return nil
}

// Cancel removes a ticket. If it was proposed, the others of the proposal wait
// again and keep their age. The error is a [*Problem] with code TicketUnknown.
func (q *Queue) Cancel(now time.Duration, id TicketID) error {
	h := q.tickets[id]
	if h == nil {
		return unknownTicket(id)
	}
	q.dissolve(now, h.proposal, h)
	q.leave(h, Event{At: now, Ticket: id, State: Cancelled, Cause: ByCancel})
	return nil
}

// Close cancels every ticket, in the order of ids.
func (q *Queue) Close(now time.Duration) {
	ids := make([]TicketID, 0, len(q.tickets))
	for id := range q.tickets {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		q.leave(q.tickets[id], Event{At: now, Ticket: id, State: Cancelled, Cause: ByShutdown})
	}
	clear(q.proposals)
}

// Expire ends proposals whose time is over and expires old tickets. It is
// Advance without the pass, for times when no match can be started.
func (q *Queue) Expire(now time.Duration) {
	q.expireProposals(now)
	q.expireTickets(now)
}

// Advance ends proposals whose time is over, expires old tickets, and makes one
// pass.
func (q *Queue) Advance(now time.Duration, open []OpenMatch) {
	q.Expire(now)
	for _, r := range q.matcher.Pass(now, q.waiting, open) {
		q.applyRoster(now, r)
	}
}

func (q *Queue) expireTickets(now time.Duration) {
	giveUp := q.matcher.rules.GiveUp
	if giveUp == 0 {
		return
	}
	var old []*queuedTicket
	for _, e := range q.waiting {
		if now-e.created >= giveUp {
			old = append(old, q.tickets[e.id])
		}
	}
	for _, h := range old {
		q.leave(h, Event{At: now, Ticket: h.entry.id, State: Expired, Cause: ByAge})
	}
}

// applyRoster proposes a roster, or makes the match at once: where the rules
// have no accept check, and in open matches, whose free seats can't be held
// until players accept.
func (q *Queue) applyRoster(now time.Duration, r Roster) {
	for _, id := range r.Tickets {
		q.history.note(q.matcher, q.tickets[id].entry, now)
	}
	if q.matcher.rules.Acceptance.Required && r.Match == "" {
		q.propose(now, r)
		return
	}
	for _, id := range r.Tickets {
		q.leave(q.tickets[id], Event{At: now, Ticket: id, State: Matched, Cause: ByPass, Roster: &r})
	}
}

// addWaiting puts a ticket into state Queued.
func (q *Queue) addWaiting(h *queuedTicket) {
	h.state, h.proposal, h.at = Queued, 0, len(q.waiting)
	q.waiting = append(q.waiting, h.entry)
}

// removeWaiting takes a ticket out of waiting, whose order has no meaning.
func (q *Queue) removeWaiting(h *queuedTicket) {
	if h.at < 0 {
		return
	}
	n := len(q.waiting) - 1
	moved := q.waiting[n]
	q.waiting[h.at] = moved
	q.tickets[moved.id].at = h.at
	q.waiting[n] = nil
	q.waiting = q.waiting[:n]
	h.at = -1
}

// leave removes a ticket for good and emits its last event.
func (q *Queue) leave(h *queuedTicket, last Event) {
	q.removeWaiting(h)
	delete(q.tickets, h.entry.id)
	for _, p := range h.entry.players {
		delete(q.players, p)
	}
	if q.config.Store != nil {
		q.config.Store.Forget(h.entry.id)
	}
	q.emit(last)
}

func (q *Queue) emit(e Event) { q.events = append(q.events, e) }

// Events returns what happened since the last call, in order.
func (q *Queue) Events() []Event {
	out := q.events
	q.events = nil
	return out
}

func unknownTicket(id TicketID) *Problem {
	return &Problem{Code: TicketUnknown, Detail: fmt.Sprintf("ticket %q is not in the queue", clip(string(id))), Remedy: "queue again with a new ticket"}
}

// State is the state of a ticket of a [Queue].
type State string

// The states. A ticket in one of the last three has left the queue.
const (
	Queued    State = "queued"
	Proposed  State = "proposed" // a match is found; the players are asked to accept
	Matched   State = "matched"
	Cancelled State = "cancelled"
	Expired   State = "expired"
)

// Event is a change of one ticket's state, or of an answer in a proposal.
type Event struct {
	At     time.Duration
	Ticket TicketID
	State  State
	Cause  Cause
	// Player is the one who accepted, declined or did not answer.
	Player string
	// Proposal is the number of the proposal, from 1, while there is one.
	Proposal uint64
	// Roster comes with Proposed and Matched.
	Roster *Roster
}

// Cause says what brought an event about.
type Cause string

// The causes.
const (
	ByAdd      Cause = "added"
	ByPass     Cause = "found"     // a pass made a roster
	ByAccept   Cause = "accepted"  // a player accepted; with Matched: the last one
	ByCancel   Cause = "cancelled" // the ticket's owner
	ByDecline  Cause = "declined"  // a player of the ticket
	ByTimeout  Cause = "no_answer" // a player of the ticket did not answer in time
	ByAge      Cause = "too_old"   // the rules' GiveUp
	ByReturn   Cause = "returned"  // others of the proposal left; the age is kept
	ByShutdown Cause = "closed"
)

// Store records the tickets of a queue, so that they survive a restart: Add
// again what was saved and not forgotten. The queue calls it while it works, so
// it must not block; a store that does I/O does it later, by itself.
type Store interface {
	// Save records a ticket that was added.
	Save(t Ticket)
	// Forget removes a ticket that left.
	Forget(id TicketID)
}
