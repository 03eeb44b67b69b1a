package bots

import (
	"context"
	"crypto/tls"
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
	// Rules of the queue, by which players are made and matches checked. Nil:
	// those of its name in Config.Queues, or else as much of them as the server
	// says; then Partial is set.
	Rules   *matchmaking.Rules
	Partial bool
	// Wait is how long to wait for matches at most; 0 means 3 min.
	Wait time.Duration
}

// patience is how long a bot waits with the attributes it has. No other players
// come, so the last bots may suit nobody; then each of them queues again alone,
// with attributes that are easy to match.
const patience = 20 * time.Second

// queuing gets seats for bots. Safe for concurrent use.
type queuing struct {
	*Matchmaking
	api      *api
	http     *http.Client
	requeued atomic.Int64 // bots that queued again with other attributes
	parties  atomic.Int64

	mu         sync.Mutex
	seated     []seated // guarded by mu
	lastTicket string   // guarded by mu: of one that still waited
	lastToken  string   // guarded by mu: the token of its player
}

// seated is a bot that has a seat in a match.
type seated struct {
	seat       matchmake.Seat
	ticket     matchmake.Ticket
	attributes matchmaking.Attributes
	age        time.Duration // of the ticket when the match was found
	at         time.Time
	party      int // number of its first bot; −1: none
}

func newQueuing(m *Matchmaking, a *api, secure *tls.Config) *queuing {
	if m.Wait == 0 {
		m.Wait = 3 * time.Minute
	}
	// The server counts connections by address: those that are not in use are
	// closed, for those of the matches need the room.
	return &queuing{Matchmaking: m, api: a, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16, TLSClientConfig: secure}}}
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

// errRequeue says that a ticket was cancelled so that its player can queue again
// with other attributes.
var errRequeue = errors.New("bots: the bot queues again with other attributes")

// search is a way to get a seat: alone, or with a party.
type search func(context.Context, matchmake.Config) (matchmake.Seat, error)

// seek queues until there is a seat.
func (s *seeker) seek(ctx context.Context, search search) (seated, error) {
	for {
		p, err := s.once(ctx, search)
		if !errors.Is(err, errRequeue) {
			return p, err
		}
		s.requeued.Add(1)
		s.attributes, s.party, s.gaveUp = easyToMatch(*s.Rules), -1, true
		search = matchmake.Find
	}
}

// once queues, and gives up after a while, the first time.
func (s *seeker) once(ctx context.Context, search search) (seated, error) {
	var now lastStatus
	var seat matchmake.Seat
	done := make(chan struct{})
	var over error
	go func() {
		defer close(done)
		seat, over = search(ctx, s.config(now.record))
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
		t, age := now.matched()
		return seated{seat, t, s.attributes, age, time.Now(), s.party}, nil
	case errors.As(over, &ended) && ended.Ticket.Cause == "cancelled" && ctx.Err() == nil && !s.gaveUp:
		return seated{}, errRequeue // cancelled by this bot, or by another of its party
	}
	if t := now.ticket(); t.ID != "" {
		s.mu.Lock()
		s.lastTicket, s.lastToken = t.ID, s.token
		s.mu.Unlock()
	}
	return seated{}, fmt.Errorf("bots: no match: %w", over)
}

func (s *seeker) config(onStatus func(matchmake.Status)) matchmake.Config {
	own := map[string]any{}
	for name, v := range s.attributes {
		own[name] = v
	}
	return matchmake.Config{
		URL: s.api.base.String(), Token: s.token, Queue: s.Queue, Attributes: own, OnStatus: onStatus, HTTP: s.http,
	}
}

// leave cancels a ticket, unless it has a match already.
func (s *seeker) leave(ctx context.Context, t matchmake.Ticket) bool {
	var left matchmake.Ticket
	return t.State == matchmake.Queued &&
		s.api.as(s.token).call(ctx, http.MethodDelete, "v1/tickets/"+t.ID+"?keep_match=1", nil, &left) == nil && left.State == matchmake.Cancelled
}

// explain says why a bot still waited when time was up.
func (q *queuing) explain(ctx context.Context) string {
	q.mu.Lock()
	id, token := q.lastTicket, q.lastToken
	q.mu.Unlock()
	var t matchmake.Ticket
	if id == "" || q.api.as(token).call(ctx, http.MethodGet, "v1/tickets/"+id, nil, &t) != nil {
		return ""
	}
	return fmt.Sprintf("ticket %s was %s: %s", t.ID, t.State, t.Cause)
}

// lastStatus is the newest status of a search.
type lastStatus struct {
	mu    sync.Mutex
	last  matchmake.Ticket // guarded by mu
	asked time.Duration    // guarded by mu: the age when its players were asked last; 0: they were not
}

func (w *lastStatus) record(s matchmake.Status) {
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

func (w *lastStatus) ticket() matchmake.Ticket {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.last
}

// matched is the ticket with its match, and how old it was then: before anybody
// was asked, if they were.
func (w *lastStatus) matched() (matchmake.Ticket, time.Duration) {
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
