package matchmaking

import (
	"fmt"
	"slices"
	"time"
)

// Queue is the life of tickets: it keeps who waits, runs passes, asks players,
// and says what happened in events. It has no clock: every call tells it the
// time, which must not go back.
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
	waiting   []*Entry // those queued
	proposals map[uint64]*proposal
	last      uint64 // proposal
	events    []Event
	history   waitHistory
}

// QueueConfig is of a queue. Zero values have the defaults stated.
type QueueConfig struct {
	MaxTickets int   // that wait or are proposed at once; default 1,000,000
	Store      Store // default: none
	Matcher    MatcherConfig
}

// queuedTicket is a ticket of the queue.
type queuedTicket struct {
	entry    *Entry
	state    State
	proposal uint64
	at       int // in waiting; −1: not there
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

// Matcher is the queue's; use it for what a ticket's entry carries.
func (q *Queue) Matcher() *Matcher { return q.matcher }

// Add lets a ticket wait. The error is a [*Problem].
func (q *Queue) Add(now time.Duration, t Ticket) error {
	if len(q.tickets) >= q.config.MaxTickets {
		return &Problem{Code: QueueFull, Detail: fmt.Sprintf("%d tickets wait", len(q.tickets)), Remedy: "try again later"}
	}
	if t.Created > now {
		return &Problem{Code: CreatedLater, Where: "created", Detail: fmt.Sprintf("%v is later than now, %v", t.Created, now), Remedy: "give the time on the queue's clock"}
	}
	e, err := q.matcher.Admit(t)
	if err != nil {
		return err
	}
	if q.tickets[t.ID] != nil {
		return &Problem{Code: TicketExists, Where: "id", Detail: fmt.Sprintf("ticket %q is here already", t.ID), Remedy: "choose another id, or ask for that ticket"}
	}
	for i, p := range e.players {
		if other, ok := q.players[p]; ok {
			return &Problem{Code: PlayerQueued, Where: fmt.Sprintf("members[%d].player", i), Detail: fmt.Sprintf("player %q waits in ticket %q", p, other), Remedy: "cancel that ticket first"}
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

// Cancel takes a ticket out. If it was proposed, the others go back with their
// age kept.
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

// Expire ends proposals without answer and expires tickets. It is what Advance
// does when no match can be made for a while.
func (q *Queue) Expire(now time.Duration) {
	q.expireProposals(now)
	q.expireTickets(now)
}

// Advance ends proposals without answer, expires tickets, and makes one pass.
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

// applyRoster proposes a roster, or makes the match at once: where nobody is asked,
// and in open matches, whose places can't be held for an answer.
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

// addWaiting puts a ticket into the line.
func (q *Queue) addWaiting(h *queuedTicket) {
	h.state, h.proposal, h.at = Queued, 0, len(q.waiting)
	q.waiting = append(q.waiting, h.entry)
}

// removeWaiting takes it out again; the order of waiting means nothing.
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

// leave ends a ticket.
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
	return &Problem{Code: TicketUnknown, Detail: fmt.Sprintf("ticket %q is not here: never was, or has left", clip(string(id))), Remedy: "queue again with a new ticket"}
}

// State is where a ticket of a [Queue] stands.
type State string

// The states. A ticket in one of the last three has left the queue.
const (
	Queued    State = "queued"
	Proposed  State = "proposed" // a match is found; the players are asked
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
	// Player is who accepted, declined or did not answer.
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

// Store is told of tickets that come and leave, so that a queue can be filled
// again: after a restart, Add what was saved and not forgotten. The queue
// calls it while it works; a store that does I/O does it later, by itself.
type Store interface {
	Save(t Ticket)
	Forget(id TicketID)
}
