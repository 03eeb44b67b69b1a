package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/client/core"
)

// loop keeps a seat connected. Its goroutine is the only one that writes, and
// the one that callbacks run on.
type loop struct {
	// Static.
	config  Config
	name    string // of the game
	start   time.Time
	cancel  context.CancelCauseFunc
	done    chan struct{} // closed when the client is
	played  chan struct{} // closed at the first welcome
	ticks   chan struct{} // one token after each tick
	receive func(now time.Duration, msg []byte) (core.Received, error)
	wishes  func() // tells the seat what the player wants

	// Owned by the goroutine.
	same bool // the next connection is to the same match

	mu     sync.Mutex
	seat   *core.Seat // guarded by mu, with everything below it
	tick   game.Tick  // guarded by mu
	onTick []func()   // guarded by mu

	reportMu sync.Mutex
	status   Status     // guarded by reportMu
	stats    core.Stats // guarded by reportMu
}

// now is the client's clock.
func (l *loop) now() time.Duration { return time.Since(l.start) }

// Do runs f while the state stands still and no callback runs. It must not be
// called from a callback.
func (l *loop) Do(f func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	f()
}

// OnTick calls f once for each tick of the prediction clock, which is when
// inputs are made; what f sets is for the next one. Ticks that the clock jumps
// over are not called. Like the other On functions it must not be called from a
// callback.
func (l *loop) OnTick(f func()) {
	l.Do(func() { l.onTick = append(l.onTick, f) })
}

// Wait returns after the next tick, or with an error when the client is closed
// or ctx ends. One goroutine at a time may wait.
func (l *loop) Wait(ctx context.Context) error {
	select {
	case <-l.ticks:
		return nil
	case <-l.done:
		return l.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Player is the client's number in its match; 0 for spectators. It is for
// callbacks and Do.
func (l *loop) Player() game.PlayerID { return l.seat.Player() }

// Tick is the tick that what the player does now is for. It is for callbacks
// and Do.
func (l *loop) Tick() game.Tick { return l.seat.Tick() }

// MatchID names the match, for Config.Match of others. It is for callbacks and
// Do.
func (l *loop) MatchID() string { return l.seat.Welcome().MatchID }

// Seat is the client with its types erased. It is for callbacks and Do.
func (l *loop) Seat() *core.Seat { return l.seat }

// Status says what the client is doing.
func (l *loop) Status() Status {
	l.reportMu.Lock()
	defer l.reportMu.Unlock()
	return l.status
}

// Stats are the figures as of the last tick.
func (l *loop) Stats() core.Stats {
	l.reportMu.Lock()
	defer l.reportMu.Unlock()
	return l.stats
}

// Done is closed when the client is.
func (l *loop) Done() <-chan struct{} { return l.done }

// Err says why the client is closed: ErrClosed after Close and, with the cause,
// after the end of the context; else what the server or the network said. It is
// nil while the client is not closed.
func (l *loop) Err() error {
	if s := l.Status(); s.Phase == Closed {
		return s.Err
	}
	return nil
}

func (l *loop) enter(s Status) {
	l.reportMu.Lock()
	changed := s.Phase != l.status.Phase
	l.status = s
	l.reportMu.Unlock()
	if changed && l.config.OnStatus != nil {
		l.Do(func() { l.config.OnStatus(s) })
	}
}

// run connects again and again until there is a reason not to.
func (l *loop) run(ctx context.Context) {
	defer close(l.done)
	defer l.cancel(ErrClosed)
	pause := core.Backoff{Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))} // #nosec G404 -- spreads clients in time, hides nothing
	for {
		err := l.connection(ctx, &pause)
		l.Do(l.seat.Disconnected)
		l.publish()
		what := l.config.action(err)
		switch {
		case ctx.Err() != nil:
			l.enter(Status{Closed, l.ended(ctx, nil)})
			return
		case what == netcode.GiveUp, errors.Is(err, errUnreachable) && !l.hasPlayed():
			l.enter(Status{Closed, err})
			return
		case what == netcode.Reconnect:
			l.Do(l.seat.Leave)
		}
		l.same = what == netcode.Resume && l.hasPlayed()
		l.enter(Status{l.next(), err})
		if !l.sleep(ctx, pause.Failed(l.now())) {
			l.enter(Status{Closed, l.ended(ctx, err)})
			return
		}
	}
}

// ended is the error of a client whose context has ended, while it was trying
// to get over err if that is not nil.
func (l *loop) ended(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case cause == ErrClosed:
		return ErrClosed
	case err != nil:
		return fmt.Errorf("%w: %w; before that: %w", ErrClosed, cause, err)
	default:
		return fmt.Errorf("%w: %w", ErrClosed, cause)
	}
}

// next is the phase of the connection to come.
func (l *loop) next() (p Phase) {
	p = Reconnecting
	l.Do(func() {
		if l.seat.CanResume() {
			p = Resuming
		}
	})
	if !l.hasPlayed() {
		return Connecting
	}
	return p
}

func (l *loop) hasPlayed() bool {
	select {
	case <-l.played:
		return true
	default:
		return false
	}
}

func (l *loop) sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// publish makes the figures readable.
func (l *loop) publish() {
	l.mu.Lock()
	stats := l.seat.Stats()
	l.mu.Unlock()
	l.reportMu.Lock()
	l.stats = stats
	l.reportMu.Unlock()
}
