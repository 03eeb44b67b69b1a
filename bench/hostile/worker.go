package hostile

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// worker makes one kind of attack again and again.
type worker struct {
	number int
	turn   int // attacks made so far
	orders *Orders
	counts *counts
}

// patience is for how long a worker waits for a server that may not answer.
const patience = 10 * time.Second

// run makes attacks until ctx ends.
func (w *worker) run(ctx context.Context, k Kind) {
	phase := time.Duration(w.number) * k.Every / time.Duration(max(w.orders.Workers, 1))
	for next := time.Now().Add(phase); rest(ctx, time.Until(next)); {
		next = next.Add(k.Every)
		if now := time.Now(); next.Before(now) {
			next = now // no burst makes up for what was slow
		}
		w.counts.hits.Add(1)
		if err := k.hit(ctx, w); err != nil {
			w.counts.refused.Add(1)
		}
		w.turn++
	}
}

// rest waits, and reports whether ctx still goes on.
func rest(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// attackConn is a worker's connection. It ends with the attack.
type attackConn struct {
	net.Conn
	tcp     *net.TCPConn
	release func() bool
	counts  *counts
}

// dial connects from the worker's address.
func (w *worker) dial(ctx context.Context) (*attackConn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: from(w.number).AsSlice()}, Timeout: patience, KeepAlive: -1}
	c, err := d.DialContext(ctx, "tcp4", w.orders.Server.String())
	if err != nil {
		return nil, err
	}
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return nil, errors.Join(errors.New("bench: no TCP connection"), c.Close())
	}
	_ = tcp.SetLinger(0) // ports must not wait in TIME_WAIT
	w.counts.opened()
	return &attackConn{tcp, tcp, context.AfterFunc(ctx, func() { _ = tcp.Close() }), w.counts}, nil
}

// Close resets the connection.
func (l *attackConn) Close() error {
	l.release()
	l.counts.open.Add(-1)
	return l.tcp.Close()
}

// talk connects to where WebSockets are spoken, over TLS if the server does.
// Who it is does not matter to an attacker.
func (w *worker) talk(ctx context.Context) (*attackConn, error) {
	l, err := w.dial(ctx)
	if err != nil || !w.orders.TLS {
		return l, err
	}
	secure := tls.Client(l.tcp, &tls.Config{InsecureSkipVerify: true}) // #nosec G402 -- it is attacked, not trusted
	_ = l.tcp.SetDeadline(time.Now().Add(patience))
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	_ = l.tcp.SetDeadline(time.Time{})
	l.Conn = secure
	return l, nil
}

// request is a WebSocket's, with a token.
func (w *worker) request(token string) []byte {
	return fmt.Appendf(nil, "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: %s\r\nAuthorization: Bearer %s\r\n\r\n",
		w.orders.Path, w.orders.Server, w.orders.Protocol, token)
}

// join connects and upgrades with the worker's own token.
func (w *worker) join(ctx context.Context) (*attackConn, error) {
	l, err := w.talk(ctx)
	if err != nil {
		return nil, err
	}
	status, err := l.ask(w.request(w.orders.Tokens[w.number%len(w.orders.Tokens)]))
	if err == nil && status != http.StatusSwitchingProtocols {
		err = fmt.Errorf("bench: the server answers %d", status)
	}
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// ask sends a request and returns the answer's status.
func (l *attackConn) ask(request []byte) (int, error) {
	_ = l.SetDeadline(time.Now().Add(patience))
	defer l.SetDeadline(time.Time{})
	if _, err := l.Write(request); err != nil {
		return 0, err
	}
	resp, err := http.ReadResponse(bufio.NewReaderSize(l.Conn, 512), nil)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, nil
}

// hear reads until the server ends the connection, for d at most, and reports
// whether it did.
func (l *attackConn) hear(d time.Duration) bool {
	_ = l.SetReadDeadline(time.Now().Add(d))
	var b [512]byte
	for {
		if _, err := l.Read(b[:]); err != nil {
			var late net.Error
			ended := !errors.As(err, &late) || !late.Timeout()
			if ended {
				l.counts.ended.Add(1)
			}
			return ended
		}
	}
}

// frame is a client's, with a mask of zeros and a declared length that need not
// be the payload's.
func frame(first byte, declared uint64, payload []byte) []byte {
	b := []byte{first}
	switch {
	case declared < 126:
		b = append(b, 0x80|byte(declared))
	case declared < 1<<16:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(declared))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), declared)
	}
	return append(append(b, 0, 0, 0, 0), payload...)
}
