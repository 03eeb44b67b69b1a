package transport

import (
	"io"
	"log/slog"
	"runtime/debug"

	"github.com/gobwas/ws"
)

// maxIgnored is how much a peer may still send to a closing connection before
// it is dropped.
const maxIgnored = 256 << 10

// receive takes bytes from the wire, which it may modify.
func (c *Conn) receive(b []byte, now int64) {
	c.counters.bytesIn.Add(uint64(len(b)))
	if c.phase == phaseProxy {
		b = c.feedProxy(b, now)
		if len(b) == 0 || c.phase == phaseProxy {
			return
		}
	}
	switch {
	case c.sec == nil:
		c.feed(b, now)
	case c.phase == phaseHello:
		c.feedHello(b)
	case c.phase == phaseShake && c.sec.input != nil:
		c.sec.input.add(b)
	case c.phase != phaseGone:
		c.sec.decipher(b, now)
	}
}

// feed takes what the client sent, deciphered, which it may modify. A panic of
// a callback ends this connection only.
func (c *Conn) feed(b []byte, now int64) {
	defer c.rescue(now)
	switch c.phase {
	case phaseHead:
		if b = c.feedHead(b, now); c.phase == phaseOpen {
			b = c.feedFrames(b, now)
		}
	case phaseOpen:
		b = c.feedFrames(b, now)
	}
	if c.state.Load() != outOpen {
		c.handleWake(now)
	}
	if c.phase == phaseClosing {
		c.feedClosing(b)
	}
}

// rescue is deferred around callbacks.
func (c *Conn) rescue(now int64) {
	v := recover()
	if v == nil {
		return
	}
	c.core.stats.panics.Add(1)
	c.core.cfg.Log.Error("transport: a callback panicked", slog.Any("panic", v),
		slog.String("remote", c.remote.String()), slog.String("stack", string(debug.Stack())))
	switch c.phase {
	case phaseHead:
		c.refuse(&Refusal{Status: 500, Code: "internal", Message: "the server failed to judge the request"}, now)
	case phaseOpen:
		c.fail(CodeInternal, "internal error")
		c.handleWake(now)
	}
}

// feedFrames parses frames until b is used up or the connection closes, and
// returns what is left then.
func (c *Conn) feedFrames(b []byte, now int64) (rest []byte) {
	c.heard, c.pinged, c.excused = now, false, false
	var in intake
	for c.state.Load() == outOpen {
		ev, n := c.parser.next(b)
		b = b[n:]
		c.since += n
		if ev.kind == evMore {
			break
		}
		if ev.kind == evFail {
			c.fail(ev.code, ev.reason)
			return nil
		}
		c.counters.frames.Add(uint64(ev.frames))
		cost := c.since
		c.since, c.overhead = 0, 0
		in.bytes += cost
		if !c.bytes.allow(c.core.byteRate, cost, now) {
			c.exceed("connection_bytes", "too many bytes per second")
			return nil
		}
		if ev.kind == evMessage {
			if !c.messages.allow(c.core.messageRate, 1, now) {
				c.exceed("connection_messages", "too many messages per second")
				return nil
			}
			in.messages++
			c.spoke, c.begun = true, 0
			c.counters.messages.Add(1)
			c.deliver(ev)
			continue
		}
		in.controls++
		c.control(ev, now)
	}
	c.chargeShared(in, now)
	switch {
	case !c.parser.midway():
		c.begun = 0
	case c.begun == 0:
		c.begun = now
	}
	return b
}

// deliver gives the receiver a message.
func (c *Conn) deliver(ev event) {
	if !ev.text {
		c.receiver.Message(ev.payload)
		return
	}
	if r, ok := c.receiver.(TextReceiver); ok {
		r.Text(ev.payload)
		return
	}
	c.fail(CodeUnsupported, "text message: the protocol is binary")
}

// control answers a control frame.
func (c *Conn) control(ev event, now int64) {
	switch ev.kind {
	case evPing:
		c.counters.pings.Add(1)
		if !c.controls.allow(c.core.controlRate, 1, now) {
			c.exceed("connection_controls", "too many control frames per second")
			return
		}
		c.reply(ws.OpPong, ev.payload)
	case evPong:
		c.counters.pongs.Add(1)
		if !c.controls.allow(c.core.controlRate, 1, now) {
			c.exceed("connection_controls", "too many control frames per second")
		}
	case evClose:
		c.blind = true
		if !c.closeWith(&CloseError{Code: ev.code, Reason: string(ev.payload), Remote: true}, true) {
			c.finish()
		}
	}
}

// exceed closes because a limit of this connection was broken.
func (c *Conn) exceed(limit, reason string) {
	c.core.stats.limit(limit)
	c.fail(CodePolicy, reason)
}

// fail closes with a code because of what the peer did or failed to do. The
// stream may be unreadable from here, so no answer is looked for.
func (c *Conn) fail(code uint16, reason string) {
	c.blind = true
	if !c.closeWith(&CloseError{Code: code, Reason: reason}, true) {
		c.finish()
	}
}

// reply sends a control frame.
func (c *Conn) reply(op ws.OpCode, payload []byte) {
	var room [2 + ws.MaxControlFramePayloadSize]byte
	frame := appendControl(room[:0], op, payload)
	c.outMu.Lock()
	defer c.outMu.Unlock()
	if c.state.Load() == outOpen {
		_ = c.put(frame, c.core.cfg.Limits.PendingBytes) // a failure has marked the connection
	}
}

// feedClosing looks for the peer's close frame, if it is still to come, and
// otherwise discards.
func (c *Conn) feedClosing(b []byte) {
	if c.ignored += int32(len(b)); c.ignored > maxIgnored {
		c.end(errFlood)
		return
	}
	for !c.blind {
		ev, n := c.parser.next(b)
		b = b[n:]
		if ev.kind == evMore {
			return
		}
		if ev.kind == evClose || ev.kind == evFail {
			c.blind = true
			c.finish()
		}
	}
}

// eof acts on the peer's FIN or on a failed read.
func (c *Conn) eof(err error, now int64) {
	defer c.rescue(now)
	if c.phase == phaseShake && err == io.EOF && c.sec.input != nil {
		c.sec.input.finish() // what came may complete the handshake, and more
		return
	}
	if c.phase == phaseClosing {
		err = c.reason()
	}
	c.end(err)
}
