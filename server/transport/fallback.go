package transport

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// handOnQueue is how many connections may wait for net/http to take them. It
// takes them at once, so a full queue means that the machine is drowning; what
// comes then is dropped and counted.
const handOnQueue = 128

// fallback is the net/http server on the same port, and the listener that
// feeds it. It is safe for concurrent use.
type fallback struct {
	core   *core
	server http.Server
	addr   net.Addr
	conns  chan net.Conn

	closeOnce sync.Once
	closed    chan struct{}
}

func newFallback(c *core, handler http.Handler, addr net.Addr) *fallback {
	f := &fallback{core: c, addr: addr, conns: make(chan net.Conn, handOnQueue), closed: make(chan struct{})}
	if handler == nil {
		handler = http.HandlerFunc(http.NotFound)
	}
	f.server = http.Server{
		Handler:           notUpgrades(handler),
		ReadHeaderTimeout: c.cfg.Limits.HeadTimeout,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    c.cfg.Limits.HeadBytes,
		ErrorLog:          slog.NewLogLogger(c.cfg.Log.Handler(), slog.LevelDebug),
	}
	return f
}

// notUpgrades answers a request for a WebSocket that comes as the second
// request of a connection, where net/http reads and no upgrade is possible.
func notUpgrades(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-WebSocket-Key") == "" && !equalFold([]byte(r.Header.Get("Upgrade")), "websocket") {
			next.ServeHTTP(w, r)
			return
		}
		refusal := Refusal{Code: "reused_connection",
			Message: "a WebSocket must be the first request of its connection: open a new one"}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write(refusal.body())
	})
}

// run serves until close or shutdown.
func (f *fallback) run() { _ = f.server.Serve(f) }

// serve queues a connection, whose place in the caps goes with it, and reports
// false if it had to be dropped.
func (f *fallback) serve(nc net.Conn, replay []byte, from netip.Addr) bool {
	rc := &replayConn{Conn: nc, replay: replay, leave: func() { f.core.caps.leave(from) }}
	select {
	case <-f.closed:
	default:
		select {
		case f.conns <- rc:
			return true
		default:
		}
	}
	_ = rc.Close()
	return false
}

func (f *fallback) shutdown(ctx context.Context) error {
	err := f.server.Shutdown(ctx)
	f.discard()
	return err
}

func (f *fallback) close() {
	_ = f.server.Close()
	f.discard()
}

// discard closes what net/http did not take. Called again after the last serve.
func (f *fallback) discard() {
	_ = f.Close()
	for {
		select {
		case nc := <-f.conns:
			_ = nc.Close()
		default:
			return
		}
	}
}

// Accept, Close and Addr make the fallback net/http's listener.
func (f *fallback) Accept() (net.Conn, error) {
	select {
	case nc := <-f.conns:
		return nc, nil
	case <-f.closed:
		return nil, net.ErrClosed
	}
}

func (f *fallback) Close() error {
	f.closeOnce.Do(func() { close(f.closed) })
	return nil
}

func (f *fallback) Addr() net.Addr { return f.addr }

// replayConn is a connection whose first bytes were read already.
type replayConn struct {
	net.Conn
	replay []byte

	leaveOnce sync.Once
	leave     func()
}

func (c *replayConn) Read(p []byte) (int, error) {
	if len(c.replay) > 0 {
		n := copy(p, c.replay)
		c.replay = c.replay[n:]
		return n, nil
	}
	c.replay = nil
	return c.Conn.Read(p)
}

func (c *replayConn) Close() error {
	err := c.Conn.Close()
	c.leaveOnce.Do(c.leave)
	return err
}
