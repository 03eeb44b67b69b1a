package matchmake

import (
	"context"
	"time"
)

// acceptance is a proposal that the player is asked to accept, by Config.Accept.
type acceptance struct {
	until    time.Time          // of the proposal, which distinguishes it from others
	answered context.Context    // ends when there is an answer; nil: nothing was asked
	cancel   context.CancelFunc // ends the asking
	done     chan struct{}      // closed when the answer is there
	yes      bool               // the answer, once done is closed
	used     bool
}

// begin asks. Nil accepts.
func (a *acceptance) begin(ctx context.Context, t Ticket, accept func(context.Context, Ticket) bool) {
	asking, cancel := context.WithCancel(ctx)
	answered, done := context.WithCancel(context.Background())
	*a = acceptance{until: t.Proposal.Until, answered: answered, cancel: cancel, done: make(chan struct{})}
	if accept == nil {
		a.yes = true
		close(a.done)
		done()
		return
	}
	go func(decided chan struct{}) {
		defer done()
		defer close(decided)
		a.yes = accept(asking, t)
	}(a.done)
}

// about reports whether this proposal is what was asked about.
func (a *acceptance) about(t Ticket) bool {
	return a.answered != nil && a.until.Equal(t.Proposal.Until)
}

// open reports whether an answer is still to come.
func (a *acceptance) open() bool { return a.answered != nil && !a.used }

// answer returns the answer once, when it is there.
func (a *acceptance) answer() (yes, decided bool) {
	if !a.open() {
		return false, false
	}
	select {
	case <-a.done:
		a.used = true
		return a.yes, true
	default:
		return false, false
	}
}

// end cancels the asking, and waits until Config.Accept has returned.
func (a *acceptance) end() {
	if a.answered == nil {
		return
	}
	a.cancel()
	<-a.done
	*a = acceptance{}
}
