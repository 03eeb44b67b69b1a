package transport

import (
	"context"
	"net/http"
	"runtime"
	"testing"
	"time"
)

// patience bounds every wait of the tests for something that should happen.
const patience = 5 * time.Second

// double is a host that records what its connections bring.
type double struct {
	upgrade  func(r *Request) (any, *Refusal) // nil accepts
	message  func(s *session, payload []byte) // nil records
	sessions chan *session
}

type session struct {
	double   *double
	conn     *Conn
	accept   any
	messages chan string
	closed   chan error
}

func newDouble() *double { return &double{sessions: make(chan *session, 2048)} }

func (d *double) Upgrade(r *Request) (any, *Refusal) {
	if d.upgrade != nil {
		return d.upgrade(r)
	}
	return nil, nil
}

func (d *double) Opened(c *Conn, accept any) Receiver {
	s := &session{d, c, accept, make(chan string, 1024), make(chan error, 1)}
	d.sessions <- s
	return s
}

func (s *session) Message(payload []byte) {
	if s.double.message != nil {
		s.double.message(s, payload)
		return
	}
	s.messages <- string(payload)
}

func (s *session) Closed(err error) { s.closed <- err } // a second call would block and fail the test

// variant is one way to run the transport.
type variant struct {
	name  string
	kind  Kind
	noTry bool
	tls   bool
}

func variants() []variant {
	v := []variant{{name: "net", kind: Net}, {name: "net-drainer", kind: Net, noTry: true}}
	if runtime.GOOS == "linux" {
		v = append(v, variant{name: "epoll", kind: Epoll})
	}
	for _, plain := range v {
		plain.name, plain.tls = plain.name+"-tls", true
		v = append(v, plain)
	}
	return v
}

// onEach runs a test on every variant of the transport, one after the other.
func onEach(t *testing.T, f func(t *testing.T, v variant)) {
	for _, v := range variants() {
		t.Run(v.name, func(t *testing.T) { f(t, v) })
	}
}

// onEachAtOnce runs a test on every variant of the transport at once, beside
// other tests: for those that wait for deadlines and hardly compute.
func onEachAtOnce(t *testing.T, f func(t *testing.T, v variant)) {
	t.Parallel()
	for _, v := range variants() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			f(t, v)
		})
	}
}

// config is cfg for this variant.
func (v variant) config(t testing.TB, cfg Config) Config {
	cfg.Kind = v.kind
	if v.tls && cfg.TLS == nil {
		cfg.TLS = gameCert(t)
	}
	return cfg
}

func (v variant) start(t testing.TB, cfg Config, host Host, handler http.Handler) *Server {
	t.Helper()
	s, err := Listen(v.config(t, cfg), host, handler)
	if err != nil {
		t.Fatal(err)
	}
	s.core.pool.poison = true
	s.core.noTry = v.noTry
	done := make(chan error, 1)
	go func() { done <- s.Serve(context.Background()) }()
	t.Cleanup(func() {
		s.Close()
		if err := <-done; err != nil && err != ErrServerClosed {
			t.Errorf("Serve: %v", err)
		}
		if n := s.Stats().Open; n != 0 {
			t.Errorf("%d connections still count as open after Close", n)
		}
	})
	return s
}

func take[T any](t testing.TB, ch <-chan T, what string) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		t.Fatalf("no %s", what)
		panic("unreachable")
	}
}

// eventually waits until ok holds.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); !ok(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("not reached: %s", what)
		}
	}
}
