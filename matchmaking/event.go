package matchmaking

import "time"

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
