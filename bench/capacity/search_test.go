package capacity

import (
	"context"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"arbiter/bench"
)

// virtual is a server that holds a certain number of clients, in no time.
type virtual struct {
	most    int  // clients it holds
	tired   int  // and holds for as long as an answer must hold
	jams    bool // the load generator gives out before it does
	flaky   bool // the first attempt at each number of clients fails
	tried   map[int]bool
	jumpy   int // the load generator is late in so many measurements first
	shared  int // others have the processor in so many measurements first
	opened  int
	closed  int
	longest time.Duration

	clock time.Time
	costs time.Duration // a measurement besides its span; half of that a server's start
}

func (v *virtual) open(context.Context) (Server, error) {
	v.opened++
	v.clock = v.clock.Add(v.costs / 2)
	v.tried = map[int]bool{}
	return v, nil
}

func (v *virtual) Close() { v.closed++ }

func (v *virtual) Load(ctx context.Context, n int, span time.Duration) (*bench.Figures, error) {
	v.clock = v.clock.Add(v.costs/2 + span)
	f := &bench.Figures{Clients: n, Rate: 20, Seconds: span.Seconds(), Received: 1, Gap: bench.Quantiles{P99: 60}}
	v.longest = max(v.longest, span)
	first := !v.tried[n]
	v.tried[n] = true
	if n > v.most || span > 10*time.Second && n > v.tired || v.flaky && first && span < 10*time.Second {
		f.Gap.P99 = 80
		if v.jams {
			f.Load.Bottleneck = "the load generator was busy"
		}
	}
	if v.jumpy > 0 {
		v.jumpy--
		f.Gap.P99, f.Load.Bottleneck = 80, "the load generator sent late"
	}
	if v.shared > 0 {
		v.shared--
		f.Gap.P99, f.Others = 80, 0.1
	}
	return f, nil
}

func search(v *virtual) *Search {
	return &Search{
		Session: bench.Quietly(bench.Common{}, io.Discard), Open: v.open, Most: 20000, Hold: 15 * time.Second,
	}
}

// TestSearchFindsTheCapacity searches servers whose capacity is known.
func TestSearchFindsTheCapacity(t *testing.T) {
	for _, most := range []int{40, 260, 1234, 4711, 19000} {
		v := &virtual{most: most, tired: most}
		s := search(v)
		f, err := s.Run(t.Context())
		if err != nil {
			t.Errorf("%d: %v", most, err)
			continue
		}
		if off := math.Abs(float64(f.Clients-most)) / float64(most); f.Clients > most || off > 2*precision && most > 100 {
			t.Errorf("a server of %d: found %d", most, f.Clients)
		}
		if s.AtLeast || s.Limit == "" || v.longest != 15*time.Second || v.opened != v.closed {
			t.Errorf("a server of %d: at least %v, limit %q, held for %v, %d opened and %d closed", most, s.AtLeast, s.Limit, v.longest, v.opened, v.closed)
		}
	}
}

// TestSearchOutlastsNoise checks that what broke while others had the processor
// is measured again, and that the answer is a lower bound if it went on.
func TestSearchOutlastsNoise(t *testing.T) {
	v := &virtual{most: 2000, tired: 2000, shared: patience}
	s := search(v)
	if f, err := s.Run(t.Context()); err != nil || f.Clients < 1900 || s.AtLeast {
		t.Errorf("noise for a while: %v, %v, at least %v", f, err, s.AtLeast)
	}
	s = search(&virtual{most: 2000, tired: 2000, shared: 1 << 30})
	if f, err := s.Run(t.Context()); !errors.Is(err, ErrNothingHeld) || s.Broke != 0 || !strings.Contains(s.Limit, "others had") {
		t.Errorf("noise all the time: %v, %v, broke at %d, limit %q", f, err, s.Broke, s.Limit)
	}
}

// TestSearchBacksOff checks that what holds for a moment only is not the
// answer.
func TestSearchBacksOff(t *testing.T) {
	v := &virtual{most: 2000, tired: 1800}
	if f, err := search(v).Run(t.Context()); err != nil || f.Clients > 1800 || f.Clients < 1650 {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestSearchFallsBack checks that the answer is what held for a moment if
// nothing holds for longer, below what did not, and that it says so.
func TestSearchFallsBack(t *testing.T) {
	v := &virtual{most: 2000}
	s := search(v)
	f, err := s.Run(t.Context())
	if err != nil || f.Clients >= s.Broke || f.Clients < 1000 || f.Seconds > 3 || s.AtLeast || !strings.Contains(s.Sureness(), "only, not for 15s") {
		t.Errorf("%+v, %v: %s", f, err, s.Sureness())
	}
	s = search(&virtual{most: 5})
	if f, err := s.Run(t.Context()); !errors.Is(err, ErrNothingHeld) || !strings.Contains(err.Error(), "p99 gap") {
		t.Errorf("a server that holds nobody: %+v, %v", f, err)
	}
}

// TestSearchOutlivesLateness checks that a load generator that is late now and
// then is neither the end of the search nor the server's fault.
func TestSearchOutlivesLateness(t *testing.T) {
	for jumpy := range 12 {
		v := &virtual{most: 2000, tired: 2000, jumpy: jumpy}
		s := search(v)
		f, err := s.Run(t.Context())
		if err != nil || f.Clients > 2000 || f.Seconds < 15 {
			t.Errorf("late %d times: %+v, %v", jumpy, f, err)
			continue
		}
		if !s.AtLeast && f.Clients < 1900 || s.AtLeast && !strings.Contains(s.Limit, "sent late") {
			t.Errorf("late %d times: %d, at least %v: %s", jumpy, f.Clients, s.AtLeast, s.Limit)
		}
	}
	v := &virtual{most: 2000, tired: 2000, jumpy: 1 << 30}
	if f, err := search(v).Run(t.Context()); !errors.Is(err, ErrNothingHeld) || !strings.Contains(err.Error(), "sent late") {
		t.Errorf("always late: %+v, %v", f, err)
	}
}

// TestSearchJamsLater checks that what the load generator does not carry while
// an answer is held makes the answer a bound, not a failure.
func TestSearchJamsLater(t *testing.T) {
	v := &virtual{most: 2000, tired: 1500, jams: true}
	s := search(v)
	f, err := s.Run(t.Context())
	if err != nil || f.Clients > 1500 || !s.AtLeast || s.Broke != 0 || s.Limit != "the load generator was busy" {
		t.Errorf("%+v, %v, at least %v: %s", f, err, s.AtLeast, s.Limit)
	}
	v = &virtual{most: 2000, tired: 2000, jams: true}
	s = search(v)
	if f, err := s.Run(t.Context()); err != nil || f.Clients > 2000 || f.Clients < 1800 || !s.AtLeast {
		t.Errorf("a load generator that carries 2000: %+v, %v, at least %v", f, err, s.AtLeast)
	}
}

// TestSearchWithinTime gives a quick search less and less time, on machines
// that are faster and slower: it must end in time, and have an answer as soon
// as there was time for one measurement.
func TestSearchWithinTime(t *testing.T) {
	for _, most := range []int{120, 600, 2900, 1 << 30} {
		for _, costs := range []time.Duration{0, time.Second, 2900 * time.Millisecond, 6 * time.Second} {
			for within := 40 * time.Second; within > 0; within -= time.Second {
				v := &virtual{most: most, tired: most, costs: costs, clock: time.Unix(1e9, 0)}
				s := search(v)
				s.Session = bench.Quietly(bench.Common{Quick: true}, io.Discard)
				s.Hold, s.Now = 4*time.Second, func() time.Time { return v.clock }
				s.Until = v.clock.Add(within)
				f, err := s.Run(t.Context())
				// What the first of all measurements takes is not known before.
				over := v.clock.Sub(s.Until)
				if over > max(0, costs-overhead) {
					t.Errorf("%d clients, %v a measurement: %v more than %v", most, costs, over, within)
				}
				switch {
				case errors.Is(err, ErrNothingHeld):
					if within > 25*time.Second && costs < 6*time.Second || most > 500 && within > 2*time.Second+max(overhead, costs) {
						t.Errorf("%d clients, %v a measurement, within %v: %v", most, costs, within, err)
					}
				case err != nil || f.Clients > most:
					t.Errorf("%d clients, %v a measurement, within %v: %+v, %v", most, costs, within, f, err)
				case most > s.Most && !s.AtLeast, s.Limit == "", s.Cut && !strings.Contains(s.Sureness(), "time was up"):
					t.Errorf("%d clients, %v a measurement, within %v: at least %v, %s, %s", most, costs, within, s.AtLeast, s.Limit, s.Sureness())
				case within >= 38*time.Second && costs <= time.Second && most < s.Most && float64(f.Clients) < 0.85*float64(most):
					t.Errorf("%d clients, %v a measurement, within %v: only %d", most, costs, within, f.Clients)
				}
			}
		}
	}
}

// stuck is a server on which clients never get in.
type stuck struct{ closed *bool }

func (s stuck) Close() { *s.closed = true }

func (stuck) Load(ctx context.Context, _ int, _ time.Duration) (*bench.Figures, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// TestSearchIsNotKept checks that a measurement that does not end when it
// should ends with the time, not with an error of its own.
func TestSearchIsNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closed := false
		s := search(&virtual{})
		s.Open = func(context.Context) (Server, error) { return stuck{&closed}, nil }
		s.Until = time.Now().Add(20 * time.Second)
		if f, err := s.Run(t.Context()); !errors.Is(err, ErrNothingHeld) || !closed || time.Now().After(s.Until) {
			t.Errorf("%+v, %v, closed %v", f, err, closed)
		}
	})
}

// TestSearchStopsAtMost checks that it says so when it is not the server that
// gave out.
func TestSearchStopsAtMost(t *testing.T) {
	v := &virtual{most: 1 << 30, tired: 1 << 30}
	s := search(v)
	if f, err := s.Run(t.Context()); err != nil || f.Clients != s.Most || !s.AtLeast {
		t.Errorf("%+v, %v, at least %v", f, err, s.AtLeast)
	}
	v = &virtual{most: 3000, tired: 3000, jams: true}
	s = search(v)
	if f, err := s.Run(t.Context()); err != nil || f.Clients > 3000 || !s.AtLeast || s.Limit != "the load generator was busy" {
		t.Errorf("%+v, %v, at least %v, %s", f, err, s.AtLeast, s.Limit)
	}
}

// TestSearchForgivesOnce checks that one bad measurement on the way up is not
// the end.
func TestSearchForgivesOnce(t *testing.T) {
	v := &virtual{most: 1 << 30, tired: 1 << 30, flaky: true}
	s := search(v)
	if f, err := s.Run(t.Context()); err != nil || f.Clients != s.Most {
		t.Errorf("%+v, %v", f, err)
	}
}

// TestSearchFails checks that a dead server is an error.
func TestSearchFails(t *testing.T) {
	s := search(&virtual{})
	dead := errors.New("it ended")
	s.Open = func(context.Context) (Server, error) { return nil, dead }
	if _, err := s.Run(t.Context()); !errors.Is(err, dead) {
		t.Errorf("%v", err)
	}
}

func TestOptions(t *testing.T) {
	quick := bench.Quietly(bench.Common{Quick: true, Transport: "net"}, io.Discard)
	o := Options{Repeats: 3}
	if err := o.fill(quick); err != nil || o.Repeats != 1 || o.Hold > 4*time.Second || o.Transports[0] != "net" || o.grid() {
		t.Errorf("%+v, %v", o, err)
	}
	o = Options{Rates: []int{20, 30}}
	if err := o.fill(bench.Quietly(bench.Common{}, io.Discard)); err != nil || o.Repeats != 1 || !o.grid() || o.Players[0] != 10 {
		t.Errorf("%+v, %v", o, err)
	}
	o = Options{Rates: []int{200}}
	if err := o.fill(quick); err == nil {
		t.Error("200 Hz was accepted")
	}
	o = Options{Rates: []int{10, 20, 30, 60}, Players: []int{2, 10}}
	if err := o.fill(quick); err == nil || !strings.Contains(err.Error(), "leave --quick out") {
		t.Errorf("a large grid in a minute: %v", err)
	}
	o = Options{Most: 700}
	if err := o.fill(quick); err != nil || !slices.Equal(o.Costs, []int{500}) {
		t.Errorf("%+v, %v", o.Costs, err)
	}
}

func TestMedian(t *testing.T) {
	if m := median([]int{9, 1, 5}); m != 5 {
		t.Errorf("%d", m)
	}
	if c := (&Cell{Clients: 7, AtLeast: true}); atLeast(c) != "≥ 7" {
		t.Errorf("%s", atLeast(c))
	}
}
