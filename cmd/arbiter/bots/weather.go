package bots

import (
	"context"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"
)

// weather is what befalls connections: it cuts some of them without a word
// and holds others up, by chance. Safe for concurrent use.
type weather struct {
	drop, stall float64 // chances of each connection in each second

	mu    sync.Mutex
	rand  *rand.Rand   // guarded by mu
	conns []*roughConn // guarded by mu
	calm  bool         // guarded by mu: nothing befalls anybody any more

	drops, stalls uint64 // guarded by mu
}

const (
	gust       = 50 * time.Millisecond // between two throws of the dice
	leastStall = 200 * time.Millisecond
	mostStall  = 2 * time.Second
)

// dial connects over TCP to a connection that is exposed to the weather.
func (w *weather) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, network, addr)
	if err != nil || w.drop == 0 && w.stall == 0 {
		return conn, err
	}
	c := &roughConn{Conn: conn, weather: w, gone: make(chan struct{})}
	w.mu.Lock()
	w.conns = append(w.conns, c)
	w.mu.Unlock()
	return c, nil
}

// blow throws the dice until ctx ends.
func (w *weather) blow(ctx context.Context) {
	if w.drop == 0 && w.stall == 0 {
		return
	}
	t := time.NewTicker(gust)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			for _, c := range w.throw() {
				c.cut()
			}
		}
	}
}

// throw begins stalls and returns the connections to cut.
func (w *weather) throw() (cut []*roughConn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.calm {
		return nil
	}
	for _, c := range w.conns {
		if w.rand.Float64() < w.drop*gust.Seconds() {
			cut = append(cut, c)
			w.drops++
		} else if w.rand.Float64() < w.stall*gust.Seconds() {
			w.stalls++
			c.hold(leastStall + time.Duration(w.rand.Int64N(int64(mostStall-leastStall))))
		}
	}
	return cut
}

// clear ends the bad weather; stalls that began come to their end.
func (w *weather) clear() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calm = true
}

// counts returns how many connections were cut and held up.
func (w *weather) counts() (drops, stalls uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.drops, w.stalls
}

func (w *weather) forget(c *roughConn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.conns = slices.DeleteFunc(w.conns, func(o *roughConn) bool { return o == c })
}

// roughConn is a connection exposed to the weather. What was read when it is
// held up is handed out when the hold ends.
type roughConn struct {
	net.Conn
	weather *weather
	once    sync.Once
	gone    chan struct{} // closed by Close

	mu    sync.Mutex
	until time.Time // guarded by mu: held up until then
}

func (c *roughConn) hold(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.until = time.Now().Add(d)
}

// wait returns when the connection is not held up, or closed.
func (c *roughConn) wait() {
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
func (c *roughConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.wait()
	return n, err
}

// Write implements [net.Conn].
func (c *roughConn) Write(p []byte) (int, error) {
	c.wait()
	return c.Conn.Write(p)
}

// cut ends the connection with a reset and without a goodbye.
func (c *roughConn) cut() {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // if it fails the end is softer
	}
	_ = c.Conn.Close() // its user finds out, and closes c
}

// Close implements [net.Conn].
func (c *roughConn) Close() error {
	c.once.Do(func() {
		c.weather.forget(c)
		close(c.gone)
	})
	return c.Conn.Close()
}
