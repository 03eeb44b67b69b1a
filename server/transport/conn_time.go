package transport

import (
	"math"
	"time"

	"github.com/gobwas/ws"
)

// clock counts nanoseconds since the server began. It is monotonic: setting
// the machine's clock moves no deadline.
type clock struct{ start time.Time }

// now is never 0, so that 0 can mean no time.
func (k clock) now() int64 { return int64(time.Since(k.start)) + 1 }

// due is when expire has to be called next, given that nothing happens until
// then. Every event of the loop may move it, in either direction.
func (c *Conn) due() int64 {
	l := &c.core.cfg.Limits
	switch c.phase {
	case phaseProxy, phaseHello, phaseShake, phaseHead:
		return c.heard + int64(l.HeadTimeout)
	case phaseClosing:
		return c.closeBy
	case phaseGone:
		return math.MaxInt64
	}
	at := c.heard + int64(l.Heartbeat)
	if c.pinged {
		at += int64(l.Heartbeat)
	}
	if !c.spoke {
		at = min(at, c.opened+int64(l.AuthTimeout))
	}
	if c.begun != 0 {
		at = min(at, c.begun+int64(l.MessageTimeout))
	}
	return at
}

// expire acts on the deadlines that have passed. Called by the loop.
func (c *Conn) expire(now int64) {
	defer c.rescue(now)
	l := &c.core.cfg.Limits
	if now < c.due() {
		return
	}
	switch c.phase {
	case phaseProxy, phaseHello, phaseShake, phaseHead:
		c.end(dropTimeout)
	case phaseClosing:
		c.end(errLinger)
	case phaseOpen:
		switch {
		case !c.spoke && now >= c.opened+int64(l.AuthTimeout):
			c.fail(CodeAuthTimeout, "no message in time after the upgrade")
		case c.begun != 0 && now >= c.begun+int64(l.MessageTimeout):
			c.fail(CodePolicy, "message not completed in time")
		case now >= c.heard+2*int64(l.Heartbeat):
			c.fail(CodeHeartbeat, "nothing heard for too long")
		default:
			c.pinged = true
			c.counters.pingsOut.Add(1)
			c.reply(ws.OpPing, nil)
		}
	}
	if c.state.Load() != outOpen {
		c.handleWake(now)
	}
}
