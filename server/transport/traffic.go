package transport

// traffic is a rate limit's count of what several connections received together:
// those of one address, or all. It is safe for concurrent use.
type traffic struct{ messages, bytes, controls sharedBucket }

// trafficLimits are the rates that bound a traffic.
type trafficLimits struct {
	scope                     string // begins the names of its counters
	code                      uint16
	whose                     string
	messages, bytes, controls rate
}

// charge counts what one read brought. It is called once for all of it, so that
// loops seldom contend for the counters; what exceeds the limit has been delivered.
// It returns a close code, a reason and a counter's name, or 0 if all is well.
func (t *traffic) charge(w *trafficLimits, n intake, now int64) (code uint16, reason, name string) {
	switch {
	case !t.messages.allow(w.messages, n.messages, now):
		return w.code, "too many messages per second " + w.whose, w.scope + "_messages"
	case !t.bytes.allow(w.bytes, n.bytes, now):
		return w.code, "too many bytes per second " + w.whose, w.scope + "_bytes"
	case !t.controls.allow(w.controls, n.controls, now):
		return w.code, "too many control frames per second " + w.whose, w.scope + "_controls"
	}
	return 0, "", ""
}

// intake is what one read brought.
type intake struct{ messages, bytes, controls int }

// chargeShared counts what one read brought against the limits that connections
// share, and closes the connection if it exceeds one.
func (c *Conn) chargeShared(n intake, now int64) {
	if n == (intake{}) {
		return
	}
	code, reason, name := uint16(0), "", ""
	if c.entry != &c.core.caps.proxied {
		code, reason, name = c.entry.traffic.charge(&c.core.address, n, now)
	}
	if code == 0 {
		code, reason, name = c.core.everybody.charge(&c.core.global, n, now)
	}
	if code != 0 && c.state.Load() == outOpen {
		c.core.stats.limit(name)
		c.fail(code, reason)
	}
}

func newTrafficLimits(l *Limits) (address, global trafficLimits) {
	return trafficLimits{
			scope: "address", code: CodePolicy, whose: "from this address",
			messages: newRate(l.AddressMessageRate, 2*l.AddressMessageRate),
			bytes:    newRate(l.AddressByteRate, 2*l.AddressByteRate),
			controls: newRate(l.AddressControlRate, 2*l.AddressControlRate),
		}, trafficLimits{
			scope: "global", code: CodeTryLater, whose: "in all: try again later",
			messages: newRate(l.TotalMessageRate, 2*l.TotalMessageRate),
			bytes:    newRate(l.TotalByteRate, 2*l.TotalByteRate),
			controls: newRate(l.TotalControlRate, 2*l.TotalControlRate),
		}
}
