package transport

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// epollConn is a connection on a raw socket, and its own link.
type epollConn struct {
	shard *shard
	fd    int // guarded by outMu; -1 once closed or given away; written by the loop only

	// Owned by the loop.
	slot, gen uint32
	timer     timer
	listed    bool // in shard.again

	waking atomic.Bool // in shard.woken

	Conn
}

func (c *epollConn) write(p []byte) (int, error) {
	if c.fd < 0 {
		return 0, ErrClosed
	}
	for {
		c.counters.writes.Add(1)
		n, err := write(c.fd, p)
		switch err {
		case 0:
			return n, nil
		case unix.EINTR:
			continue
		case unix.EAGAIN:
			return 0, errAgain
		default:
			return 0, fmt.Errorf("transport: write: %w", os.NewSyscallError("write", err))
		}
	}
}

// drain has nothing to do: the socket is registered for EPOLLOUT, and a write
// that was cut short makes the next edge.
func (c *epollConn) drain() {}

// flush writes pending bytes. Called by the loop when there is room.
func (c *epollConn) flush() {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	for c.outAt < len(c.out) && c.state.Load() != outDead {
		n, err := c.write(c.out[c.outAt:])
		if err == errAgain {
			return
		}
		if err != nil {
			c.die(err)
			return
		}
		c.wrote(n)
	}
}

// wrote counts pending bytes as written. outMu is held.
func (c *epollConn) wrote(n int) {
	c.counters.bytesOut.Add(uint64(n))
	c.outAt += n
	c.waiting.Add(int64(-n))
	c.taken.Store(c.core.clock.now())
	if c.outAt == len(c.out) {
		c.core.pool.put(c.out)
		c.out, c.outAt = nil, 0
	}
	c.finishLocked()
}

func (c *epollConn) finish() {
	if c.fd >= 0 {
		_ = unix.Shutdown(c.fd, unix.SHUT_WR)
	}
}

func (c *epollConn) wake() { c.shard.wake(c) }

func (c *epollConn) close(reset bool) {
	if c.fd < 0 {
		return
	}
	if reset {
		_ = unix.SetsockoptLinger(c.fd, unix.SOL_SOCKET, unix.SO_LINGER, &unix.Linger{Onoff: 1})
	}
	_ = unix.Close(c.fd)
	c.fd = -1
	c.shard.forget(c)
}

// detach takes the socket out of epoll first: net.FileConn duplicates the
// descriptor, and a registration lives as long as any duplicate does.
func (c *epollConn) detach() (net.Conn, error) {
	_ = unix.EpollCtl(c.shard.epfd, unix.EPOLL_CTL_DEL, c.fd, nil)
	file := os.NewFile(uintptr(c.fd), "tcp")
	nc, err := net.FileConn(file)
	if err != nil {
		// The file owns the descriptor now, so it must close it.
		_ = file.Close()
		c.outMu.Lock()
		c.fd = -1
		c.outMu.Unlock()
		c.shard.forget(c)
		return nil, fmt.Errorf("transport: hand a connection to net/http: %w", err)
	}
	_ = file.Close()
	c.outMu.Lock()
	c.fd = -1
	c.outMu.Unlock()
	c.shard.forget(c)
	return nc, nil
}

// readRounds bounds how many buffers one connection may bring before its
// neighbours have their turn.
const readRounds = 4

// read feeds what has come. It reports whether there may be more.
func (c *epollConn) read(more bool, now int64) bool {
	buf := c.shard.buf
	for range readRounds {
		if c.phase == phaseGone || c.phase == phaseShake && c.sec.input.full() {
			return false
		}
		c.counters.reads.Add(1)
		n, err := read(c.fd, buf)
		switch {
		case n > 0:
			c.receive(buf[:n], now)
			if c.core.pool.poison {
				poison(buf[:n])
			}
			// A short read empties the socket; what comes later makes a new
			// edge. If FIN was announced, the next read finds it.
			if n < len(buf) && !more {
				return false
			}
		case n == 0 && err == 0:
			c.eof(io.EOF, now)
			return false
		case err == unix.EAGAIN:
			return false
		case err == unix.EINTR:
		default:
			c.eof(fmt.Errorf("transport: read: %w", os.NewSyscallError("read", err)), now)
			return false
		}
	}
	return c.phase != phaseGone
}

// shake has the handshake run elsewhere, behind the gate.
func (c *epollConn) shake(hello []byte) {
	c.sec.input = newHandshakeInput(c.core.gate)
	c.sec.input.add(hello)
	c.core.gate.start(c.sec)
}

func (c *epollConn) plain() []byte {
	if c.shard.clear == nil {
		c.shard.clear = make([]byte, readBuffer)
	}
	return c.shard.clear
}
