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
	e.core.stats.accepted.Add(1)
	var remote netip.AddrPort
	if a, ok := tc.RemoteAddr().(*net.TCPAddr); ok {
		ap := a.AddrPort()
		remote = netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	if reason := e.core.caps.enter(remote.Addr()); reason != "" {
		e.core.stats.refuse(reason)
		_, _ = tc.Write(capAnswer)
		_ = tc.Close()
		return nil
	}
	_ = tc.SetWriteBuffer(e.core.cfg.Limits.SendBuffer)
	c := newNetConn(e, tc, remote)
	e.connsMu.Lock()
	defer e.connsMu.Unlock()
	if e.away {
		e.core.caps.leave(remote.Addr())
		_ = tc.Close()
		return nil
	}
	e.conns[c] = struct{}{}
	e.wg.Go(c.run)
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
