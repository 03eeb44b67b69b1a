package client

import (
	"context"
	"errors"
	"fmt"
	"time"

	"arbiter/netcode"
	"arbiter/netcode/client/core"

	"github.com/gobwas/ws"
)

// connection dials, and plays until the connection ends.
func (l *loop) connection(ctx context.Context, pause *core.Backoff) error {
	match := ""
	if l.same {
		l.Do(func() { match = l.MatchID() })
	}
	to, err := l.config.target(ctx, l.name, match)
	if err != nil {
		return err
	}
	conn, r, err := l.config.dial(ctx, to)
	if err != nil {
		return err
	}
	ln := &line{conn: conn, in: make(chan packet, inbox), free: make(chan []byte, inbox), quit: make(chan struct{}),
		renewal: newRenewal(l.config.GetToken)}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		ln.read(r, l.now)
	}()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now().Add(farewell)) })
	defer func() {
		stop()
		ln.renewal.stop()
		close(ln.quit)
		_ = conn.Close()
		<-gone
	}()
	return l.play(ctx, ln, pause)
}

// play says hello and goes on until the connection ends.
func (l *loop) play(ctx context.Context, ln *line, pause *core.Backoff) error {
	l.mu.Lock()
	ln.out = l.seat.Hello(l.now(), ln.room())
	l.mu.Unlock()
	if err := ln.write(ws.OpBinary); err != nil {
		return err
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	playing := false
	for {
		select {
		case p := <-ln.in:
			if err := l.take(ln, p); err != nil {
				return err
			}
		case <-timer.C:
		case <-ln.renewal.due.C:
			ln.renewal.ask(ctx)
		case f := <-ln.renewal.got:
			if err := ln.renew(f); err != nil {
				return ln.lastWords(err)
			}
		case <-ctx.Done():
			ln.goodbye(netcode.CodeNormal)
			return ctx.Err()
		}
		if !playing && l.welcomed() {
			playing = true
			pause.Opened(l.now())
			ln.renewal.lasts(l.tokenLeft())
			l.enter(Status{Phase: Playing})
			if !l.hasPlayed() {
				close(l.played)
			}
		}
		wake, err := l.turn(ln)
		if err != nil {
			return ln.lastWords(err)
		}
		timer.Reset(wake)
	}
}

func (l *loop) tokenLeft() (left time.Duration) {
	l.Do(func() { left = l.seat.Welcome().TokenLeft })
	return left
}

func (l *loop) welcomed() (yes bool) {
	l.Do(func() { yes = l.seat.Playing() })
	return yes
}

// take handles a packet and all that came with it.
func (l *loop) take(ln *line, p packet) error {
	for {
		if err := l.handle(ln, p); err != nil {
			return err
		}
		select {
		case p = <-ln.in:
		default:
			return nil
		}
	}
}

func (l *loop) handle(ln *line, p packet) error {
	if p.err != nil {
		if ln.bye != nil {
			return &CloseError{ln.bye.Code, ln.bye.Reason}
		}
		return fmt.Errorf("client: connection lost: %w", p.err)
	}
	defer ln.release(p.data)
	switch p.op {
	case ws.OpBinary:
	case ws.OpPing:
		ln.out = append(ln.room(), p.data...)
		if err := ln.write(ws.OpPong); err != nil {
			return ln.lastWords(err)
		}
		return nil
	case ws.OpPong:
		return nil
	case ws.OpClose:
		err := closeError(p.data)
		ln.out = append(ln.room(), p.data[:min(len(p.data), 2)]...)
		_ = ln.write(ws.OpClose) // it is over either way
		return err
	default:
		ln.goodbye(netcode.CodeNotBinary)
		return final(errFrame)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r, err := l.receive(p.at, p.data)
	if r.Kind == netcode.KindBye && err == nil {
		ln.bye = &r.Bye
	}
	if r.Kind == netcode.KindRenewed {
		return ln.renewed(p.data)
	}
	if errors.Is(err, core.ErrSchema) || errors.Is(err, core.ErrVersion) {
		return final(err)
	}
	return err
}

// turn lets the clock advance and writes what is due. It returns how long it
// may be until the next one.
func (l *loop) turn(ln *line) (time.Duration, error) {
	l.mu.Lock()
	now := l.now()
	l.wishes()
	l.seat.Advance(now)
	if t := l.seat.Tick(); t != l.tick {
		l.tick = t
		l.ticked()
	}
	l.mu.Unlock()
	for {
		l.mu.Lock()
		out, more := l.seat.Next(now, ln.room())
		wake := l.seat.Wake(now)
		l.mu.Unlock()
		if !more {
			return wake, nil
		}
		ln.out = out
		if err := ln.write(ws.OpBinary); err != nil {
			return 0, err
		}
	}
}

// ticked tells those who wait for a tick. mu is held.
func (l *loop) ticked() {
	for _, f := range l.onTick {
		f()
	}
	stats := l.seat.Stats()
	l.reportMu.Lock()
	l.stats = stats
	l.reportMu.Unlock()
	select {
	case l.ticks <- struct{}{}:
	default:
	}
}
