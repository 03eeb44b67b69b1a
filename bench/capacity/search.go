package capacity

import (
	"context"
	"errors"
	"fmt"
	"time"

	"arbiter/bench"
)

// Server is what is loaded: a [bench.Stand].
type Server interface {
	// Load lets n clients play, and measures for a span. Clients that could not
	// play or lost their connections are faults; an error is the end.
	Load(ctx context.Context, n int, span time.Duration) (*bench.Figures, error)
	Close()
}

// Search is one attempt to find the capacity of a server.
//
// Three things may break the bar: the server, the load generator, which then
// says so, or whoever else had the server's processors ([bench.Figures.Robbed]). Only the
// first is the server's capacity; if it was another, the answer is what held
// below it, or more ([Search.AtLeast]). What breaks in noise is measured again
// before it counts, a bounded number of times.
type Search struct {
	Session *bench.Session
	Open    func(context.Context) (Server, error) // starts a server
	Most    int                                   // clients
	Hold    time.Duration                         // of the answer
	From    int                                   // clients to begin with; 0 means 250, 500 if quick
	// Until is when the answer must be there, the best by then if nothing
	// better is known. Zero leaves all the time there is.
	Until time.Time
	Now   func() time.Time // nil means time.Now

	// what was found
	Ramp    []*bench.Figures // in the order they were measured
	Limit   string           // why there were not more clients
	AtLeast bool             // it was not the server's
	Broke   int              // fewest clients of which the server broke the bar; 0: none
	Cut     bool             // the time was up before all was measured

	held    *bench.Figures // the answer
	why     string         // of Broke
	blocked int            // as Broke, when the server was not the reason; 0: never
	jam     string         // of blocked
	patient int            // measurements made again because of noise
	dearest time.Duration  // the longest that a measurement took besides its span
}

const (
	rampFrom   = 250  // clients
	rampFactor = 1.5  // from step to step
	precision  = 0.03 // of bisection
	coarse     = 0.1  // of bisection, if there is no time or it is not about the server
	backoff    = 0.96 // of clients, when the answer does not hold
	fewest     = 10   // clients below which nothing holds
	patience   = 6    // measurements that may be made again because of noise
)

// ErrNothingHeld is returned by [Search.Run] if there was no number of clients
// at which the bar held.
var ErrNothingHeld = errors.New("bench: no number of clients held")

// errTime ends a search whose time is up.
var errTime = errors.New("bench: the time is up")

// Run ramps, bisects, and holds. Once a number held there is an answer,
// however little time is left for a better one.
func (s *Search) Run(ctx context.Context) (*bench.Figures, error) {
	good, bad, err := s.climb(ctx)
	if err == nil {
		good, err = s.bisect(ctx, good, bad)
	}
	if err == nil {
		err = s.hold(ctx, good)
	}
	if err != nil && !errors.Is(err, errTime) {
		return nil, err
	}
	s.Cut = s.Cut || err != nil
	if s.held == nil {
		s.held = s.best()
	}
	s.judge()
	if s.held == nil {
		if s.Limit == "" {
			s.Limit = errTime.Error()
		}
		return nil, fmt.Errorf("%w for %v: %s", ErrNothingHeld, s.span(), s.Limit)
	}
	return s.held, nil
}

// climb adds clients to one server until the bar breaks. bad is 0 if it did
// not.
func (s *Search) climb(ctx context.Context) (good, bad int, err error) {
	if !s.time(s.span()) {
		return 0, 0, errTime
	}
	stand, err := s.open(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer stand.Close()
	factor := bench.Either(s.Session, 2.0, rampFactor)
	n := bench.Either(s.Session, 2*rampFrom, rampFrom)
	if s.From > 0 {
		n = s.From
	}
	for ; ; n = int(float64(n) * factor) {
		n = min(n, s.Most)
		if s.cut(good) {
			return good, 0, nil
		}
		holds, err := s.twice(ctx, stand, n)
		switch {
		case err != nil:
			return good, 0, err
		case !holds:
			return good, n, nil
		case n == s.Most:
			return n, 0, nil
		}
		good = n
	}
}

// twice measures n clients, and once more if they did not hold: once is chance.
func (s *Search) twice(ctx context.Context, stand Server, n int) (holds bool, err error) {
	measure := func() (*bench.Figures, error) { return s.measure(ctx, stand, n, s.span()) }
	f, err := s.calm(measure)
	if err == nil && f.Broken() != "" {
		f, err = s.calm(measure)
	}
	if err != nil {
		return false, err
	}
	return s.note(f), nil
}

// calm measures again while what broke may have been somebody else's fault.
func (s *Search) calm(measure func() (*bench.Figures, error)) (*bench.Figures, error) {
	f, err := measure()
	for err == nil && f.Broken() != "" && f.Robbed() && s.patient < bench.Either(s.Session, 1, patience) {
		s.patient++
		f, err = measure()
	}
	return f, err
}

// bisect narrows the gap between what held and what did not, to less if it was
// not the server that did not.
func (s *Search) bisect(ctx context.Context, good, bad int) (int, error) {
	wide := func() bool {
		margin := bench.Either(s.Session, coarse, precision)
		if bad == s.blocked {
			margin = coarse
		}
		return float64(bad-good) > max(1, margin*float64(bad))
	}
	for bad > fewest && wide() && !s.cut(good) {
		middle := max(fewest, (good+bad)/2)
		f, err := s.fresh(ctx, middle, s.span())
		if err == nil && f.Broken() != "" && f.Load.Bottleneck != "" {
			f, err = s.fresh(ctx, middle, s.span())
		}
		if err != nil {
			return good, err
		}
		if s.note(f) {
			good = middle
		} else {
			bad = middle
		}
	}
	return good, nil
}

// hold looks for the number that holds for as long as an answer must, from
// good downwards. A load generator that was late once is asked again.
func (s *Search) hold(ctx context.Context, good int) error {
	back, attempts := bench.Either(s.Session, 0.9, backoff), bench.Either(s.Session, 3, 8)
	again := true
	for try := 0; try < attempts && good >= fewest; {
		f, err := s.fresh(ctx, good, s.Hold)
		if err != nil {
			return err
		}
		if again && f.Broken() != "" && f.Load.Bottleneck != "" {
			again = false
			continue
		}
		if s.note(f) {
			s.held = f
			return nil
		}
		good, again, try = int(float64(good)*back), true, try+1
	}
	return nil
}

// best is, of what held for a moment, the most that nothing speaks against.
func (s *Search) best() *bench.Figures {
	var best *bench.Figures
	for _, f := range s.Ramp {
		broke := s.Broke > 0 && f.Clients >= s.Broke || s.blocked > 0 && f.Clients >= s.blocked || f.Broken() != ""
		if !broke && (best == nil || f.Clients >= best.Clients) {
			best = f
		}
	}
	return best
}

// span is how long a measurement takes that is not yet the answer.
func (s *Search) span() time.Duration {
	return bench.Either(s.Session, time.Second, 2500*time.Millisecond)
}

// fresh measures n clients on a server of their own.
func (s *Search) fresh(ctx context.Context, n int, span time.Duration) (*bench.Figures, error) {
	return s.calm(func() (*bench.Figures, error) { return s.once(ctx, n, span) })
}

func (s *Search) once(ctx context.Context, n int, span time.Duration) (*bench.Figures, error) {
	if !s.time(span) {
		return nil, errTime
	}
	began := s.now()
	defer func() { s.dearest = max(s.dearest, s.now().Sub(began)-span) }()
	stand, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer stand.Close()
	return s.measure(ctx, stand, n, span)
}

func (s *Search) open(ctx context.Context) (Server, error) {
	limited, cancel := s.limited(ctx)
	defer cancel()
	stand, err := s.Open(limited)
	return stand, late(ctx, limited, err)
}

// measure is errTime if there is none, or not enough as it turns out.
func (s *Search) measure(ctx context.Context, server Server, n int, span time.Duration) (*bench.Figures, error) {
	if !s.time(span) {
		return nil, errTime
	}
	limited, cancel := s.limited(ctx)
	defer cancel()
	began := s.now()
	f, err := server.Load(limited, n, span)
	if err != nil {
		return nil, late(ctx, limited, err)
	}
	s.dearest = max(s.dearest, s.now().Sub(began)-span)
	s.Session.Say("%v", f)
	s.Ramp = append(s.Ramp, f)
	return f, nil
}
