package matchmake

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Problem is the server's refusal of a request (RFC 9457).
type Problem struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Status int     `json:"status"` // HTTP
	Detail string  `json:"detail"` // what was wrong and what to do
	Code   string  `json:"code"`   // for programs, such as "queue_unknown"
	Ticket string  `json:"ticket"` // with CodeAlreadyQueued: the player's ticket
	Errors []Fault `json:"errors"` // one for each part that is wrong
	// RetryAfter is how long the server asks to be left alone; 0 if it does not.
	RetryAfter time.Duration `json:"-"`
}

// Fault is one part of a request that is wrong.
type Fault struct {
	Where  string `json:"where"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy"`
}

// Codes that this package knows what to do about.
const (
	CodeTicketLost     = "ticket_lost"    // the server was restarted: queue again
	CodeTicketUnknown  = "ticket_unknown" // or long over
	CodeTicketNotYours = "ticket_not_yours"
	CodeAlreadyQueued  = "player_already_queued" // the player waits or is in a party already
)

// Error implements error.
func (p *Problem) Error() string {
	text := fmt.Sprintf("matchmake: the server refused with status %d", p.Status)
	if p.Code != "" {
		text += " " + p.Code
	}
	switch {
	case p.Detail != "":
		text += ": " + p.Detail
	case p.Title != "":
		text += ": " + p.Title
	}
	for _, f := range p.Errors {
		text += fmt.Sprintf("; %s %s", f.Where, f.Detail)
		if f.Remedy != "" {
			text += ": " + f.Remedy
		}
	}
	return text
}

// problemOf reads a refusal.
func problemOf(r *http.Response, text []byte) *Problem {
	p := &Problem{}
	if json.Unmarshal(text, p) != nil || p.Code == "" && p.Detail == "" && p.Title == "" {
		p = &Problem{Title: "no reason was given; is this an Arbiter server?"}
	}
	p.Status = r.StatusCode
	if seconds, err := strconv.ParseFloat(strings.TrimSpace(r.Header.Get("Retry-After")), 64); err == nil && seconds > 0 {
		p.RetryAfter = time.Duration(min(seconds, maxBackoff.Seconds()) * float64(time.Second))
	}
	return p
}

// passing says whether the same request may well be answered later.
func (p *Problem) passing() bool {
	switch p.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

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
