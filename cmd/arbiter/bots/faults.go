package bots

import (
	"context"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"
)

// faults is the fault injection: at random it cuts some connections abruptly and
// stalls others. Safe for concurrent use.
type faults struct {
	drop, stall float64 // chances of each connection in each second

	mu      sync.Mutex
	rand    *rand.Rand    // guarded by mu
	conns   []*faultyConn // guarded by mu
	stopped bool          // guarded by mu: no new faults

	drops, stalls uint64 // guarded by mu
}

const (
	drawEvery = 50 * time.Millisecond // time between two random draws
	minStall  = 200 * time.Millisecond
	maxStall  = 2 * time.Second
)

// dial connects over TCP. The connection has faults injected, if there are to be
// any.
func (f *faults) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, addr)
	if err != nil || f.drop == 0 && f.stall == 0 {
		return conn, err
	}
	c := &faultyConn{Conn: conn, faults: f, gone: make(chan struct{})}
	f.mu.Lock()
	f.conns = append(f.conns, c)
	f.mu.Unlock()
	return c, nil
}

// run injects faults until ctx ends.
func (f *faults) run(ctx context.Context) {
	if f.drop == 0 && f.stall == 0 {
		return
	}
	t := time.NewTicker(drawEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			for _, c := range f.draw() {
				c.cut()
			}
		}
	}
}

// draw begins stalls and returns the connections to cut.
func (f *faults) draw() (cut []*faultyConn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stopped {
		return nil
	}
	for _, c := range f.conns {
		if f.rand.Float64() < f.drop*drawEvery.Seconds() {
			cut = append(cut, c)
			f.drops++
		} else if f.rand.Float64() < f.stall*drawEvery.Seconds() {
			f.stalls++
			c.stallFor(minStall + time.Duration(f.rand.Int64N(int64(maxStall-minStall))))
		}
	}
	return cut
}

// stop ends the injection of faults; stalls that began come to their end.
func (f *faults) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.stopped = true
}

// counts returns how many connections were cut and how many stalls began.
func (f *faults) counts() (drops, stalls uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.drops, f.stalls
}

func (f *faults) forget(c *faultyConn) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.conns = slices.DeleteFunc(f.conns, func(o *faultyConn) bool { return o == c })
}

// faultyConn is a connection with injected faults. What was read while it is
// stalled is handed out when the stall ends.
type faultyConn struct {
	net.Conn
	faults *faults
	once   sync.Once
	gone   chan struct{} // closed by Close

	mu    sync.Mutex
	until time.Time // guarded by mu: stalled until then
}

func (c *faultyConn) stallFor(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = time.Now().Add(d)
}

// wait returns when the connection is not stalled, or closed.
func (c *faultyConn) wait() {
	c.mu.Lock()
	left := time.Until(c.until)
	c.mu.Unlock()
	if left <= 0 {
		return
	}
	t := time.NewTimer(left)
	defer t.Stop()
	select {
	case <-t.C:
	case <-c.gone:
	}
}

// Read implements [net.Conn].
func (c *faultyConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.wait()
	return n, err
}

// Write implements [net.Conn].
func (c *faultyConn) Write(p []byte) (int, error) {
	c.wait()
	return c.Conn.Write(p)
}

// cut ends the connection abruptly, with a TCP reset.
func (c *faultyConn) cut() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // if it fails the end is softer
	}
	_ = c.Conn.Close() // its user finds out, and closes c
}

// Close implements [net.Conn].
func (c *faultyConn) Close() error {
	c.once.Do(func() {
		c.faults.forget(c)
		close(c.gone)
	})
	return c.Conn.Close()
}
