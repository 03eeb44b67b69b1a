package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/client/core"
)

// loop is what typed and untyped clients have in common: it keeps a seat
// connected, with session resumption and exponential backoff. Its goroutine is
// the only one that writes, and the one that callbacks run on.
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
	push    func() // passes the newest input to the seat; inputMu is held

	// Owned by the goroutine.
	sameMatch     bool // the next connection is to the same match
	tokensRefused int  // in a row

	mu     sync.Mutex
	seat   *core.Seat // guarded by mu, with everything below it
	tick   game.Tick  // guarded by mu
	onTick []func()   // guarded by mu

	// inputMu is held for moments only, so that Set may be called from anywhere,
	// also from callbacks, which run while mu is held.
	inputMu  sync.Mutex
	changed  bool           // guarded by inputMu: the input was set since it was pushed
	commands []func() error // guarded by inputMu: not sent yet

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
// over are not called, and after the server dropped time, because it stood still,
// some come again. For a spectator f is called with each snapshot. Like the other
// On functions OnTick must not be called from a callback.
func (l *loop) OnTick(f func()) {
	l.Do(func() { l.onTick = append(l.onTick, f) })
}

// Wait returns after the next tick, for a spectator the next snapshot, or with an error when the client is closed
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

// Tick is the tick that what the player does now is for; for a spectator that of
// the newest snapshot. It is for callbacks and Do.
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

func (l *loop) setStatus(s Status) {
	l.reportMu.Lock()
	changed := s.Phase != l.status.Phase
	l.status = s
	l.reportMu.Unlock()
	if changed && l.config.OnStatus != nil {
		l.Do(func() { l.config.OnStatus(s) })
	}
}

// MaxCommands bounds the commands that wait to be sent.
const MaxCommands = 64

// ErrFull is returned by [Command] and [Untyped.Command] while MaxCommands wait.
var ErrFull = core.ErrFull

// command queues a command until send, which is called on the loop's goroutine,
// returns nil.
func (l *loop) command(send func() error) error {
	l.inputMu.Lock()
	defer l.inputMu.Unlock()
	if len(l.commands) == MaxCommands {
		return ErrFull
	}
	l.commands = append(l.commands, send)
	return nil
}

// pushInput passes on what was set since the last time, and the commands; those
// that cannot be sent yet stay.
func (l *loop) pushInput() {
	l.inputMu.Lock()
	defer l.inputMu.Unlock()
	if l.changed {
		l.changed = false
		l.push()
	}
	for len(l.commands) > 0 {
		if err := l.commands[0](); err != nil {
			return
		}
		l.commands[0] = nil
		l.commands = l.commands[1:]
	}
}

// Close leaves the match and closes the connection. The client's goroutines have
// ended when it returns. It must not be called from a callback. The error is what
// ended the client before, if something did.
func (l *loop) Close() error {
	l.cancel(ErrClosed)
	<-l.done
	if err := l.Err(); !errors.Is(err, ErrClosed) {
		return err
	}
	return nil
}

// setUp prepares a client that has not connected yet. What the two kinds of
// client do differently, receive and push, is set besides.
func (l *loop) setUp(game string, seat *core.Seat, cfg Config) {
	l.config, l.name, l.seat, l.start = cfg, game, seat, time.Now()
	l.done, l.played, l.ticks = make(chan struct{}), make(chan struct{}), make(chan struct{}, 1)
}

// begin starts to connect, and returns once the client plays or has failed.
func (l *loop) begin(ctx context.Context) error {
	ctx, l.cancel = context.WithCancelCause(ctx)
	go l.run(ctx) // ended by Close, ctx or the server, which closes done
	select {
	case <-l.played:
		return nil
	case <-l.done:
		return l.Err()
	}
}

// run connects again and again until there is a reason not to.
func (l *loop) run(ctx context.Context) {
	defer close(l.done)
	defer l.cancel(ErrClosed)
	pause := core.Backoff{Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))} // #nosec G404 -- spreads clients in time, hides nothing
	for {
		err := l.session(ctx, &pause)
		l.Do(l.seat.Disconnected)
		l.publishStats()
		what := l.action(err)
		switch {
		case ctx.Err() != nil:
			l.setStatus(Status{Closed, l.ended(ctx, nil)})
			return
		case what == netcode.GiveUp, errors.Is(err, errUnreachable) && !l.hasPlayed():
			l.setStatus(Status{Closed, err})
			return
		case what == netcode.Reconnect:
			l.Do(l.seat.Leave)
		}
		l.sameMatch = what == netcode.Resume
		l.setStatus(Status{l.nextPhase(), err})
		if !l.sleep(ctx, l.pause(&pause, err)) {
			l.setStatus(Status{Closed, l.ended(ctx, err)})
			return
		}
	}
}

// action is what to do after err. A token that is refused is the end only for a
// client that has no other, or if the next one is refused too.
func (l *loop) action(err error) netcode.Action {
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.Status != http.StatusUnauthorized || !l.config.renews() {
		return l.config.action(err)
	}
	l.tokensRefused++
	if l.tokensRefused > 1 {
		return netcode.GiveUp
	}
	return netcode.Resume
}

// pause is how long to wait before the next attempt, after err.
func (l *loop) pause(b *core.Backoff, err error) time.Duration {
	var refused *RefusedError
	switch {
	case errors.Is(err, errUnreachable):
		return b.Unreachable(l.now())
	case errors.As(err, &refused):
		return max(b.Failed(l.now()), refused.RetryAfter)
	default:
		return b.Failed(l.now())
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
func (l *loop) nextPhase() (p Phase) {
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
func (l *loop) publishStats() {
	l.mu.Lock()
	stats := l.seat.Stats()
	l.mu.Unlock()
	l.reportMu.Lock()
	l.stats = stats
	l.reportMu.Unlock()
}
