package capacity

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"arbiter/bench"
)

// note keeps what a measurement says, and reports whether the bar held.
func (s *Search) note(f *bench.Figures) bool {
	why := f.Broken()
	switch {
	case why == "":
		return true
	case f.Load.Bottleneck != "" || f.Robbed():
		if s.blocked == 0 || f.Clients < s.blocked {
			s.blocked, s.jam = f.Clients, cmp.Or(f.Load.Bottleneck, "others had the server's processors: "+why)
		}
	case s.Broke == 0 || f.Clients < s.Broke:
		s.Broke, s.why = f.Clients, why
	}
	return false
}

// judge says what kept the answer from being more: the nearest number above it
// that broke, whoever broke it.
func (s *Search) judge() {
	n := 0
	if s.held != nil {
		n = s.held.Clients
	}
	switch {
	case s.blocked > n && (s.Broke == 0 || s.blocked < s.Broke):
		s.Limit, s.AtLeast = s.jam, true
	case s.Broke > 0:
		s.Limit = s.why
	case n == s.Most:
		s.Limit, s.AtLeast = fmt.Sprintf("stopped at --most %d", n), true
	case s.Cut:
		s.Limit, s.AtLeast = "the time was up before more clients were tried", n > 0
		if last := len(s.Ramp) - 1; n == 0 && last >= 0 {
			s.Limit = fmt.Sprintf("the time was up after %d clients: %s", s.Ramp[last].Clients, s.Ramp[last].Broken())
		}
	}
}

// Sureness says in words how well the answer is known.
func (s *Search) Sureness() string {
	if s.held == nil {
		return "nothing held"
	}
	text := fmt.Sprintf("%d held for %.0f s", s.held.Clients, s.held.Seconds)
	if s.held.Seconds < 0.9*s.Hold.Seconds() {
		text += fmt.Sprintf(" only, not for %v", s.Hold)
	}
	if s.Broke > s.held.Clients {
		text += fmt.Sprintf(", %d did not: it is known to %.0f %%", s.Broke, 100*float64(s.Broke-s.held.Clients)/float64(s.Broke))
	}
	if s.Cut {
		text += "; the time was up before it was known better"
	}
	return text
}

func (s *Search) now() time.Time {
	if s.Now != nil {
		return s.Now()
	}
	return time.Now()
}

// overhead is what a measurement takes besides its span, before any was made:
// a server's start, connecting, settling.
const overhead = 3 * time.Second

// time reports whether measurements over those spans will be over in time.
func (s *Search) time(spans ...time.Duration) bool {
	if s.Until.IsZero() {
		return true
	}
	besides := s.dearest
	if besides == 0 {
		besides = overhead
	}
	need := time.Duration(0)
	for _, span := range spans {
		need += span + besides
	}
	return s.Until.Sub(s.now()) >= need
}

// cut ends the search for more clients when only as much time is left as it
// takes to hold the good ones.
func (s *Search) cut(good int) bool {
	s.Cut = good > 0 && !s.time(s.span(), s.Hold)
	return s.Cut
}

// limited is ctx until the time is up. By then a measurement that was expected
// to be over is of a machine on which nothing can be foretold.
func (s *Search) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.Until.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, s.Until.Sub(s.now()))
}

// late is err, or errTime if that is why.
func late(ctx, limited context.Context, err error) error {
	if err != nil && limited.Err() != nil && ctx.Err() == nil {
		return errTime
	}
	return err
}
