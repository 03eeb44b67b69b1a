package matchmake

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Find queues, follows the ticket until there is a match, and returns the seat
// in it. It fails with a [Problem] if the server refuses for good, with an
// [EndedError] if the ticket ends without a match, and with the cause of ctx's
// end, having taken the ticket out of the queue. While the server is busy, and
// once it was reached also while it can't be, Find tries again.
func Find(ctx context.Context, c Config) (Seat, error) {
	s, err := newSearch(c)
	if err != nil {
		return Seat{}, err
	}
	var again backoff
	for {
		t, err := s.queue(ctx)
		if err == nil {
			t, err = s.follow(ctx, t)
		}
		switch {
		case err == nil:
			return s.seat(t)
		case s.lost(err):
			s.setStatus(Status{Phase: Queueing, Err: err})
			if err := sleep(ctx, again.next()); err != nil {
				return Seat{}, err
			}
		default:
			s.withdraw(ctx, err)
			return Seat{}, err
		}
	}
}

// search is one Find.
type search struct {
	*api
	status     Status
	key        string // of the request for a ticket that is under way or done
	id         string // of the ticket; empty before there is one
	guest      int    // newGuests when it was made
	acceptance acceptance
}

func newSearch(c Config) (*search, error) {
	s := &search{}
	var err error
	s.api, err = newAPI(c, func(err error, in time.Duration) {
		s.setStatus(Status{Phase: Interrupted, Err: err, RetryIn: in})
	})
	return s, err
}

// setStatus keeps a status and calls Config.OnStatus. A status without a ticket
// gets the ticket and explanation of the one before.
func (s *search) setStatus(status Status) {
	if status.Ticket.ID == "" && status.Phase != Queueing {
		status.Ticket, status.Explanation = s.status.Ticket, s.status.Explanation
	}
	s.status = status
	if s.config.OnStatus != nil {
		s.config.OnStatus(status)
	}
}

// order is the body of a request for a ticket.
type order struct {
	Queue      string         `json:"queue"`
	Attributes map[string]any `json:"attributes,omitempty"`
	Match      string         `json:"match,omitempty"`
}

// queue asks for a ticket. The same key makes it the same ticket however often
// it is asked for.
func (s *search) queue(ctx context.Context) (Ticket, error) {
	if s.status.Phase != Queueing {
		s.setStatus(Status{Phase: Queueing})
	}
	s.key, s.id, s.guest = rand.Text(), "", s.newGuests
	replaced := false
	for {
		var t Ticket
		err := s.call(ctx, s.ticketRequest(), &t)
		var no *Problem
		if err == nil {
			s.id = t.ID
			return t, nil
		}
		if !errors.As(err, &no) || no.Code != CodeAlreadyQueued || no.Ticket == "" || !s.config.Replace || replaced {
			return Ticket{}, err
		}
		replaced = true
		if err := s.call(ctx, request{method: http.MethodDelete, path: ticketPath(no.Ticket)}, nil); err != nil && !errors.As(err, &no) {
			return Ticket{}, err
		}
		s.key = rand.Text()
	}
}

func (s *search) ticketRequest() request {
	c := &s.config
	return request{method: http.MethodPost, path: "v1/tickets", key: s.key, body: order{c.Queue, c.Attributes, c.Match}}
}

func ticketPath(id string) string { return "v1/tickets/" + url.PathEscape(id) }

// lost reports whether the server has forgotten the ticket, so that another one
// has to be requested.
func (s *search) lost(err error) bool {
	var no *Problem
	var ended *EndedError
	switch {
	case errors.As(err, &ended):
		return ended.Ticket.Cause == causeClosed
	case errors.As(err, &no):
		return no.Code == CodeTicketLost || s.newGuests != s.guest && (no.Code == CodeTicketUnknown || no.Code == CodeTicketNotYours)
	}
	return false
}

// causeClosed is why tickets end when the server is stopped: what comes next
// may be its successor.
const causeClosed = "closed"

// seat is the player's own.
func (s *search) seat(t Ticket) (Seat, error) {
	if t.Match == nil || len(t.Match.Seats) == 0 {
		return Seat{}, errNoSeat
	}
	return t.Match.Seats[0], nil
}

var errNoSeat = errors.New("matchmake: the server made a match without a seat for this player")

// withdraw takes the ticket out of the queue when it is not followed any more.
func (s *search) withdraw(ctx context.Context, why error) {
	var ended *EndedError
	if errors.As(why, &ended) || s.key == "" || s.id == "" && ctx.Err() == nil {
		return // there is none
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelTimeout)
	defer cancel()
	if s.id == "" { // the server may have made one: the key finds it
		var t Ticket
		if s.once(ctx, s.ticketRequest(), &t) != nil {
			return
		}
		s.id = t.ID
	}
	_ = s.once(ctx, request{method: http.MethodDelete, path: ticketPath(s.id)}, nil) // it lapses by the queue's rules if not
}

// poll waits until the ticket changes, or for as long as it is.
func (s *search) poll(ctx context.Context, t Ticket, wait time.Duration) (Ticket, error) {
	seconds := max(1, int(wait/time.Second))
	next := Ticket{}
	err := s.call(ctx, request{
		method: http.MethodGet, path: ticketPath(t.ID), wait: wait,
		query: url.Values{"wait": {strconv.Itoa(seconds)}, "version": {strconv.FormatUint(t.Version, 10)}},
	}, &next)
	return next, err
}
