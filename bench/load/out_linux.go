package load

import (
	"errors"
	"fmt"

	"arbiter/bench/wheel"

	"github.com/gobwas/ws"
	"golang.org/x/sys/unix"
)

// input says what is due.
func (c *client) input() {
	l := c.loop
	b := c.seat.Input(l.out[:room])
	if len(b) == room {
		return
	}
	l.books.Inputs++
	l.books.InputBytes += uint64(len(b) - room)
	c.say(b)
}

// say sends a message that begins behind room in b; an empty one is none.
func (c *client) say(b []byte) {
	switch {
	case len(b) == room:
	case c.loop.fleet.config.Text:
		c.send(ws.OpText, b)
	default:
		c.send(ws.OpBinary, b)
	}
}

// send seals b, which has room in front, and writes it.
func (c *client) send(op ws.OpCode, b []byte) {
	l := c.loop
	l.mask = l.mask*1664525 + 1013904223
	c.write(seal(op, b, l.mask))
}

// heldLimit is how much a connection keeps that the kernel does not take.
const heldLimit = 64 << 10

var errHeld = errors.New("bench: the server does not read: 64 KB wait for it")

// write sends b, through TLS if there is.
func (c *client) write(b []byte) {
	if c.tls == nil {
		c.put(b)
	} else if _, err := c.tls.Write(b); err != nil {
		c.fail(fmt.Errorf("bench: a client writes: %w", err))
	}
}

// put gives the kernel b, or keeps it until it is taken.
func (c *client) put(b []byte) {
	if len(c.held) > 0 {
		c.hold(b)
		return
	}
	n, err := wheel.Write(c.fd, b)
	if n == len(b) {
		return
	}
	if err != nil && err != unix.EAGAIN && err != unix.EINTR {
		c.fail(fmt.Errorf("bench: a client writes: %w", err))
		return
	}
	c.loop.books.Stuck++
	c.hold(b[max(n, 0):])
}

func (c *client) hold(b []byte) {
	if c.held = append(c.held, b...); len(c.held) > heldLimit {
		c.fail(errHeld)
	}
}

// fail ends a connection that should have gone on.
func (c *client) fail(err error) {
	if c.gone {
		return
	}
	l := c.loop
	l.fault(err)
	l.books.Faults.Closed++
	l.fleet.ended.Add(1)
	l.goal-- // another one in its place would hide it
	c.drop()
}

// drop forgets the connection.
func (c *client) drop() {
	if c.gone {
		return
	}
	c.gone = true
	l := c.loop
	if c.stage == securing {
		_ = unix.Shutdown(c.fd, unix.SHUT_RDWR) // the handshake ends, and secured closes
	} else {
		_ = unix.Close(c.fd)
	}
	l.here--
	if c.stage == playing {
		l.wheel.Remove(c.spoke, c)
		l.fleet.seated.Add(-1)
	} else {
		l.dialing--
	}
	l.clients[c.slot] = nil
	l.free = append(l.free, c.slot)
}
