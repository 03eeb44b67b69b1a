package matchmake

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// follow returns the ticket when it is matched.
func (s *search) follow(ctx context.Context, t Ticket) (Ticket, error) {
	defer s.asked.end()
	explained := time.Time{}
	for {
		s.report(t)
		switch t.State {
		case Matched:
			return t, nil
		case Cancelled, Expired:
			return t, &EndedError{t}
		}
		if err := s.agree(ctx, t); err != nil {
			return t, err
		}
		wait := pollWait
		if every := s.config.ExplainEvery; every > 0 && t.State == Queued {
			if time.Since(explained) >= every {
				explained = time.Now()
				if err := s.explain(ctx, t); err != nil {
					return t, err
				}
			}
			wait = min(wait, every)
		}
		next, err := s.next(ctx, t, wait)
		if err != nil {
			return t, err
		}
		t = next
	}
}

// report tells of a ticket, if it is not as it was told.
func (s *search) report(t Ticket) {
	phase := Waiting
	switch t.State {
	case Proposed:
		phase = Asked
	case Matched:
		phase = Found
	case Cancelled, Expired:
		return // the error tells
	}
	was := s.status
	if was.Phase != phase || was.Ticket.ID != t.ID || was.Ticket.Version != t.Version {
		s.tell(Status{Phase: phase, Ticket: t, Explanation: was.Explanation})
	}
}

// next polls, and returns the same ticket if the player answered meanwhile.
func (s *search) next(ctx context.Context, t Ticket, wait time.Duration) (Ticket, error) {
	polling, cancel := context.WithCancel(ctx)
	defer cancel()
	if s.asked.open() {
		defer context.AfterFunc(s.asked.answered, cancel)()
	}
	began := time.Now()
	next, err := s.poll(polling, t, wait)
	switch {
	case err == nil && next.Version == t.Version && time.Since(began) < wait/2:
		return next, sleep(ctx, leastPause) // a server that does not wait is not to be asked in a loop
	case err != nil && ctx.Err() == nil && polling.Err() != nil:
		return t, nil
	}
	return next, err
}

// explain asks why the ticket waits, and tells it.
func (s *search) explain(ctx context.Context, t Ticket) error {
	var x Explanation
	err := s.ask(ctx, request{method: http.MethodGet, path: ticketPath(t.ID) + "/explain"}, &x)
	var no *Problem
	switch {
	case err == nil:
		s.tell(Status{Phase: Waiting, Ticket: t, Explanation: &x})
	case errors.As(err, &no) && !s.lost(err):
		err = nil // it does not wait any more: the next poll says what it does
	}
	return err
}

// agree answers for the player in a proposal, as soon as he has decided.
func (s *search) agree(ctx context.Context, t Ticket) error {
	if t.State != Proposed || t.Proposal == nil {
		s.asked.end()
		return nil
	}
	if !s.asked.about(t) {
		s.asked.end()
		s.asked.begin(ctx, t, s.config.Accept)
	}
	yes, decided := s.asked.take()
	if !decided {
		return nil
	}
	path := ticketPath(t.ID) + "/decline"
	if yes {
		path = ticketPath(t.ID) + "/accept"
	}
	err := s.ask(ctx, request{method: http.MethodPost, path: path}, nil)
	var no *Problem
	if errors.As(err, &no) && !s.lost(err) {
		return nil // too late: the next poll says what came of it
	}
	return err
}

// question is what a player is asked in a proposal.
type question struct {
	until    time.Time          // of the proposal, which tells it from others
	answered context.Context    // ends when there is an answer; nil: nothing was asked
	cancel   context.CancelFunc // ends the asking
	done     chan struct{}      // closed when the answer is there
	yes      bool               // the answer, once done is closed
	taken    bool
}

// begin asks. Nil accepts.
func (q *question) begin(ctx context.Context, t Ticket, accept func(context.Context, Ticket) bool) {
	asking, cancel := context.WithCancel(ctx)
	answered, tell := context.WithCancel(context.Background())
	*q = question{until: t.Proposal.Until, answered: answered, cancel: cancel, done: make(chan struct{})}
	if accept == nil {
		q.yes = true
		close(q.done)
		tell()
		return
	}
	go func(done chan struct{}) {
		defer tell()
		defer close(done)
		q.yes = accept(asking, t)
	}(q.done)
}

// about reports whether this proposal is what was asked about.
func (q *question) about(t Ticket) bool { return q.answered != nil && q.until.Equal(t.Proposal.Until) }

// open reports whether an answer is to come.
func (q *question) open() bool { return q.answered != nil && !q.taken }

// take returns the answer once, when it is there.
func (q *question) take() (yes, decided bool) {
	if !q.open() {
		return false, false
	}
	select {
	case <-q.done:
		q.taken = true
		return q.yes, true
	default:
		return false, false
	}
}

// end takes the question back, and waits for who was asked.
func (q *question) end() {
	if q.answered == nil {
		return
	}
	q.cancel()
	<-q.done
	*q = question{}
}
