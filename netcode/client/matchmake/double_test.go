package matchmake

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// service is a matchmaking server in memory, for virtual time. Its script
// changes tickets; its faults come before it answers.
type service struct {
	mux *http.ServeMux

	mu      sync.Mutex
	tickets map[string]*Ticket
	keys    map[string]string // Idempotency-Key → ticket
	changed chan struct{}     // closed at each change
	log     []string          // requests that came, without polls
	polls   int
	epoch   string
	guests  int
	valid   map[string]bool // tokens
	// faults are tried in order before each request; nil lets it through.
	faults []func(r *http.Request) (*http.Response, error)
	// after is called when a request was answered, before its answer is out.
	after func(r *http.Request)
}

func newService() *service {
	s := &service{
		mux: http.NewServeMux(), tickets: map[string]*Ticket{}, keys: map[string]string{},
		changed: make(chan struct{}), epoch: "a", valid: map[string]bool{"secret": true},
	}
	s.mux.HandleFunc("POST /v1/guest", s.guest)
	s.mux.HandleFunc("POST /v1/tickets", s.post)
	s.mux.HandleFunc("GET /v1/tickets/{id}", s.get)
	s.mux.HandleFunc("DELETE /v1/tickets/{id}", s.cancel)
	s.mux.HandleFunc("POST /v1/tickets/{id}/{answer}", s.answer)
	s.mux.HandleFunc("GET /v1/tickets/{id}/explain", func(w http.ResponseWriter, r *http.Request) {
		write(w, 200, map[string]any{"reason": "players", "waiting": 1, "needed": 2})
	})
	return s
}

// RoundTrip implements [http.RoundTripper].
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	if len(s.faults) > 0 {
		fault := s.faults[0]
		s.faults = s.faults[1:]
		if fault != nil {
			defer s.mu.Unlock()
			return fault(r)
		}
	}
	if r.URL.Query().Has("wait") {
		s.polls++
	} else {
		s.log = append(s.log, r.Method+" "+r.URL.Path)
	}
	known := s.valid[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	s.mu.Unlock()
	w := httptest.NewRecorder()
	if !known && r.URL.Path != "/v1/guest" {
		problem(w, 401, "token_invalid")
	} else {
		s.mux.ServeHTTP(w, r)
	}
	if s.after != nil {
		s.after(r)
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

func (s *service) guest(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.guests++
	token := fmt.Sprintf("guest %d of %s", s.guests, s.epoch)
	s.valid[token] = true
	write(w, 201, map[string]string{"token": token})
}

func (s *service) post(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := r.Header.Get("Idempotency-Key")
	if id := s.keys[key]; id != "" {
		write(w, 200, s.tickets[id])
		return
	}
	for id, t := range s.tickets {
		if t.State == Queued {
			write(w, 409, map[string]any{"code": CodeAlreadyQueued, "detail": "leave that one", "ticket": id})
			return
		}
	}
	var o order
	if json.NewDecoder(r.Body).Decode(&o) != nil || o.Queue == "" {
		problem(w, 400, "queue_missing")
		return
	}
	id := fmt.Sprintf("%s-%d", s.epoch, len(s.tickets)+1)
	s.tickets[id] = &Ticket{ID: id, Queue: o.Queue, Version: 1, State: Queued, Cause: "added"}
	s.keys[key] = id
	write(w, 201, s.tickets[id])
}

func (s *service) find(w http.ResponseWriter, r *http.Request) *Ticket {
	id := r.PathValue("id")
	t := s.tickets[id]
	if t == nil && !strings.HasPrefix(id, s.epoch) {
		problem(w, 410, CodeTicketLost)
	} else if t == nil {
		problem(w, 404, CodeTicketUnknown)
	}
	return t
}

func (s *service) get(w http.ResponseWriter, r *http.Request) {
	wait, _ := strconv.Atoi(r.URL.Query().Get("wait"))
	version, _ := strconv.ParseUint(r.URL.Query().Get("version"), 10, 64)
	end := time.After(time.Duration(wait) * time.Second)
	for over := false; ; {
		s.mu.Lock()
		t, changed := s.find(w, r), s.changed
		if t != nil && (t.Version > version || over) {
			write(w, 200, t)
		}
		if t == nil || t.Version > version || over {
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		select {
		case <-changed:
		case <-end:
			over = true
		case <-r.Context().Done():
			return
		}
	}
}

func (s *service) cancel(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.find(w, r); t != nil {
		s.set(t, Cancelled, "cancelled")
		write(w, 200, t)
	}
}

func (s *service) answer(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.find(w, r)
	switch {
	case t == nil:
	case t.State != Proposed:
		problem(w, 409, "not_proposed")
	case r.PathValue("answer") == "decline":
		s.set(t, Cancelled, "declined")
		write(w, 200, t)
	default:
		s.match(t)
		write(w, 200, t)
	}
}

func (s *service) match(t *Ticket) {
	t.Match = &Match{ID: "m1", Game: "arena", Seats: []Seat{{Match: "m1", Game: "arena", URL: "ws://there/play?game=arena&match=m1", Token: "seat"}}}
	s.set(t, Matched, "found")
}

// set is called with mu held.
func (s *service) set(t *Ticket, state State, cause string) {
	t.State, t.Cause, t.Version = state, cause, t.Version+1
	if state != Proposed {
		t.Proposal = nil
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

// change does something to the only ticket that waits.
func (s *service) change(t *testing.T, f func(*Ticket)) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ticket := range s.tickets {
		if ticket.State == Queued || ticket.State == Proposed {
			f(ticket)
			return
		}
	}
	t.Error("no ticket waits")
}

// restart forgets everything.
func (s *service) restart(epoch string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tickets, s.keys, s.epoch, s.valid = map[string]*Ticket{}, map[string]string{}, epoch, map[string]bool{"secret": true}
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *service) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

var errCut = errors.New("connection reset")

func cut(*http.Request) (*http.Response, error) { return nil, errCut }

// busy refuses with a Retry-After of so many seconds.
func busy(seconds string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		w.Header().Set("Retry-After", seconds)
		problem(w, 429, "too_many_requests")
		return w.Result(), nil
	}
}

func problem(w http.ResponseWriter, status int, code string) {
	write(w, status, map[string]any{"code": code, "detail": "because", "status": status})
}

func write(w http.ResponseWriter, status int, v any) {
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		panic(err) // only what can be written is
	}
}

// pass lets virtual time pass, and every goroutine run meanwhile.
func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}
