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
	at := c.alive() + int64(l.Heartbeat)
	if c.pinged {
		at = c.answered() + int64(l.Heartbeat)
	}
	if !c.spoke {
		at = min(at, c.opened+int64(l.AuthTimeout))
	}
	if c.begun != 0 {
		at = min(at, c.begun+int64(l.MessageTimeout))
	}
	return at
}

// alive is when the peer last gave a sign: bytes came, or it made room for more.
func (c *Conn) alive() int64 { return max(c.heard, c.taken.Load()) }

// answered is since when the answer to a ping is awaited: a ping waits behind what is
// pending, for as long as the peer takes of that.
func (c *Conn) answered() int64 { return max(c.pingedAt, c.taken.Load()) }

// A loop that comes to a deadline later than stallAfter was not running: the process
// was stopped, or the machine. Then the peer is given moreTime, once, because
// neither what it sent nor the server's ping may have got through in time.
const (
	stallAfter = int64(500 * time.Millisecond)
	moreTime   = int64(time.Second)
)

// expire acts on the deadlines that have passed. Called by the loop, when it has read
// what arrived: the peer is not blamed for what the server has yet to read.
func (c *Conn) expire(now int64) {
	defer c.rescue(now)
	l := &c.core.cfg.Limits
	due := c.due()
	if now < due {
		return
	}
	if now-due > stallAfter && !c.excused {
		c.excuse(now)
		if now < c.due() {
			return
		}
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
		case c.pinged && now >= c.answered()+int64(l.Heartbeat):
			c.fail(CodeHeartbeat, "nothing heard for too long")
		default:
			c.ping(now)
		}
	}
	if c.state.Load() != outOpen {
		c.handleWake(now)
	}
}

// ping asks the peer for a sign of life, which it has one heartbeat for.
func (c *Conn) ping(now int64) {
	c.pinged, c.pingedAt = true, now
	c.counters.pingsOut.Add(1)
	c.reply(ws.OpPing, nil)
}

// excuse moves the deadlines that passed while the loop stood still. Called by the
// loop.
func (c *Conn) excuse(now int64) {
	c.excused = true
	l := &c.core.cfg.Limits
	until := func(begin *int64, limit time.Duration) {
		*begin = max(*begin, now+min(moreTime, int64(limit))-int64(limit))
	}
	switch c.phase {
	case phaseProxy, phaseHello, phaseShake, phaseHead:
		until(&c.heard, l.HeadTimeout)
	case phaseClosing:
		c.closeBy = max(c.closeBy, now+min(moreTime, int64(l.CloseTimeout)))
	case phaseOpen:
		if !c.spoke {
			until(&c.opened, l.AuthTimeout)
		}
		if c.begun != 0 {
			until(&c.begun, l.MessageTimeout)
		}
		if c.pinged {
			c.ping(now)
		}
	}
}
