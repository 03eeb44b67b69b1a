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

// session connects, and plays until the connection ends.
func (l *loop) session(ctx context.Context, pause *core.Backoff) error {
	match := ""
	if l.sameMatch {
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
	c := &wsConn{raw: conn, incoming: make(chan packet, inbox), free: make(chan []byte, inbox), quit: make(chan struct{}),
		renewal: newRenewal(l.config.GetToken)}
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		c.read(r, l.now)
	}()
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Now().Add(closeTimeout)) })
	defer func() {
		stop()
		c.renewal.stop()
		close(c.quit)
		_ = conn.Close()
		<-gone
	}()
	return l.play(ctx, c, pause)
}

// play says hello and goes on until the connection ends.
func (l *loop) play(ctx context.Context, c *wsConn, pause *core.Backoff) error {
	l.mu.Lock()
	c.out = l.seat.Hello(l.now(), c.frameStart())
	l.mu.Unlock()
	if err := c.write(ws.OpBinary); err != nil {
		return err
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	playing := false
	for {
		select {
		case p := <-c.incoming:
			if err := l.drain(c, p); err != nil {
				return err
			}
		case <-timer.C:
		case <-c.renewal.due.C:
			c.renewal.fetch(ctx)
		case f := <-c.renewal.got:
			if err := c.sendRenewal(f); err != nil {
				return c.closeReason(err)
			}
		case <-ctx.Done():
			c.sendClose(netcode.CodeNormal)
			return ctx.Err()
		}
		if !playing && l.welcomed() {
			playing = true
			pause.Opened(l.now())
			l.tokensRefused = 0
			c.renewal.schedule(l.tokenLeft())
			l.setStatus(Status{Phase: Playing})
			if !l.hasPlayed() {
				close(l.played)
			}
		}
		wake, err := l.advance(c)
		if err != nil {
			return c.closeReason(err)
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

// drain applies a packet and all that came with it.
func (l *loop) drain(c *wsConn, p packet) error {
	for {
		if err := l.apply(c, p); err != nil {
			return err
		}
		select {
		case p = <-c.incoming:
		default:
			return nil
		}
	}
}

func (l *loop) apply(c *wsConn, p packet) error {
	if p.err != nil {
		if c.bye != nil {
			return &CloseError{c.bye.Code, c.bye.Reason}
		}
		return fmt.Errorf("client: connection lost: %w", p.err)
	}
	defer c.release(p.data)
	switch p.op {
	case ws.OpBinary:
	case ws.OpPing:
		c.out = append(c.frameStart(), p.data...)
		if err := c.write(ws.OpPong); err != nil {
			return c.closeReason(err)
		}
		return nil
	case ws.OpPong:
		return nil
	case ws.OpClose:
		err := closeError(p.data)
		c.out = append(c.frameStart(), p.data[:min(len(p.data), 2)]...)
		_ = c.write(ws.OpClose) // it is over either way
		return err
	default:
		c.sendClose(netcode.CodeNotBinary)
		return final(errFrame)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r, err := l.receive(p.at, p.data)
	if r.Kind == netcode.KindBye && err == nil {
		c.bye = &r.Bye
	}
	if r.Kind == netcode.KindRenewed {
		return c.renewalAnswered(p.data)
	}
	if errors.Is(err, core.ErrSchema) || errors.Is(err, core.ErrVersion) {
		return final(err)
	}
	return err
}

// advance lets the clock advance and writes what is due. It returns how long it
// may be until it is called again.
func (l *loop) advance(c *wsConn) (time.Duration, error) {
	l.mu.Lock()
	now := l.now()
	l.pushInput()
	l.seat.Advance(now)
	if t := l.seat.Tick(); t != l.tick {
		l.tick = t
		l.ticked()
	}
	l.mu.Unlock()
	for {
		l.mu.Lock()
		out, more := l.seat.Next(now, c.frameStart())
		wake := l.seat.Wake(now)
		l.mu.Unlock()
		if !more {
			return wake, nil
		}
		c.out = out
		if err := c.write(ws.OpBinary); err != nil {
			return 0, err
		}
	}
}

// ticked calls and wakes those who wait for a tick. mu is held.
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
