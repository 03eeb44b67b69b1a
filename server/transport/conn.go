package transport

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
)

// link is the TCP stream under a connection and the loop that drives it, on
// epoll or on net.Conn. TLS stands between the connection and its link.
type link interface {
	// write takes what it can without blocking, with at most one system call;
	// errAgain if that is nothing. Called with outMu held.
	write(p []byte) (int, error)
	// drain tells that bytes are pending, which the link is to write as soon as
	// there is room. Called with outMu held.
	drain()
	// finish sends FIN. Called with outMu held.
	finish()
	// wake has the loop call handleWake. Callable from anywhere, outMu held or not.
	wake()
	// close releases the descriptor; reset asks for RST in place of FIN. Called
	// by the loop, with outMu held.
	close(reset bool)
	// detach gives the descriptor away. Called by the loop.
	detach() (net.Conn, error)
	// shake runs a TLS handshake that begins with hello, which is valid during
	// the call only, and has handleWake called when it is over. Called by the loop.
	shake(hello []byte)
	// plain is the loop's buffer for what is deciphered.
	plain() []byte
}

// core is what all connections of a server share.
type core struct {
	cfg     *Config
	host    Host
	stats   *tally
	caps    *caps
	pool    *pool
	http    *fallback
	readmit func(r *returned) error
	closing chan struct{}  // closed when all is dropped
	tls     *tls.Config    // nil: a plain port
	gate    *handshakeGate // nil: a plain port
	origins originPolicy
	frames  frameRules
	clock   clock
	noTry   bool // tests: Net leaves every write to its drainer, as on Windows

	messageRate, byteRate, controlRate rate
	address, global                    trafficLimits // rates of all connections of an address, and of all
	everybody                          traffic
	proxies                            proxies
}

type phase uint8

const (
	phaseProxy   phase = iota // collecting the header of the PROXY protocol
	phaseHello                // collecting the ClientHello
	phaseShake                // the TLS handshake runs
	phaseHead                 // collecting the request head
	phaseOpen                 // exchanging messages
	phaseClosing              // a close frame or refusal is written or waits; input is discarded
	phaseGone                 // descriptor closed or given away
)

// States of the way out.
const (
	outOpen    = iota // Send works
	outClosing        // the last frame is written or waits
	outDead           // nothing can be written; the loop is to close the descriptor
)

// Conn is one client's connection. Send, Pending, Close, Drop and RemoteAddr
// are safe for concurrent use, from inside callbacks too.
//
// Between two messages of one connection, those of others push it out of the
// processor's caches. So the fields that every message needs stand together, in
// cache lines of 64 bytes.
type Conn struct {
	// Static.
	core     *core
	counters *loopCounters
	sec      *secure // nil: plain

	// Owned by the loop.
	receiver Receiver      // nil before Opened and after Closed
	entry    *addressEntry // in the caps
	since    int           // bytes taken since the last event, charged with the next one
	phase    phase
	pinged   bool // a ping was sent since the peer was last heard
	spoke    bool // a message came since the upgrade
	blind    bool // closing: the peer's close frame is not awaited or not readable
	excused  bool // the server stood still at a deadline, so the peer was given more time

	state   atomic.Int32 // outOpen…; written with outMu held
	waiting atomic.Int64 // pending bytes; written with outMu held
	taken   atomic.Int64 // when pending bytes were last taken: the peer reads, if slowly
	link    link         // static
	outMu   sync.Mutex

	// Owned by the loop.
	heard    int64 // when bytes last came; up to phaseHead, when it was accepted
	begun    int64 // when the unfinished message began, 0 if there is none
	messages bucket
	bytes    bucket
	parser   parser

	// Owned by the loop; seldom needed. The address is that of the client, as
	// far as proxies that are trusted tell it; it does not change once the
	// connection is open.
	overhead int   // raw bytes of TLS since the last event
	opened   int64 // when it was upgraded
	pingedAt int64 // when the last ping was sent
	closeBy  int64 // phaseClosing: when the descriptor is closed at the latest
	controls bucket
	remote   netip.AddrPort
	up       *upgrader
	scan     headScan
	head     []byte // beginning of an unfinished head, from the pool

	out     []byte // guarded by outMu: pending output, from the pool
	outAt   int    // guarded by outMu: how much of out is written
	long    int    // guarded by outMu: pending bytes of one send beyond the bound, when nothing else was pending; else 0
	cause   error  // guarded by outMu: why state left outOpen
	last    bool   // guarded by outMu: send FIN once nothing is pending
	finSent bool   // guarded by outMu
	ignored int32  // owned by the loop: bytes discarded while closing
}

func (c *Conn) init(core *core, counters *loopCounters, l link, up *upgrader) {
	c.core, c.counters, c.link, c.up = core, counters, l, up
	c.parser.rules = &core.frames
	c.heard = core.clock.now()
	if c.phase = phaseProxy; !core.proxies.announced(c.remote.Addr()) {
		c.begin()
	}
}

// begin is what follows when it is known whose connection it is.
func (c *Conn) begin() {
	c.phase = phaseHead
	if c.core.tls != nil {
		c.phase = phaseHello
		c.sec = newSecure(c)
	}
}

// resume makes a connection of one that net/http had, and whose next request
// is for a WebSocket. Called by the loop, in place of the first read.
func (c *Conn) resume(r *returned, now int64) {
	c.phase, c.sec, c.entry = phaseHead, r.sec, r.entry
	var raw []byte
	if c.sec != nil {
		raw = c.sec.back(c)
	}
	c.feed(r.head, now)
	if c.sec != nil && c.phase != phaseGone {
		c.sec.decipher(raw, now)
	}
}

// RemoteAddr is the peer's address.
func (c *Conn) RemoteAddr() netip.AddrPort { return c.remote }

// handleWake has the loop act on what Send, Close and Drop left for it.
func (c *Conn) handleWake(now int64) {
	defer c.rescue(now)
	switch state := c.state.Load(); {
	case c.phase == phaseGone:
	case c.phase == phaseShake && c.sec.shook.Load():
		c.sec.shaken(now)
	case state == outDead:
		c.end(c.reason())
	case state == outClosing && c.phase != phaseClosing:
		c.phase = phaseClosing
		c.closeBy = now + int64(c.core.cfg.Limits.CloseTimeout)
		c.notify(c.reason())
		c.dropHead()
	}
}

func (c *Conn) reason() error {
	c.outMu.Lock()
	defer c.outMu.Unlock()
	return c.cause
}

// end closes the descriptor and tells the receiver, if it was not told before.
// Called by the loop.
func (c *Conn) end(err error) {
	if c.phase == phaseGone {
		return
	}
	if c.phase <= phaseHead { // counted first: whoever sees the end sees the count
		c.core.stats.shake(dropReason(err))
	}
	c.phase = phaseGone
	c.outMu.Lock()
	if c.cause == nil {
		c.cause = err
	}
	c.state.Store(outDead)
	c.forget()
	c.link.close(errors.Is(err, ErrFull) || errors.Is(err, errFlood))
	c.outMu.Unlock()
	if c.sec != nil && c.sec.input != nil {
		c.sec.input.end(net.ErrClosed)
	}
	c.parser.release()
	c.dropHead()
	c.core.caps.release(c.entry)
	c.notify(err)
}

// notify makes the receiver's last call and counts the outcome.
func (c *Conn) notify(err error) {
	r := c.receiver
	if r == nil {
		return
	}
	c.receiver = nil
	var ce *CloseError
	if errors.As(err, &ce) {
		c.core.stats.close(closeKey(ce))
	} else {
		c.core.stats.drop(dropReason(err))
	}
	r.Closed(err)
}

// closeKey keeps peers from growing the counters: their codes of applications
// are counted as one.
func closeKey(ce *CloseError) CloseKey {
	if ce.Remote && ce.Code >= 3000 {
		return CloseKey{Code: 3000, Remote: true}
	}
	return CloseKey{Code: ce.Code, Remote: ce.Remote}
}

// dropReason names an error for the counters, from a fixed set.
func dropReason(err error) string {
	var hd headDrop
	switch {
	case errors.As(err, &hd):
		return string(hd)
	case errors.Is(err, io.EOF):
		return "eof"
	case errors.Is(err, ErrFull):
		return "full"
	case errors.Is(err, ErrDropped):
		return "dropped"
	case errors.Is(err, ErrServerClosed):
		return "server_closed"
	case errors.Is(err, errPanic):
		return "panic"
	default:
		return "network"
	}
}

func (c *Conn) dropHead() {
	c.core.pool.put(c.head)
	c.head = nil
}
