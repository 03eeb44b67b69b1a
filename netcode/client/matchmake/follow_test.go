package matchmake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestAcceptsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		h := start(t, s, nil)
		pass(time.Second)
		s.change(t, func(ticket *Ticket) { propose(s, ticket, 1) })
		h.wantSeat(t, Queueing, Waiting, Asked, Found)
	})
}

func TestPlayerDecides(t *testing.T) {
	for _, yes := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := newService()
			decide := make(chan bool)
			h := start(t, s, func(c *Config) {
				c.Accept = func(ctx context.Context, t Ticket) bool { return <-decide }
			})
			pass(time.Second)
			s.change(t, func(ticket *Ticket) { propose(s, ticket, 1) })
			pass(5 * time.Second)
			if h.status().Phase != Asked {
				t.Errorf("the phase is %s", h.status().Phase)
			}
			decide <- yes
			if yes {
				h.wantSeat(t, Queueing, Waiting, Asked, Found)
				return
			}
			var ended *EndedError
			if o := <-h.done; !errors.As(o.err, &ended) || ended.Ticket.Cause != "declined" {
				t.Error(o.err)
			}
			if slices.Contains(s.requests(), "DELETE /v1/tickets/a-1") {
				t.Error("a ticket that has ended is deleted")
			}
		})
	}
}

// Others decline: the asking ends, the ticket waits on, and the next proposal
// is asked about anew.
func TestProposalFallsThrough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		asked, ended := 0, 0
		h := start(t, s, func(c *Config) {
			c.Accept = func(ctx context.Context, t Ticket) bool {
				asked++
				if asked < 3 {
					<-ctx.Done()
					ended++
				}
				return true
			}
		})
		for n := range 3 {
			pass(time.Second)
			s.change(t, func(ticket *Ticket) { propose(s, ticket, n) })
			pass(time.Second)
			if n == 0 {
				s.change(t, func(ticket *Ticket) { s.set(ticket, Queued, "returned") })
			} // after the second comes the third at once
		}
		h.wantSeat(t)
		if asked != 3 || ended != 2 {
			t.Errorf("asked %d times, of which %d ended", asked, ended)
		}
		if got := fmt.Sprint(s.requests()); got != "[POST /v1/tickets POST /v1/tickets/a-1/accept]" {
			t.Error(got)
		}
	})
}

// An acceptance that comes too late is not the end.
func TestTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		h := start(t, s, func(c *Config) {
			c.Accept = func(context.Context, Ticket) bool {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.set(s.tickets["a-1"], Queued, "returned")
				return true
			}
		})
		pass(time.Second)
		s.change(t, func(ticket *Ticket) { propose(s, ticket, 1) })
		pass(30 * time.Second)
		s.change(t, s.match)
		h.wantSeat(t)
	})
}

func TestCancelWhileAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		h := start(t, s, func(c *Config) {
			c.Accept = func(ctx context.Context, _ Ticket) bool { <-ctx.Done(); return true }
		})
		pass(time.Second)
		s.change(t, func(ticket *Ticket) { propose(s, ticket, 1) })
		pass(time.Second)
		h.cancel(errEnough)
		if o := <-h.done; !errors.Is(o.err, errEnough) {
			t.Error(o.err)
		}
		if s.tickets["a-1"].State != Cancelled {
			t.Errorf("the ticket is %s", s.tickets["a-1"].State)
		}
	})
}
