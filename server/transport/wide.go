package transport

// traffic is what several connections took together. It is safe for
// concurrent use.
type traffic struct{ messages, bytes, controls sharedBucket }

// wide are the rates of a traffic.
type wide struct {
	scope                     string // begins the names of its counters
	code                      uint16
	whose                     string
	messages, bytes, controls rate
}

// charge takes what one read brought. It is asked once for all of it, so that
// loops seldom meet at the counters; what exceeds the limit has been delivered.
// It returns a close code, a reason and a counter's name, or 0 if all is well.
func (t *traffic) charge(w *wide, n intake, now int64) (code uint16, reason, name string) {
	switch {
	case !t.messages.take(w.messages, n.messages, now):
		return w.code, "too many messages per second " + w.whose, w.scope + "_messages"
	case !t.bytes.take(w.bytes, n.bytes, now):
		return w.code, "too many bytes per second " + w.whose, w.scope + "_bytes"
	case !t.controls.take(w.controls, n.controls, now):
		return w.code, "too many control frames per second " + w.whose, w.scope + "_controls"
	}
	return 0, "", ""
}

// intake is what one read brought.
type intake struct{ messages, bytes, controls int }

// chargeWide asks the limits that connections share.
func (c *Conn) chargeWide(n intake, now int64) {
	if n == (intake{}) {
		return
	}
	code, reason, name := uint16(0), "", ""
	if c.place != &c.core.caps.proxied {
		code, reason, name = c.place.traffic.charge(&c.core.address, n, now)
	}
	if code == 0 {
		code, reason, name = c.core.everybody.charge(&c.core.global, n, now)
	}
	if code != 0 && c.state.Load() == outOpen {
		c.core.stats.limit(name)
		c.fail(code, reason)
	}
}

func newWide(l *Limits) (address, global wide) {
	return wide{
			scope: "address", code: CodePolicy, whose: "from this address",
			messages: newRate(l.AddressMessageRate, 2*l.AddressMessageRate),
			bytes:    newRate(l.AddressByteRate, 2*l.AddressByteRate),
			controls: newRate(l.AddressControlRate, 2*l.AddressControlRate),
		}, wide{
			scope: "global", code: CodeTryLater, whose: "in all: try again later",
			messages: newRate(l.TotalMessageRate, 2*l.TotalMessageRate),
			bytes:    newRate(l.TotalByteRate, 2*l.TotalByteRate),
			controls: newRate(l.TotalControlRate, 2*l.TotalControlRate),
		}
}
