package transport

import (
	"net"
	"time"
)

// wouldBlock is the error that crypto/tls tries again after.
type wouldBlock struct{}

func (wouldBlock) Error() string   { return "transport: would block" }
func (wouldBlock) Timeout() bool   { return true }
func (wouldBlock) Temporary() bool { return true }

var errWouldBlock error = wouldBlock{}

// Read is crypto/tls reading ciphertext.
func (s *secure) Read(p []byte) (n int, err error) {
	if len(s.raw) > 0 {
		n = copy(p, s.records.one(s.raw))
		s.raw = s.raw[n:]
	} else {
		n, err = s.read(p)
	}
	s.records.advance(p[:n])
	return n, err
}

// read is Read when the loop has left nothing.
func (s *secure) read(p []byte) (int, error) {
	switch {
	case s.input != nil:
		n, resume, err := s.input.read(p, &s.records)
		if resume {
			s.conn.link.wake()
		}
		return n, err
	case s.stage == stageShake:
		gate := s.conn.core.gate
		gate.idle()
		defer gate.compute()
		return s.sock.Read(p[:min(len(p), s.records.want())])
	case s.stage == stageHTTP:
		return s.sock.Read(p)
	}
	return 0, errWouldBlock
}

// Write is crypto/tls writing ciphertext.
func (s *secure) Write(p []byte) (int, error) {
	c := s.conn
	switch s.stage {
	case stageHTTP:
		if ahead := s.ahead; len(ahead) > 0 {
			s.ahead = nil
			if _, err := s.sock.Write(ahead); err != nil {
				return 0, err
			}
		}
		return s.sock.Write(p)
	case stageOpen:
		s.sealed = c.core.pool.add(s.sealed, p)
		return len(p), nil
	}
	c.outMu.Lock()
	defer c.outMu.Unlock()
	if c.state.Load() != outOpen {
		return 0, net.ErrClosed
	}
	if err := c.putRaw(p, c.core.cfg.Limits.PendingBytes); err != nil {
		return 0, err
	}
	return len(p), nil
}

// outside waits for done without a processor, and reports false if the time of
// the handshake ran out. Called inside shake.
func (s *secure) outside(done <-chan struct{}) bool {
	core := s.conn.core
	var gone chan struct{} // on net.Conn, the peer's end is not seen meanwhile
	if s.input != nil {
		gone = s.input.gone
	}
	timer := time.NewTimer(core.cfg.Limits.HeadTimeout)
	defer timer.Stop()
	core.gate.idle()
	defer core.gate.compute()
	select {
	case <-done:
		return true
	case <-gone:
	case <-core.closing:
	case <-timer.C:
	}
	return false
}

// Close, the addresses and the deadlines are net/http's only: elsewhere the
// loop closes, and keeps the time.

// Close implements [net.Conn].
func (s *secure) Close() error {
	if s.stage != stageHTTP {
		return nil
	}
	return s.sock.Close()
}

// LocalAddr implements [net.Conn].
func (s *secure) LocalAddr() net.Addr { return s.conn.core.http.addr }

// RemoteAddr implements [net.Conn].
func (s *secure) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(s.conn.remote) }

// SetDeadline implements [net.Conn].
func (s *secure) SetDeadline(t time.Time) error {
	if s.stage != stageHTTP {
		return nil
	}
	return s.sock.SetDeadline(t)
}

// SetReadDeadline implements [net.Conn].
func (s *secure) SetReadDeadline(t time.Time) error {
	if s.stage != stageHTTP {
		return nil
	}
	return s.sock.SetReadDeadline(t)
}

// SetWriteDeadline implements [net.Conn].
func (s *secure) SetWriteDeadline(t time.Time) error {
	if s.stage != stageHTTP {
		return nil
	}
	return s.sock.SetWriteDeadline(t)
}
