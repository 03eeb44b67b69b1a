package server

import (
	"errors"
	"log/slog"
	"net"
	"os"
	"sync"
	"syscall"
)

// spareDescriptors is how many are kept for the operators' port, whose probes must be
// answered when players have all others.
const spareDescriptors = 8

// spareListener is the operators' listener with descriptors of its own: when the process
// has none left, one of them is given up for the connection that waits, and taken again
// when a connection ends.
type spareListener struct {
	net.Listener

	mu     sync.Mutex
	spare  []*os.File // guarded by mu: at most spareDescriptors
	closed bool       // guarded by mu
}

func newSpareListener(ln net.Listener) *spareListener {
	l := &spareListener{Listener: ln}
	l.refill()
	return l
}

// refill takes descriptors until there are enough, or none is left.
func (l *spareListener) refill() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for !l.closed && len(l.spare) < spareDescriptors {
		f, err := os.Open(os.DevNull)
		if err != nil {
			return
		}
		l.spare = append(l.spare, f)
	}
}

// giveUp closes one of the spare descriptors, and reports whether there was one.
func (l *spareListener) giveUp() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	last := len(l.spare) - 1
	if last < 0 {
		return false
	}
	_ = l.spare[last].Close()
	l.spare = l.spare[:last]
	return true
}

// Accept implements [net.Listener].
func (l *spareListener) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		switch {
		case err == nil:
			return &spareConn{Conn: c, from: l}, nil
		case (errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)) && l.giveUp():
		default:
			return nil, err
		}
	}
}

// Close implements [net.Listener].
func (l *spareListener) Close() error {
	err := l.Listener.Close()
	l.mu.Lock()
	l.closed = true
	l.mu.Unlock()
	for l.giveUp() {
	}
	return err
}

// spareConn gives its descriptor back to those that are kept.
type spareConn struct {
	net.Conn
	from *spareListener
	once sync.Once
}

// Close implements [net.Conn].
func (c *spareConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(c.from.refill)
	return err
}

// CloseWrite ends what is written, as net/http does before it closes a connection whose
// request it did not read to the end: without it the answer is lost.
func (c *spareConn) CloseWrite() error {
	if tcp, ok := c.Conn.(interface{ CloseWrite() error }); ok {
		return tcp.CloseWrite()
	}
	return errors.ErrUnsupported
}

// ownDescriptors is about how many the process has open without clients and matches.
const ownDescriptors = 64

// warnOfDescriptors tells of a limit of descriptors that is lower than what clients and
// matches may take: a connection needs one, a match up to two.
func warnOfDescriptors(log *slog.Logger, limit uint64, connections, matches int) {
	need := uint64(max(connections, 0)) + 2*uint64(max(matches, 0)) + ownDescriptors
	if limit > 0 && limit < need {
		log.Warn("fewer descriptors than connections and matches may need: raise the limit (ulimit -n, LimitNOFILE=), or lower the most connections and matches",
			"limit", limit, "needed", need)
	}
}
