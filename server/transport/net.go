package transport

import (
	"net"
	"net/netip"
	"sync"
)

// netEngine is the transport on net.Conn, with a reader goroutine for each.
type netEngine struct {
	core     *core
	listener *net.TCPListener
	wg       *sync.WaitGroup // set by run

	connsMu sync.Mutex
	away    bool                  // guarded by connsMu: takes no newcomers
	conns   map[*netConn]struct{} // guarded by connsMu; bounded by the caps
}

func newNetEngine(c *core, ln *net.TCPListener) *netEngine {
	return &netEngine{core: c, listener: ln, conns: make(map[*netConn]struct{})}
}

func (e *netEngine) run(wg *sync.WaitGroup) { e.wg = wg }

func (e *netEngine) accept() error {
	tc, err := e.listener.AcceptTCP()
	if err != nil {
		return err
	}
	var remote netip.AddrPort
	if a, ok := tc.RemoteAddr().(*net.TCPAddr); ok {
		ap := a.AddrPort()
		remote = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	p, reason := e.core.admit(remote.Addr())
	if p == nil {
		_, _ = tc.Write(e.core.capAnswer(reason))
		_ = tc.Close()
		return nil
	}
	_ = tc.SetWriteBuffer(e.core.cfg.Limits.SendBuffer)
	if !e.begin(newNetConn(e, tc, remote, p)) {
		e.core.caps.release(p)
		_ = tc.Close()
	}
	return nil
}

// begin runs a connection, or reports false if the server is going away.
func (e *netEngine) begin(c *netConn) bool {
	e.connsMu.Lock()
	defer e.connsMu.Unlock()
	if e.away {
		return false
	}
	e.conns[c] = struct{}{}
	e.wg.Go(c.run)
	return true
}

func (e *netEngine) readmit(r *returned) error {
	c := newNetConn(e, r.socket, r.remote, r.entry)
	c.back = r
	if !e.begin(c) {
		return ErrServerClosed
	}
	return nil
}

func (e *netEngine) remove(c *netConn) {
	e.connsMu.Lock()
	defer e.connsMu.Unlock()
	delete(e.conns, c)
}

func (e *netEngine) unlisten() {}

func (e *netEngine) goAway() { e.order(orderedAway) }

func (e *netEngine) stop() { e.order(orderedStop) }

func (e *netEngine) order(o int32) {
	e.connsMu.Lock()
	defer e.connsMu.Unlock()
	e.away = true
	for c := range e.conns {
		c.ordered.Store(max(o, c.ordered.Load()))
		c.wake()
	}
}
