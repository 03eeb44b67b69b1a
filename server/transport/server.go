package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// Server is a listening transport. It is safe for concurrent use.
type Server struct {
	core     *core
	listener *net.TCPListener
	engine   engine
	accept   *acceptor

	serving  sync.WaitGroup
	closing  atomic.Bool
	stopOnce sync.Once
	stop     chan struct{} // closed by Close
	done     chan struct{} // closed when all is gone

	startMu sync.Mutex
	started bool // guarded by startMu
}

// engine is one implementation of the transport.
type engine interface {
	// run starts the loops, in wg.
	run(wg *sync.WaitGroup)
	// accept takes one connection, or returns the error of accept(2). It blocks.
	accept() error
	// readmit takes a connection back from net/http, or returns an error and
	// leaves it to the caller.
	readmit(r *returned) error
	// unlisten ends accept, together with closing the listener.
	unlisten()
	// goAway has every open connection closed with CodeGoingAway, and every
	// other dropped.
	goAway()
	// stop drops every connection and ends the loops.
	stop()
}

// Listen binds the port. Nothing is accepted before Serve. Requests that ask
// for no WebSocket go to handler; nil answers them with 404. Its requests have
// 30 s to be read and 60 s to be answered, which a handler that streams may
// extend with http.ResponseController.
func Listen(cfg Config, host Host, handler http.Handler) (*Server, error) {
	if host == nil {
		return nil, errors.New("transport: no host: pass what takes the connections")
	}
	filled, err := cfg.filled()
	if err != nil {
		return nil, err
	}
	lc := net.ListenConfig{Control: func(_, _ string, rc syscall.RawConn) error {
		return controlListener(rc, &filled.Limits)
	}}
	ln, err := lc.Listen(context.Background(), "tcp", filled.Addr)
	if err != nil {
		return nil, fmt.Errorf("transport: listen on %q: %w", filled.Addr, err)
	}
	s := &Server{
		core:     newCore(filled, host),
		listener: ln.(*net.TCPListener),
		stop:     make(chan struct{}),
		done:     make(chan struct{}),
	}
	s.core.closing = s.stop
	s.core.http = newFallback(s.core, handler, ln.Addr())
	if s.engine, err = newEngine(s.core, s.listener); err != nil {
		_ = ln.Close()
		return nil, err
	}
	s.core.readmit = s.engine.readmit
	s.accept = newAcceptor(s.core, s.engine, s.listener)
	return s, nil
}

func newCore(cfg *Config, host Host) *core {
	l := &cfg.Limits
	lanes := 1
	if cfg.Kind == Epoll {
		lanes = cfg.Shards
	}
	c := &core{
		cfg:     cfg,
		host:    host,
		stats:   newTally(lanes),
		caps:    newCaps(l),
		pool:    new(pool),
		origins: newOriginPolicy(cfg),
		tls:     tlsConfig(cfg.TLS),
		proxies: newProxies(&cfg.Security, cfg.Log),
		clock:   clock{time.Now()},

		messageRate: newRate(l.MessageRate, l.MessageBurst),
		byteRate:    newRate(l.ByteRate, l.ByteBurst),
		controlRate: newRate(l.ControlRate, l.ControlBurst),
	}
	c.address, c.global = newTrafficLimits(l)
	if c.tls != nil {
		c.gate = newHandshakeGate(l.Handshakes)
	}
	c.frames = frameRules{messageBytes: l.MessageBytes, fragments: l.Fragments, text: c.cfg.Text, pool: c.pool}
	return c
}

// Addr is the address that is listened on.
func (s *Server) Addr() net.Addr { return s.listener.Addr() }

// Stats returns the counters. It may be called at any time.
func (s *Server) Stats() Stats {
	st := s.core.stats.snapshot()
	st.Open = s.core.caps.open()
	st.Addresses = s.core.caps.addresses()
	return st
}

// Serve runs the transport until ctx ends or Close or Shutdown is called, and
// returns nil once every connection and goroutine is gone. It is called once.
func (s *Server) Serve(ctx context.Context) error {
	s.startMu.Lock()
	if s.started || s.closing.Load() {
		s.startMu.Unlock()
		return ErrServerClosed
	}
	s.started = true
	s.engine.run(&s.serving)
	s.serving.Go(s.accept.run)
	s.serving.Go(s.core.http.run)
	s.startMu.Unlock()

	select {
	case <-ctx.Done():
		s.Close()
	case <-s.stop:
	}
	<-s.done
	return nil
}

// Shutdown stops accepting, closes every connection with CodeGoingAway, lets
// net/http finish its requests, and waits for all of it until ctx ends. Then it
// closes what is left, and returns ctx's error if that was anything. A caller
// that wants other close codes closes its connections first.
func (s *Server) Shutdown(ctx context.Context) error {
	s.accept.close()
	s.engine.goAway()
	httpErr := s.core.http.shutdown(ctx)
	err := errors.Join(httpErr, s.core.caps.drained(ctx))
	s.Close()
	return err
}

// Close drops every connection and waits until every goroutine of the
// transport has ended. It must not be called from a callback.
func (s *Server) Close() {
	s.stopOnce.Do(func() {
		s.startMu.Lock()
		s.closing.Store(true)
		s.startMu.Unlock()
		close(s.stop)
		s.accept.close()
		s.core.http.close()
		s.engine.stop()
		s.serving.Wait()
		s.core.http.discard()
		close(s.done)
	})
	<-s.done
}
