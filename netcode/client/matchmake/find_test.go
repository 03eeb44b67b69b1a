package matchmake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// outcome is what became of a search.
type outcome struct {
	seat Seat
	err  error
}

// hunt is a search under way.
type hunt struct {
	done   chan outcome
	phases []Phase // read it when done
	mu     sync.Mutex
	last   Status // guarded by mu
	cancel context.CancelCauseFunc
}

var errEnough = errors.New("enough")

func start(t *testing.T, s *service, change func(*Config)) *hunt {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	h := &hunt{done: make(chan outcome, 1), cancel: cancel}
	c := Config{
		URL: "ws://there", Queue: "ladder", Token: "secret", HTTP: &http.Client{Transport: s},
		OnStatus: func(st Status) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.phases, h.last = append(h.phases, st.Phase), st
		},
	}
	if change != nil {
		change(&c)
	}
	go func() {
		defer cancel(nil)
		seat, err := Find(ctx, c)
		h.done <- outcome{seat, err}
	}()
	return h
}

func (h *hunt) status() Status {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.last
}

func (h *hunt) wantSeat(t *testing.T, phases ...Phase) {
	t.Helper()
	o := <-h.done
	if o.err != nil || o.seat.URL != "ws://there/play?game=arena&match=m1" || o.seat.Token != "seat" {
		t.Errorf("Find: %+v, %v", o.seat, o.err)
	}
	if phases != nil && !slices.Equal(h.phases, phases) {
		t.Errorf("phases %v, want %v", h.phases, phases)
	}
}

func propose(s *service, ticket *Ticket, n int) {
	ticket.Proposal = &Proposal{Players: 2, Until: time.Date(2030, 1, 1, 0, 0, n, 0, time.UTC)}
	s.set(ticket, Proposed, "found")
}

func TestFind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		h := start(t, s, nil)
		pass(time.Minute)
		if s.polls < 2 || s.polls > 4 {
			t.Errorf("%d polls in a minute", s.polls)
		}
		s.change(t, s.match)
		h.wantSeat(t, Queueing, Waiting, Found)
		if got := fmt.Sprint(s.requests()); got != "[POST /v1/tickets]" {
			t.Error(got)
		}
	})
}

func TestGetsOverDrops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.faults = append(s.faults, busy("7"))
		began := time.Now()
		h := start(t, s, nil)
		pass(9 * time.Second)
		s.mu.Lock()
		s.faults = append(s.faults, cut, cut, cut)
		s.mu.Unlock()
		pass(40 * time.Second)
		if time.Since(began) < 7*time.Second || len(s.tickets) != 1 {
			t.Errorf("%d tickets after %v", len(s.tickets), time.Since(began))
		}
		s.change(t, s.match)
		h.wantSeat(t, Queueing, Interrupted, Waiting, Interrupted, Interrupted, Interrupted, Waiting, Found)
	})
}

// An answer that was lost on its way is the same ticket when it is asked for
// again.
func TestLostAnswerIsOneTicket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.faults = append(s.faults, busy("1"), func(r *http.Request) (*http.Response, error) {
			s.mu.Unlock()
			defer s.mu.Lock()
			if _, err := s.RoundTrip(r); err != nil {
				t.Error(err)
			}
			return nil, errCut
		})
		h := start(t, s, nil)
		pass(20 * time.Second)
		s.change(t, s.match)
		h.wantSeat(t)
		if len(s.tickets) != 1 {
			t.Errorf("%d tickets", len(s.tickets))
		}
	})
}

func TestUnreachable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		s.faults = append(s.faults, cut)
		if o := <-start(t, s, nil).done; !errors.Is(o.err, errCut) {
			t.Error(o.err)
		}
	})
}

// A server that was restarted has neither tickets nor guests any more.
func TestRestart(t *testing.T) {
	for _, token := range []string{"secret", ""} {
		synctest.Test(t, func(t *testing.T) {
			s := newService()
			h := start(t, s, func(c *Config) { c.Token, c.Name = token, "Ann" })
			pass(3 * time.Second)
			s.restart("b")
			pass(30 * time.Second)
			if s.tickets["b-1"] == nil {
				t.Fatalf("token %q: no second ticket: %v", token, s.requests())
			}
			s.change(t, s.match)
			h.wantSeat(t, Queueing, Waiting, Queueing, Waiting, Found)
			if want := map[string]int{"": 2}[token]; s.guests != want {
				t.Errorf("%d guests", s.guests)
			}
		})
	}
}

// A server that is stopped says goodbye to its tickets, and its successor has
// to be asked for new ones.
func TestServerIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		h := start(t, s, nil)
		pass(time.Second)
		s.change(t, func(ticket *Ticket) { s.set(ticket, Cancelled, causeClosed) })
		pass(time.Minute)
		s.change(t, s.match)
		h.wantSeat(t, Queueing, Waiting, Queueing, Waiting, Found)
	})
}

func TestCancelTakesTheTicketOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		h := start(t, s, nil)
		pass(3 * time.Second)
		h.cancel(errEnough)
		if o := <-h.done; !errors.Is(o.err, errEnough) {
			t.Error(o.err)
		}
		if s.tickets["a-1"].State != Cancelled {
			t.Errorf("the ticket is %s", s.tickets["a-1"].State)
		}
	})
}

// A search that ends while the answer with its ticket is on the way still takes
// the ticket out.
func TestCancelWhileQueueing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		ready := make(chan *hunt, 1)
		s.after = func(*http.Request) {
			select {
			case h := <-ready:
				h.cancel(errEnough)
			default:
			}
		}
		h := start(t, s, func(*Config) {})
		ready <- h
		if o := <-h.done; !errors.Is(o.err, errEnough) {
			t.Error(o.err)
		}
		if len(s.tickets) != 1 || s.tickets["a-1"].State != Cancelled {
			t.Errorf("%v", s.requests())
		}
	})
}

func TestReplace(t *testing.T) {
	for _, replace := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := newService()
			s.tickets["a-0"] = &Ticket{ID: "a-0", State: Queued, Version: 1}
			h := start(t, s, func(c *Config) { c.Replace = replace })
			if !replace {
				var no *Problem
				if o := <-h.done; !errors.As(o.err, &no) || no.Code != CodeAlreadyQueued || no.Ticket != "a-0" {
					t.Error(o.err)
				}
				return
			}
			pass(time.Second)
			s.change(t, s.match)
			h.wantSeat(t)
			if s.tickets["a-0"].State != Cancelled {
				t.Error("the old ticket still waits")
			}
		})
	}
}

func TestRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for want, change := range map[string]func(*Config){
			"400 queue_missing: because": func(c *Config) { c.Queue = "" },
			"401 token_invalid":          func(c *Config) { c.Token = "wrong" },
			"URL \"ftp://there\"":        func(c *Config) { c.URL = "ftp://there" },
			"must look like":             func(c *Config) { c.URL = "there" },
			"can't be written as JSON":   func(c *Config) { c.Attributes = map[string]any{"x": func() {}} },
			"no token: enough": func(c *Config) {
				c.GetToken = func(context.Context) (string, error) { return "", errEnough }
				c.Token = ""
			},
			"401 token_invalid: because": func(c *Config) {
				c.GetToken = func(context.Context) (string, error) { return "old", nil }
				c.Token = ""
			},
		} {
			if o := <-start(t, newService(), change).done; o.err == nil || !strings.Contains(o.err.Error(), want) {
				t.Errorf("%v, want %q", o.err, want)
			}
		}
	})
}

func TestExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		h := start(t, s, nil)
		pass(time.Second)
		s.change(t, func(ticket *Ticket) { s.set(ticket, Expired, "too_old") })
		var ended *EndedError
		if o := <-h.done; !errors.As(o.err, &ended) || ended.Ticket.State != Expired || !strings.Contains(o.err.Error(), "no match was found in the time") {
			t.Error(o.err)
		}
	})
}

func TestExplanation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newService()
		h := start(t, s, func(c *Config) { c.ExplainEvery = 2 * time.Second })
		pass(time.Second)
		if x := h.status().Explanation; x == nil || x.Reason != "players" || x.Needed != 2 {
			t.Errorf("%+v", x)
		}
		pass(20 * time.Second)
		if n := len(s.requests()); n < 9 || n > 13 {
			t.Errorf("%d requests in 20 s: %v", n, s.requests())
		}
		s.change(t, s.match)
		h.wantSeat(t)
	})
}
