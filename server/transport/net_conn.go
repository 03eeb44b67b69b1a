package transport

import (
	"errors"
	"net"
	"net/netip"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	orderedAway = 1
	orderedStop = 2
)

// netReadBuffer is the bytes that a reader goroutine takes at once.
const netReadBuffer = 4 << 10

// netConn is a connection on a net.Conn, and its own link. Its loop is its
// reader goroutine; deadlines are the read deadline.
type netConn struct {
	Conn
	engine  *netEngine
	tcp     *net.TCPConn
	clear   []byte    // TLS: room for what is deciphered
	back    *returned // from net/http; nil: new
	rc      syscall.RawConn
	ordered atomic.Int32

	// Guarded by outMu.
	tryFn    func(fd uintptr) bool // c.try, made once
	tryBytes []byte
	tryN     int
	tryErr   error
	draining bool // the drainer goroutine runs
	drained  sync.Cond

	armMu sync.Mutex
	woken bool  // guarded by armMu: handleWake is to be called before the next read
	armed int64 // guarded by armMu: the read deadline, 0 if it is past
}

func newNetConn(e *netEngine, tc *net.TCPConn, remote netip.AddrPort, p *addressEntry) *netConn {
	c := &netConn{engine: e, tcp: tc}
	c.remote, c.entry = remote, p
	c.drained.L = &c.outMu
	c.tryFn = c.try
	if !e.core.noTry {
		c.rc, _ = tc.SyscallConn() // fails on an invalid connection only
	}
	c.init(e.core, e.core.stats.loops[0], c, nil)
	return c
}

func (c *netConn) run() {
	defer c.engine.remove(c)
	c.up = newUpgrader(c.core)
	if c.back != nil {
		c.resume(c.back, c.heard)
		c.back = nil
	}
	buf := make([]byte, netReadBuffer)
	last := int64(0) // not 0: the next read is the last one before a deadline is acted on, and ends then
	for c.phase != phaseGone {
		if !c.arm(last) {
			c.wakened()
			continue
		}
		c.counters.reads.Add(1)
		n, err := c.tcp.Read(buf)
		now := c.core.clock.now()
		if n > 0 {
			last = 0
			c.receive(buf[:n], now)
			if c.core.pool.poison {
				poison(buf[:n])
			}
		}
		switch {
		case err == nil:
		case errors.Is(err, os.ErrDeadlineExceeded):
			c.disarm()
			// A read whose deadline has passed returns without looking at the
			// socket, so there is another one before the peer is called late.
			if last == 0 && now >= c.due() {
				last = now + int64(lastRead)
				continue
			}
			last = 0
			c.expire(now)
		default:
			c.eof(err, now)
		}
	}
}

// arm sets the read deadline, unless the loop was woken. A deadline that comes
// earlier than need be is left alone: expire judges it, and that costs less
// than moving it at every read. It is set to least if that is later.
func (c *netConn) arm(least int64) bool {
	c.armMu.Lock()
	defer c.armMu.Unlock()
	if c.woken {
		c.woken, c.armed = false, 0
		return false
	}
	if due := max(c.due(), least); c.armed == 0 || due < c.armed {
		c.armed = due
		_ = c.tcp.SetReadDeadline(c.core.clock.start.Add(time.Duration(due))) // fails on a closed one: so will Read
	}
	return true
}

// lastRead is how long the last read before a deadline is acted on may wait. It need
// not wait at all, only begin before its own deadline.
const lastRead = 20 * time.Millisecond

// disarm notes that the read deadline has passed.
func (c *netConn) disarm() {
	c.armMu.Lock()
	defer c.armMu.Unlock()
	c.armed = 0
}

// wakened acts on what others left for the loop.
func (c *netConn) wakened() {
	now := c.core.clock.now()
	switch o := c.ordered.Swap(0); {
	case o == orderedStop:
		c.eof(ErrServerClosed, now)
		return
	case o == orderedAway && c.phase <= phaseHead:
		c.eof(ErrServerClosed, now)
		return
	case o == orderedAway:
		c.Close(CodeGoingAway, "server is going away")
	}
	c.handleWake(now)
}

func (c *netConn) wake() {
	c.armMu.Lock()
	defer c.armMu.Unlock()
	c.woken = true
	_ = c.tcp.SetReadDeadline(time.Unix(1, 0))
}

func (c *netConn) write(p []byte) (int, error) {
	if c.draining || c.rc == nil {
		return 0, errAgain
	}
	c.counters.writes.Add(1)
	c.tryBytes = p
	err := c.rc.Write(c.tryFn)
	c.tryBytes = nil
	if err != nil {
		return 0, err
	}
	return c.tryN, c.tryErr
}

// drain starts a goroutine that writes what is pending and ends with it.
func (c *netConn) drain() {
	if !c.draining {
		c.draining = true
		c.engine.wg.Go(c.drainOut)
	}
}

func (c *netConn) drainOut() {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	for c.state.Load() != outDead && c.outAt < len(c.out) {
		p, at := c.out, c.outAt
		c.out, c.outAt = nil, 0 // Send goes on with a buffer of its own
		var err error
		for at < len(p) && err == nil && c.state.Load() != outDead {
			at, err = c.drainPiece(p, at)
		}
		c.core.pool.put(p)
		if err != nil {
			c.die(err)
			break
		}
	}
	c.draining = false
	c.drained.Broadcast()
	c.finishLocked()
}

// drainPiece writes a piece of p, from at on, and returns where the next begins.
// With a long message in one write nobody would see that the peer takes it. outMu
// is held, but not while it writes.
func (c *netConn) drainPiece(p []byte, at int) (int, error) {
	c.outMu.Unlock()
	n, err := c.tcp.Write(p[at:min(at+drainPiece, len(p))])
	c.outMu.Lock()
	c.counters.writes.Add(1)
	c.counters.bytesOut.Add(uint64(n))
	if n > 0 && c.state.Load() != outDead {
		c.waiting.Add(int64(-n))
		c.taken.Store(c.core.clock.now())
	}
	return at + n, err
}

const drainPiece = 64 << 10

func (c *netConn) finish() { _ = c.tcp.CloseWrite() }

func (c *netConn) close(reset bool) {
	if reset {
		_ = c.tcp.SetLinger(0)
	}
	_ = c.tcp.Close()
}

// detach gives up the connection, behind what is still written of a TLS
// handshake. A wake that comes too late would move its deadline, but nobody has
// a reference yet.
func (c *netConn) detach() (net.Conn, error) {
	_ = c.tcp.SetWriteDeadline(c.core.clock.start.Add(time.Duration(c.due())))
	c.outMu.Lock()
	for c.draining {
		c.drained.Wait()
	}
	c.outMu.Unlock()
	_ = c.tcp.SetWriteDeadline(time.Time{})
	return c.tcp, c.tcp.SetReadDeadline(time.Time{})
}

// shake runs the handshake here: the goroutine is there anyway. It waits for
// the peer under the read deadline that is set, that of the head.
func (c *netConn) shake(hello []byte) {
	c.sec.raw = append([]byte(nil), hello...)
	c.sec.sock = c.tcp
	c.sec.shake()
}

func (c *netConn) plain() []byte {
	if c.clear == nil {
		c.clear = make([]byte, netReadBuffer)
	}
	return c.clear
}
