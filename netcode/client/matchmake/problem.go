package matchmake

import (
	"fmt"

	"arbiter/netcode/client/apiclient"
)

// Problem is the server's refusal of a request (RFC 9457).
type Problem = apiclient.Problem

// Fault is one part of a request that is wrong.
type Fault = apiclient.Fault

// Codes that this package knows what to do about.
const (
	CodeTicketLost     = "ticket_lost"    // the server was restarted: queue again
	CodeTicketUnknown  = "ticket_unknown" // or long over
	CodeTicketNotYours = "ticket_not_yours"
	CodeAlreadyQueued  = "player_already_queued" // the player waits or is in a party already
)

// EndedError says that a ticket left the queue without a match.
type EndedError struct {
	Ticket Ticket // State is Cancelled or Expired, Cause says why
}

// Error implements error.
func (e *EndedError) Error() string {
	why := map[string]string{
		"declined":     "the match was declined",
		"no_answer":    "nobody answered when the match was found",
		"too_old":      "no match was found in the time that the queue allows",
		"match_gone":   "the match it was for has ended",
		"host_refused": "the server can't begin such a match",
		"cancelled":    "it was taken out of the queue",
	}[e.Ticket.Cause]
	if why == "" {
		why = e.Ticket.Cause
	}
	return fmt.Sprintf("matchmake: ticket %s is %s: %s", e.Ticket.ID, e.Ticket.State, why)
}
