package bots

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"sync"
	"time"

	"arbiter/netcode"
	"arbiter/netcode/client"
	"arbiter/netcode/client/core"

	"github.com/gobwas/ws"
)

// stranger is a client of a game that this program does not have the types of.
// It learns from the server what an input consists of, and otherwise does what
// package client does for games it knows, over the same core.
type stranger struct {
	config client.Config
	game   string
	start  time.Time
	onTick func(*core.Seat)
	cancel context.CancelFunc
	played chan struct{} // closed at the first welcome
	done   chan struct{} // closed when it is over

	mu     sync.Mutex
	seat   *core.Seat    // guarded by mu
	status client.Status // guarded by mu
}

const (
	strangerDial  = 10 * time.Second
	strangerQuiet = 5 * time.Second // without a message the connection counts as lost

	strangerMessage = 4 << 20 // bytes
)

// meet connects and returns once the client plays. onTick is called once a
// tick of the prediction clock and sets what the player does.
func meet(ctx context.Context, game string, cfg client.Config, onTick func(*core.Seat)) (*stranger, error) {
	ctx, cancel := context.WithCancel(ctx)
	s := &stranger{
		config: cfg, game: game, start: time.Now(), onTick: onTick, cancel: cancel,
		played: make(chan struct{}), done: make(chan struct{}), seat: core.NewSeat(core.Config{}),
	}
	go s.run(ctx) // ended by Close, ctx or the server; done tells
	select {
	case <-s.played:
		return s, nil
	case <-s.done:
		return nil, s.Err()
	}
}

// run connects again and again until there is a reason not to.
func (s *stranger) run(ctx context.Context) {
	defer close(s.done)
	defer s.cancel()
	pause := core.Backoff{Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))} // #nosec G404 -- spreads clients in time, hides nothing
	for {
		err := s.connection(ctx, &pause)
		act := netcode.Resume
		var closed *client.CloseError
		var refused *client.RefusedError
		switch {
		case ctx.Err() != nil:
			act, err = netcode.GiveUp, client.ErrClosed
		case errors.As(err, &closed):
			act = closed.Code.Action()
		case errors.Is(err, core.ErrVersion):
			act = netcode.GiveUp
		case errors.As(err, &refused) && refused.Status < 500 && refused.Status != http.StatusTooManyRequests:
			act = netcode.GiveUp
		}
		s.Do(func() {
			s.seat.Disconnected()
			s.status = client.Status{Phase: client.Resuming, Err: err}
			if act == netcode.Reconnect {
				s.seat.Leave()
			}
			if act == netcode.GiveUp {
				s.status.Phase = client.Closed
			}
		})
		if act == netcode.GiveUp {
			return
		}
		wait := time.NewTimer(pause.Failed(time.Since(s.start)))
		select {
		case <-wait.C:
		case <-ctx.Done(): // the next attempt fails at once
		}
		wait.Stop()
	}
}

// connection dials and plays until the connection ends.
func (s *stranger) connection(ctx context.Context, pause *core.Backoff) error {
	conn, r, err := s.dial(ctx)
	if err != nil {
		return err
	}
	frames, quit, gone := make(chan heard), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		listen(conn, r, frames, quit)
	}()
	defer func() {
		close(quit)
		_ = conn.Close()
		<-gone
	}()
	var hello []byte
	s.Do(func() { hello = s.seat.Hello(time.Since(s.start), nil) })
	if err := say(conn, ws.NewBinaryFrame(hello)); err != nil {
		return err
	}
	turn := time.NewTimer(time.Hour)
	defer turn.Stop()
	for {
		select {
		case h := <-frames:
			if err := s.hear(conn, h); err != nil {
				return err
			}
		case <-turn.C:
		case <-ctx.Done():
			return say(conn, ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusNormalClosure, "")))
		}
		wake, err := s.turn(conn, pause)
		if err != nil {
			return err
		}
		turn.Reset(wake)
	}
}

// turn advances the clock and writes what is due.
func (s *stranger) turn(conn net.Conn, pause *core.Backoff) (wake time.Duration, err error) {
	for more := true; more && err == nil; {
		var out []byte
		s.Do(func() {
			now := time.Since(s.start)
			if s.seat.Playing() && s.status.Phase != client.Playing {
				s.status = client.Status{Phase: client.Playing}
				pause.Opened(now)
				s.tell()
			}
			before := s.seat.Tick()
			s.seat.Advance(now)
			if s.seat.Tick() != before {
				s.onTick(s.seat)
			}
			out, more = s.seat.Next(now, nil)
			wake = s.seat.Wake(now)
		})
		if more {
			err = say(conn, ws.NewBinaryFrame(out))
		}
	}
	return wake, err
}

// tell tells once that the client plays.
func (s *stranger) tell() {
	select {
	case <-s.played:
	default:
		close(s.played)
	}
}

// Do runs f while nothing else happens.
func (s *stranger) Do(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f()
}

// Seat is for functions passed to Do.
func (s *stranger) Seat() *core.Seat { return s.seat }

// Status says what the client is doing.
func (s *stranger) Status() (status client.Status) {
	s.Do(func() { status = s.status })
	return status
}

// Stats are the figures so far.
func (s *stranger) Stats() (stats core.Stats) {
	s.Do(func() { stats = s.seat.Stats() })
	return stats
}

// Done is closed when the client is over.
func (s *stranger) Done() <-chan struct{} { return s.done }

// Err says why it is over; nil while it is not.
func (s *stranger) Err() error {
	if status := s.Status(); status.Phase == client.Closed {
		return status.Err
	}
	return nil
}

// Close leaves, and returns when everything has ended.
func (s *stranger) Close() error {
	s.cancel()
	<-s.done
	return nil
}
