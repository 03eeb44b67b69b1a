package bots

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"arbiter/matchmaking"
	"arbiter/netcode/client/matchmake"
)

// Matchmaking says how bots get their matches.
type Matchmaking struct {
	// Queue to wait in; empty: the first of the server's.
	Queue string
	// Rules of the queue, to make players by and to judge matches by. Nil: those
	// of its name that ship with the program, or else as much of them as the
	// server tells; then Partial is set.
	Rules   *matchmaking.Rules
	Partial bool
	// Wait is how long to wait for matches at most; 0 means 3 min.
	Wait time.Duration
}

// patience is how long a bot waits as who it is. Nobody else comes to a closed
// crowd, so the last ones may suit nobody; then they come back as players who
// are easy to place, each by himself.
const patience = 20 * time.Second

// queuing gets seats for bots. Safe for concurrent use.
type queuing struct {
	*Matchmaking
	desk    *desk
	http    *http.Client
	anew    atomic.Int64 // bots that came back as others
	parties atomic.Int64

	mu     sync.Mutex
	placed []placed // guarded by mu
	last   string   // guarded by mu: a ticket that still waited
	whose  string   // guarded by mu: the token for it
}

// placed is a bot with a seat.
type placed struct {
	seat       matchmake.Seat
	ticket     matchmake.Ticket
	attributes matchmaking.Attributes
	age        time.Duration // of the ticket when the match was found
	at         time.Time
	party      int // number of its first bot; −1: none
}

func newQueuing(m *Matchmaking, d *desk) *queuing {
	if m.Wait == 0 {
		m.Wait = 3 * time.Minute
	}
	// The server counts connections by address: those that are not in use are
	// closed, for those of the matches need the room.
	return &queuing{Matchmaking: m, desk: d, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}}
}

func (q *queuing) close() { q.http.CloseIdleConnections() }

// seeker is one bot that wants a seat.
type seeker struct {
	*queuing
	token      string
	attributes matchmaking.Attributes
	party      int
	gaveUp     bool
}

// errAnew says that a ticket was taken out to come back as another.
var errAnew = errors.New("bots: comes back as another player")

// finding is a way to find a seat: alone, or with a party.
type finding func(context.Context, matchmake.Config) (matchmake.Seat, error)

// seek queues until there is a seat.
func (s *seeker) seek(ctx context.Context, find finding) (placed, error) {
	for {
		p, err := s.once(ctx, find)
		if !errors.Is(err, errAnew) {
			return p, err
		}
		s.anew.Add(1)
		s.attributes, s.party, s.gaveUp = easy(*s.Rules), -1, true
		find = matchmake.Find
	}
}

// once queues, and gives up after a while, the first time.
func (s *seeker) once(ctx context.Context, find finding) (placed, error) {
	var now watched
	var seat matchmake.Seat
	done := make(chan struct{})
	var over error
	go func() {
		defer close(done)
		seat, over = find(ctx, s.config(now.take))
	}()
	enough := time.NewTimer(patience)
	defer enough.Stop()
	left := false
	for waits := true; waits; {
		select {
		case <-done:
			waits = false
		case <-enough.C:
			if !s.gaveUp && !left {
				left = s.leave(ctx, now.ticket())
				enough.Reset(patience / 4)
			}
		}
	}
	var ended *matchmake.EndedError
	switch {
	case over == nil:
		t, age := now.found()
		return placed{seat, t, s.attributes, age, time.Now(), s.party}, nil
	case errors.As(over, &ended) && ended.Ticket.Cause == "cancelled" && ctx.Err() == nil && !s.gaveUp:
		return placed{}, errAnew // taken out by this bot, or by another of its party
	}
	if t := now.ticket(); t.ID != "" {
		s.mu.Lock()
		s.last, s.whose = t.ID, s.token
		s.mu.Unlock()
	}
	return placed{}, fmt.Errorf("bots: no match: %w", over)
}

func (s *seeker) config(onStatus func(matchmake.Status)) matchmake.Config {
	own := map[string]any{}
	for name, v := range s.attributes {
		own[name] = v
	}
	return matchmake.Config{
		URL: s.desk.base.String(), Token: s.token, Queue: s.Queue, Attributes: own, OnStatus: onStatus, HTTP: s.http,
	}
}

// leave takes a ticket out of the queue, unless it has a match already.
func (s *seeker) leave(ctx context.Context, t matchmake.Ticket) bool {
	var left matchmake.Ticket
	return t.State == matchmake.Queued &&
		s.desk.as(s.token).ask(ctx, http.MethodDelete, "v1/tickets/"+t.ID+"?keep_match=1", nil, &left) == nil && left.State == matchmake.Cancelled
}

// explain says why somebody still waited when time was up.
func (q *queuing) explain(ctx context.Context) string {
	q.mu.Lock()
	id, token := q.last, q.whose
	q.mu.Unlock()
	var t matchmake.Ticket
	if id == "" || q.desk.as(token).ask(ctx, http.MethodGet, "v1/tickets/"+id, nil, &t) != nil {
		return ""
	}
	return fmt.Sprintf("ticket %s was %s: %s", t.ID, t.State, t.Cause)
}

// watched is what a search last said.
type watched struct {
	mu    sync.Mutex
	last  matchmake.Ticket // guarded by mu
	asked time.Duration    // guarded by mu: the age when its players were asked last; 0: they were not
}

func (w *watched) take(s matchmake.Status) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = s.Ticket
	switch {
	case s.Phase == matchmake.Waiting:
		w.asked = 0
	case s.Phase == matchmake.Asked && w.asked == 0:
		w.asked = ageOf(s.Ticket)
	}
}

func (w *watched) ticket() matchmake.Ticket {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// found is the ticket with its match, and how old it was then: before anybody
// was asked, if they were.
func (w *watched) found() (matchmake.Ticket, time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.asked > 0 {
		return w.last, w.asked
	}
	return w.last, ageOf(w.last)
}

func ageOf(t matchmake.Ticket) time.Duration {
	return time.Duration(t.AgeSeconds * float64(time.Second))
}
