package load

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Fleet is a number of clients of one server. One goroutine may use it.
type Fleet struct {
	config Config
	loops  []*loop
	seated atomic.Int64 // clients that play
	ended  atomic.Int64 // clients whose connection ended without our doing, since Resize
	number atomic.Int64 // of the next client
}

// NewFleet starts a fleet without clients. Close ends it.
func NewFleet(c Config) (*Fleet, error) {
	c, err := c.filled()
	if err != nil {
		return nil, err
	}
	f := &Fleet{config: c}
	for i := range max(1, len(c.CPUs)) {
		l, err := newLoop(f, i)
		if err != nil {
			f.Close()
			return nil, err
		}
		f.loops = append(f.loops, l)
		go l.run()
	}
	return f, nil
}

// Close drops every connection and ends the loops.
func (f *Fleet) Close() {
	for _, l := range f.loops {
		l.call(func() { l.quit = true })
		<-l.done
	}
	f.loops = nil
}

// Clients is how many play.
func (f *Fleet) Clients() int { return int(f.seated.Load()) }

// resizePatience is for how long nothing may happen while clients join.
const resizePatience = 10 * time.Second

// Resize makes clients join or leave until there are n, and waits until all
// of them play. It fails if a connection ends, or nothing happens for 10 s.
func (f *Fleet) Resize(ctx context.Context, n int) error {
	f.Aim(n)
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	was, since := -1, time.Now()
	for {
		now := f.Clients()
		if now == n {
			return nil
		}
		if now != was {
			was, since = now, time.Now()
		}
		if ended := f.ended.Load(); ended > 0 || time.Since(since) > resizePatience {
			return fmt.Errorf("bench: %d of %d clients play; %s", now, n, f.reason())
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
	}
}

// Aim is Resize without the wait.
func (f *Fleet) Aim(n int) {
	f.ended.Store(0)
	for i, l := range f.loops {
		goal := (n + i) / len(f.loops)
		l.call(func() { l.goal = goal; l.balance() })
	}
}

// reason is an error that a loop met.
func (f *Fleet) reason() (text string) {
	text = "nothing more happens"
	for _, l := range f.loops {
		l.call(func() {
			if n := len(l.books.Errors); n > 0 {
				text = l.books.Errors[n-1]
			}
		})
	}
	return text
}

// Begin forgets what was seen so far.
func (f *Fleet) Begin() {
	for _, l := range f.loops {
		l.call(l.begin)
	}
}

// End returns what was seen since Begin.
func (f *Fleet) End() *Books {
	sum := &Books{Tick: f.config.Tick}
	for _, l := range f.loops {
		l.call(func() { sum.merge(l.end()) })
	}
	return sum
}

// Measure is Begin, the wait, and End.
func (f *Fleet) Measure(ctx context.Context, span time.Duration) (*Books, error) {
	f.Begin()
	if err := Wait(ctx, span); err != nil {
		return nil, err
	}
	return f.End(), nil
}

// Wait waits, unless ctx ends before.
func Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
