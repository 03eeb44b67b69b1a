package slow

import (
	"net"
	"sync"
	"time"
)

// slowLink is fault injection: a slow connection to a client. So many bytes a
// second come through, and now and then nothing for a while. What the client
// sends is not slowed.
type slowLink struct {
	Rate  int           // bytes a second
	Every time.Duration // between two stalls; 0 means none
	Stall time.Duration // how long each lasts
}

const (
	// linkBuffer is the size of the kernel's receive buffer. It plays the queue
	// in front of a slow link: what it holds, the server believes sent.
	linkBuffer = 8 << 10
	piece      = 1400 // bytes let through at a time, a packet's
)

// wrap slows a connection down.
func (l slowLink) wrap(c net.Conn) net.Conn {
	if t, ok := c.(*net.TCPConn); ok {
		_ = t.SetReadBuffer(linkBuffer)
	}
	return &slowConn{Conn: c, link: l, began: time.Now(), closed: make(chan struct{})}
}

// slowConn is read by one goroutine.
type slowConn struct {
	net.Conn
	link   slowLink
	began  time.Time
	next   time.Time // when the link is free again
	once   sync.Once
	closed chan struct{}
}

// Read implements [net.Conn].
func (c *slowConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p[:min(len(p), piece)])
	now := time.Now()
	if c.next.Before(now) {
		c.next = now
	}
	c.next = c.link.after(c.next.Sub(c.began), n, c.began)
	wait := time.NewTimer(time.Until(c.next))
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-c.closed:
		return 0, net.ErrClosed
	}
	return n, err
}

// after is when n bytes are through that the link begins to carry at age at.
func (l slowLink) after(at time.Duration, n int, began time.Time) time.Time {
	end := at + time.Duration(n)*time.Second/time.Duration(l.Rate)
	if l.Every > 0 && end/l.Every != at/l.Every {
		end += l.Stall
	}
	return began.Add(end)
}

// Close implements [net.Conn].
func (c *slowConn) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}
