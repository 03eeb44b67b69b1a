package capacity

import (
	"context"
	"errors"
	"io"
	"math"
	"testing"
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
	opened  int
	closed  int
	longest time.Duration
}

func (v *virtual) open(context.Context) (Server, error) {
	v.opened++
	v.tried = map[int]bool{}
	return v, nil
}

func (v *virtual) Close() { v.closed++ }

func (v *virtual) Load(_ context.Context, n int, span time.Duration) (*bench.Figures, error) {
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

// TestSearchBacksOff checks that what holds for a moment only is not the
// answer.
func TestSearchBacksOff(t *testing.T) {
	v := &virtual{most: 2000, tired: 1800}
	if f, err := search(v).Run(t.Context()); err != nil || f.Clients > 1800 || f.Clients < 1650 {
		t.Errorf("%+v, %v", f, err)
	}
	v = &virtual{most: 2000}
	if f, err := search(v).Run(t.Context()); err == nil {
		t.Errorf("an answer that never held: %d", f.Clients)
	}
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
}

func TestMedian(t *testing.T) {
	if m := median([]int{9, 1, 5}); m != 5 {
		t.Errorf("%d", m)
	}
	if c := (&Cell{Clients: 7, AtLeast: true}); atLeast(c) != "≥ 7" {
		t.Errorf("%s", atLeast(c))
	}
}
