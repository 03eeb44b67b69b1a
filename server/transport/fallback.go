package transport

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"arbiter/server/httpapi"
)

// handOnQueue is how many connections may wait for net/http to take them. It
// takes them at once, so a full queue means that the machine is overloaded; a
// connection that comes then is dropped and counted.
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
		Handler:           f.tellTLS(c.proxies.behind(f.upgrades(handler))),
		ReadHeaderTimeout: c.cfg.Limits.HeadTimeout,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    c.cfg.Limits.HeadBytes,
		ConnContext:       func(ctx context.Context, nc net.Conn) context.Context { return context.WithValue(ctx, connKey{}, nc) },
		ErrorLog:          slog.NewLogLogger(c.cfg.Log.Handler(), slog.LevelDebug),
	}
	return f
}

// upgrades reclaims connections that ask for a WebSocket after other requests.
// Where that is impossible, the client is told to open a new connection.
func (f *fallback) upgrades(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Sec-WebSocket-Key") == "" && !equalFold([]byte(r.Header.Get("Upgrade")), "websocket") {
			next.ServeHTTP(w, r)
			return
		}
		if f.reclaim(w, r) {
			return
		}
		refusal := Refusal{Status: http.StatusBadRequest, Code: "reused_connection",
			Message: "a WebSocket must be the first request of its connection: open a new one"}
		w.Header().Set("Content-Type", httpapi.MediaType)
		w.Header().Set("Connection", "close")
		w.WriteHeader(refusal.Status)
		_, _ = w.Write(refusal.body())
	})
}

// connKey finds a request's connection in its context.
type connKey struct{}

// tellTLS lets handlers see that a request came over TLS, which net/http knows of
// its own connections only.
func (f *fallback) tellTLS(next http.Handler) http.Handler {
	if f.core.tls == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rc, ok := r.Context().Value(connKey{}).(*replayConn); ok && rc.sec != nil {
			st := rc.sec.tls.ConnectionState()
			r.TLS = &st
		}
		next.ServeHTTP(w, r)
	})
}

// run serves until close or shutdown.
func (f *fallback) run() { _ = f.server.Serve(f) }

// serve queues a connection, whose entry in the caps goes with it, and reports
// false if it had to be dropped.
func (f *fallback) serve(rc *replayConn) bool {
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
	net.Conn // the socket, or TLS above it
	socket   *net.TCPConn
	sec      *secure // nil: plain
	remote   netip.AddrPort
	replay   []byte

	leaveOnce sync.Once
	caps      *caps
	entry     *addressEntry
}

// RemoteAddr is the client's address, as far as the PROXY protocol told it.
func (c *replayConn) RemoteAddr() net.Addr { return net.TCPAddrFromAddrPort(c.remote) }

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
	c.leaveOnce.Do(func() { c.caps.release(c.entry) })
	return err
}
