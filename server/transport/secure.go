package transport

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync/atomic"
)

type stage uint8

const (
	stageShake stage = iota // the handshake runs, elsewhere or in the loop
	stageOpen               // the loop reads and writes
	stageHTTP               // net/http reads and writes
)

// secure is the TLS of a connection. crypto/tls works on a net.Conn, and
// secure is that too: one whose bytes the loop of the connection brings and
// takes away, so that an established connection needs no goroutine.
//
// Three habits of crypto/tls shape it. An error of a handshake is final, even
// that of a read that would block: so handshakes block, in goroutines bounded
// by the gate. An error of a write is final too: so writes go to memory, and
// from there on the way of all pending output. A read may write (alerts, key
// updates): so reads hold outMu, as writes do.
type secure struct {
	conn  *Conn
	tls   *tls.Conn
	stage stage
	hello helloScan

	records records // up to what crypto/tls was given
	alone   bool    // crypto/tls holds no whole record that it has not read

	ahead []byte          // stageHTTP: what has to be written first
	raw   []byte          // what the loop read and crypto/tls has not yet taken
	input *handshakeInput // stageShake on epoll
	sock  net.Conn        // stageShake on net.Conn; stageHTTP

	sealed   []byte // guarded by conn.outMu: what crypto/tls wrote, from the pool
	notified bool   // guarded by conn.outMu: close_notify is written

	shook atomic.Bool // the handshake is over; err is set
	err   error
}

func newSecure(c *Conn) *secure {
	s := &secure{conn: c}
	s.tls = tls.Server(s, c.core.tls)
	return s
}

// shake runs the handshake and tells the loop.
func (s *secure) shake() {
	s.conn.core.gate.compute()
	s.err = s.tls.Handshake()
	s.conn.core.gate.idle()
	s.shook.Store(true)
	s.conn.link.wake()
}

// shaken goes on behind a handshake that is over. Called by the loop.
func (s *secure) shaken(now int64) {
	c := s.conn
	st := s.tls.ConnectionState()
	switch {
	case s.err != nil:
		c.end(s.input.failed())
		return
	case isChallenge(&st):
		c.end(dropChallenge)
		return
	}
	c.core.stats.secured(st.Version, st.DidResume)
	rest, fin := s.raw, false
	if s.input != nil {
		rest, fin = s.input.rest()
	}
	s.input, s.sock = nil, nil
	s.stage = stageOpen
	c.phase = phaseHead
	s.decipher(rest, now)
	if fin {
		c.eof(io.EOF, now)
	}
}

// decipher feeds the connection what bytes from the wire decipher to. Called by
// the loop.
func (s *secure) decipher(raw []byte, now int64) {
	c := s.conn
	s.raw = raw
	plain := c.link.plain()
	c.overhead += len(raw)
	for c.phase != phaseGone {
		n, wrote, err := s.open(plain)
		if n > 0 {
			c.feed(plain[:n], now)
			if c.core.pool.poison {
				poison(plain[:n])
			}
		}
		if c.phase == phaseGone {
			return // it may be net/http's by now
		}
		if wrote {
			c.tlsAnswered(now)
		}
		switch {
		case err == nil && s.alone && len(s.raw) == 0 && s.records.boundary() && n < len(plain):
			c.tlsOverhead(now)
			return // it would block
		case err == nil:
		case err == errWouldBlock:
			s.raw, s.alone = nil, true
			c.tlsOverhead(now)
			return
		case errors.Is(err, io.EOF):
			c.eof(io.EOF, now)
		default:
			c.eof(dropCipher, now)
		}
	}
}

// open deciphers into p, and reports whether crypto/tls had something to say
// on its own account.
func (s *secure) open(p []byte) (n int, wrote bool, err error) {
	c := s.conn
	c.outMu.Lock()
	defer c.outMu.Unlock()
	n, err = s.tls.Read(p)
	if len(s.sealed) == 0 {
		return n, false, err
	}
	sealed := s.sealed
	s.sealed = nil
	if c.state.Load() != outDead {
		_ = c.putRaw(sealed, c.core.cfg.Limits.PendingBytes+len(sealed)) // a failure has marked the connection
	}
	c.core.pool.put(sealed)
	return n, true, err
}

// seal enciphers p into a buffer from the pool. conn.outMu is held.
func (s *secure) seal(p []byte) ([]byte, error) {
	s.sealed = s.conn.core.pool.get(len(p) + sealRoom)
	_, err := s.tls.Write(p)
	sealed := s.sealed
	s.sealed = nil
	return sealed, err
}

// sealRoom is what one record adds to its content, in bytes.
const sealRoom = 64

// notice returns close_notify, enciphered, or nothing if it is written
// already. conn.outMu is held.
func (s *secure) notice() []byte {
	if s.notified {
		return nil
	}
	s.notified = true
	_ = s.tls.CloseWrite() // an earlier fatal alert has said it
	sealed := s.sealed
	s.sealed = nil
	return sealed
}

// hand makes the net.Conn that net/http serves, above the socket. Called by
// the loop, which is done with it.
func (s *secure) hand(sock net.Conn, ahead []byte) net.Conn {
	s.ahead = ahead
	s.raw = append([]byte(nil), s.raw...)
	s.sock, s.alone = sock, false
	s.stage = stageHTTP
	return s.tls
}

// back is the reverse of hand, for a new connection. It returns what comes
// before anything new from the wire.
func (s *secure) back(c *Conn) (raw []byte) {
	s.conn = c
	s.sock = nil
	s.stage = stageOpen
	raw, s.raw = s.raw, nil
	return raw
}
