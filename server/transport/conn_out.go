package transport

import (
	"github.com/gobwas/ws"
)

// Send writes bytes that are already framed: AppendHeader and a payload, or
// several such frames. It never blocks and makes at most one system call; none
// if earlier bytes are still pending. What the kernel does not take is copied.
// framed is not modified or kept.
//
// However long, it is accepted while nothing is pending. Else it returns ErrFull
// if the pending buffer would grow beyond Limits.PendingBytes, not counting such a
// longer one in front, and then the connection is dropped. It returns ErrClosed if
// the connection is closing, or the network's error.
func (c *Conn) Send(framed []byte) error {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	if c.state.Load() != outOpen {
		return ErrClosed
	}
	if err := c.put(framed, c.core.cfg.Limits.PendingBytes); err != nil {
		return err
	}
	c.counters.sends.Add(1)
	return nil
}

// HeaderRoom is how many bytes SendPayload needs in front of a payload: as many as
// the longest header of a frame from a server has.
const HeaderRoom = 10

// SendPayload is Send for one binary message whose payload is b[HeaderRoom:]. It
// writes the frame's header into the bytes right before the payload.
func (c *Conn) SendPayload(b []byte) error {
	var room [HeaderRoom]byte
	header := AppendHeader(room[:0], len(b)-HeaderRoom)
	start := HeaderRoom - len(header)
	copy(b[start:], header)
	return c.Send(b[start:])
}

// Pending is the number of bytes sent that the kernel has not taken yet.
func (c *Conn) Pending() int { return int(c.waiting.Load()) }

// Close sends a close frame with the code (1000 to 4999) and reason (at most
// 123 bytes, the rest is cut), waits up to Limits.CloseTimeout for the peer to
// answer, and closes the connection. Further calls have no effect.
func (c *Conn) Close(code uint16, reason string) {
	if c.closeWith(&CloseError{Code: code, Reason: reason}, false) {
		c.link.wake()
	}
}

// Drop closes the connection at once, without a close frame. Further calls
// have no effect.
func (c *Conn) Drop() {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	c.die(ErrDropped)
}

// closeWith writes the last frame. final says that the peer's answer is not
// awaited. It reports whether the connection was open.
func (c *Conn) closeWith(ce *CloseError, final bool) bool {
	var room [2 + ws.MaxControlFramePayloadSize]byte
	reason := ce.Reason
	if ce.Remote {
		reason = "" // an echo repeats the code only
	}
	return c.lastWrite(appendClose(room[:0], ce.Code, reason), ce, final)
}

// lastWrite writes the last bytes of a connection, beyond the bound of the
// pending buffer if need be, and refuses all that come after. final has FIN
// follow them.
func (c *Conn) lastWrite(p []byte, cause error, final bool) bool {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	if c.state.Load() != outOpen {
		return false
	}
	if c.put(p, c.core.cfg.Limits.PendingBytes+len(p)+sealRoom) != nil {
		return false
	}
	c.state.Store(outClosing)
	c.cause = cause
	c.last = final
	c.finishLocked()
	return true
}

// finish has FIN follow what is pending.
func (c *Conn) finish() {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	c.last = true
	c.finishLocked()
}

// finishLocked sends FIN if it is due, behind close_notify in TLS. outMu is
// held.
func (c *Conn) finishLocked() {
	if !c.last || c.finSent || c.state.Load() != outClosing {
		return
	}
	if c.sec != nil {
		if notice := c.sec.notice(); len(notice) > 0 {
			err := c.putRaw(notice, int(c.waiting.Load())+len(notice))
			c.core.pool.put(notice)
			if err != nil {
				return
			}
		}
	}
	if c.waiting.Load() == 0 {
		c.finSent = true
		c.link.finish()
	}
}

// put enciphers p, if need be, and writes it or makes it pending, up to bound
// bytes. outMu is held.
func (c *Conn) put(p []byte, bound int) error {
	if c.sec == nil {
		return c.putRaw(p, bound)
	}
	sealed, err := c.sec.seal(p)
	if err != nil {
		c.die(err)
	} else {
		err = c.putRaw(sealed, bound)
	}
	c.core.pool.put(sealed)
	return err
}

// putRaw is put for bytes that go on the wire as they are. outMu is held.
func (c *Conn) putRaw(p []byte, bound int) error {
	waiting := int(c.waiting.Load())
	if waiting == 0 {
		// Before the write: the edge that says there is room again may come as soon as
		// the kernel took a part, and dispatch must not pass it by.
		c.waiting.Store(int64(len(p)))
		n, err := c.link.write(p)
		if err != nil && err != errAgain {
			c.die(err)
			return err
		}
		c.counters.bytesOut.Add(uint64(n))
		if p = p[n:]; len(p) == 0 {
			c.waiting.Store(0)
			return nil
		}
		c.counters.partial.Add(1)
		if c.long = 0; len(p) > bound {
			c.long = len(p)
		}
	}
	if waiting+len(p) > bound+c.long {
		c.die(ErrFull)
		return ErrFull
	}
	if c.outAt > 0 && len(c.out)+len(p) > cap(c.out) {
		c.out = c.out[:copy(c.out, c.out[c.outAt:])]
		c.outAt = 0
	}
	c.out = c.core.pool.add(c.out, p)
	c.waiting.Store(int64(waiting + len(p)))
	c.link.drain()
	return nil
}

// die ends the way out and leaves the rest to the loop. outMu is held.
func (c *Conn) die(err error) {
	if c.state.Load() == outDead {
		return
	}
	if c.cause == nil {
		c.cause = err
	}
	c.state.Store(outDead)
	c.forget()
	c.link.wake()
}

// forget discards pending bytes. outMu is held.
func (c *Conn) forget() {
	c.core.pool.put(c.out)
	c.out, c.outAt = nil, 0
	c.waiting.Store(0)
}
