package capacity

import (
	"context"
	"fmt"
	"time"

	"arbiter/bench"
)

// Cell is the capacity of a server for one kind of match.
type Cell struct {
	Players   int    `json:"players"`
	Rate      int    `json:"rate_hz"`
	Transport string `json:"transport"`
	// Clients is the median of Runs: how many played while the bar held.
	Clients int   `json:"clients"`
	Runs    []int `json:"runs"`
	// Limit says why there were not more; if AtLeast, it was not the server.
	Limit   string           `json:"limit"`
	AtLeast bool             `json:"at_least"`
	Held    *bench.Figures   `json:"held"` // of the last run
	Ramp    []*bench.Figures `json:"ramp"` // of the last run
}

// Server is what is loaded: a [bench.Stand].
type Server interface {
	// Load lets n clients play, and measures for a span. Clients that could not
	// play or lost their connections are faults; an error is the end.
	Load(ctx context.Context, n int, span time.Duration) (*bench.Figures, error)
	Close()
}

// Search is one attempt to find the capacity of a server.
type Search struct {
	Session *bench.Session
	Open    func(context.Context) (Server, error) // starts a server
	Most    int                                   // clients
	Hold    time.Duration                         // of the answer

	// what was found
	Ramp    []*bench.Figures // in the order they were measured
	Limit   string           // why there were not more clients
	AtLeast bool             // it was not the server's
}

const (
	rampFrom   = 250  // clients
	rampFactor = 1.5  // from step to step
	precision  = 0.03 // of bisection
	backoff    = 0.96 // of clients, when the answer does not hold
	fewest     = 10   // clients below which nothing holds
)

// Run ramps, bisects, and holds.
func (s *Search) Run(ctx context.Context) (*bench.Figures, error) {
	good, bad, err := s.climb(ctx)
	if err != nil {
		return nil, err
	}
	margin := bench.Either(s.Session, 0.1, precision)
	for !s.AtLeast && bad > fewest && float64(bad-good) > margin*float64(bad) {
		middle := (good + bad) / 2
		f, err := s.fresh(ctx, middle, s.span())
		if err != nil {
			return nil, err
		}
		if s.holds(f) {
			good = middle
		} else {
			bad = middle
		}
	}
	attempts := bench.Either(s.Session, 3, 8)
	for n, try := good, 0; try < attempts && n >= fewest; n, try = int(float64(n)*backoff), try+1 {
		f, err := s.fresh(ctx, n, s.Hold)
		if err != nil {
			return nil, err
		}
		if s.holds(f) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("bench: no number of clients held for %v: %s", s.Hold, s.Limit)
}

func (s *Search) span() time.Duration {
	return bench.Either(s.Session, time.Second, 2500*time.Millisecond)
}

// climb adds clients to one server until the bar breaks. bad is 0 if it did
// not.
func (s *Search) climb(ctx context.Context) (good, bad int, err error) {
	stand, err := s.Open(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer stand.Close()
	factor := bench.Either(s.Session, 2.0, rampFactor)
	for n := bench.Either(s.Session, 2*rampFrom, rampFrom); ; n = int(float64(n) * factor) {
		n = min(n, s.Most)
		f, err := s.measure(ctx, stand, n, s.span())
		if err == nil && !s.holds(f) { // once is chance
			s.Limit, s.AtLeast = "", false
			f, err = s.measure(ctx, stand, n, s.span())
		}
		if err != nil {
			return 0, 0, err
		}
		s.Ramp = append(s.Ramp, f)
		switch {
		case !s.holds(f):
			return good, n, nil
		case n == s.Most:
			s.Limit, s.AtLeast = fmt.Sprintf("stopped at --most %d", n), true
			return n, 0, nil
		}
		good = n
	}
}

// fresh measures n clients on a server of their own.
func (s *Search) fresh(ctx context.Context, n int, span time.Duration) (*bench.Figures, error) {
	stand, err := s.Open(ctx)
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	f, err := s.measure(ctx, stand, n, span)
	if err == nil && span == s.span() {
		s.Ramp = append(s.Ramp, f)
	}
	return f, err
}

func (s *Search) measure(ctx context.Context, server Server, n int, span time.Duration) (*bench.Figures, error) {
	f, err := server.Load(ctx, n, span)
	if err == nil {
		s.Session.Say("%v", f)
	}
	return f, err
}

// holds reports whether the bar held, and notes why not. If the load generator
// was at its limit then, the search is about it and ends.
func (s *Search) holds(f *bench.Figures) bool {
	why := f.Broken()
	if why == "" {
		return true
	}
	s.Limit = why
	if f.Load.Bottleneck != "" {
		s.Limit, s.AtLeast = f.Load.Bottleneck, true
	}
	return false
}
