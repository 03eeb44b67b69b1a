package matchmake

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// follow returns the ticket when it is matched.
func (s *search) follow(ctx context.Context, t Ticket) (Ticket, error) {
	defer s.acceptance.end()
	explained := time.Time{}
	for {
		s.reportTicket(t)
		switch t.State {
		case Matched:
			return t, nil
		case Cancelled, Expired:
			return t, &EndedError{t}
		}
		if err := s.answerProposal(ctx, t); err != nil {
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

// reportTicket sets the status to that of a ticket, if it has changed.
func (s *search) reportTicket(t Ticket) {
	phase := Waiting
	switch t.State {
	case Proposed:
		phase = Asked
	case Matched:
		phase = Found
	case Cancelled, Expired:
		return // the error says so
	}
	was := s.status
	if was.Phase != phase || was.Ticket.ID != t.ID || was.Ticket.Version != t.Version {
		s.setStatus(Status{Phase: phase, Ticket: t, Explanation: was.Explanation})
	}
}

// next polls, and returns the same ticket if the player answered meanwhile.
func (s *search) next(ctx context.Context, t Ticket, wait time.Duration) (Ticket, error) {
	polling, cancel := context.WithCancel(ctx)
	defer cancel()
	if s.acceptance.open() {
		defer context.AfterFunc(s.acceptance.answered, cancel)()
	}
	began := time.Now()
	next, err := s.poll(polling, t, wait)
	switch {
	case err == nil && next.Version == t.Version && time.Since(began) < wait/2:
		return next, sleep(ctx, minBackoff) // a server that does not wait is not to be asked in a loop
	case err != nil && ctx.Err() == nil && polling.Err() != nil:
		return t, nil
	}
	return next, err
}

// explain asks the server why the ticket waits, and puts it into the status.
func (s *search) explain(ctx context.Context, t Ticket) error {
	var x Explanation
	err := s.call(ctx, request{method: http.MethodGet, path: ticketPath(t.ID) + "/explain"}, &x)
	var no *Problem
	switch {
	case err == nil:
		s.setStatus(Status{Phase: Waiting, Ticket: t, Explanation: &x})
	case errors.As(err, &no) && !s.lost(err):
		err = nil // it does not wait any more: the next poll says what it does
	}
	return err
}

// answerProposal accepts or declines for the player, once they have decided.
func (s *search) answerProposal(ctx context.Context, t Ticket) error {
	if t.State != Proposed || t.Proposal == nil {
		s.acceptance.end()
		return nil
	}
	if !s.acceptance.about(t) {
		s.acceptance.end()
		s.acceptance.begin(ctx, t, s.config.Accept)
	}
	yes, decided := s.acceptance.answer()
	if !decided {
		return nil
	}
	path := ticketPath(t.ID) + "/decline"
	if yes {
		path = ticketPath(t.ID) + "/accept"
	}
	err := s.call(ctx, request{method: http.MethodPost, path: path}, nil)
	var no *Problem
	if errors.As(err, &no) && !s.lost(err) {
		return nil // too late: the next poll says what came of it
	}
	return err
}
