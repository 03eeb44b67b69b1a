package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

// TestHTTP: every head that is no upgrade reaches net/http on the same port,
// body and all, and the connection stays usable.
func TestHTTP(t *testing.T) {
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, _ = fmt.Fprintf(w, "%s %s %d", r.Method, r.URL.Path, len(body))
	})
	onEach(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{}, newDouble(), echo)
		for _, bytewise := range []bool{false, true} {
			p := dial(t, s)
			for _, req := range []struct{ head, body, want string }{
				{"GET /a HTTP/1.1\r\nHost: x\r\n\r\n", "", "GET /a 0"},
				{"POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n", strings.Repeat("x", 5000), "POST /b 5000"},
				{"PUT /c HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n", "x", "PUT /c 1"},
			} {
				p.send([]byte(req.head+req.body), bytewise)
				r := p.response()
				if r == nil {
					t.Fatal("connection ended")
				}
				if body, _ := io.ReadAll(r.Body); r.StatusCode != 200 || string(body) != req.want {
					t.Errorf("%d %q, want %q", r.StatusCode, body, req.want)
				}
			}
			if n := s.Stats().Open; n != 1 {
				t.Errorf("%d connections open, want net/http's to count", n)
			}
			_ = p.Close()
			eventually(t, "connection no longer counted", func() bool { return s.Stats().Open == 0 })
		}
		if got := s.Stats().Handshakes["http"]; got != 2 {
			t.Errorf("%d connections handed on, want 2", got)
		}
	})
}

func TestNoHandler(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		p := dial(t, v.start(t, Config{}, newDouble(), nil))
		p.send([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), false)
		if r := p.response(); r == nil || r.StatusCode != 404 {
			t.Errorf("answer %v, want 404", r)
		}
	})
}

// Hazards: one address.
func TestCaps(t *testing.T) {
	for reason, limits := range map[string]Limits{
		"connections": {MaxConns: 2},
		"address":     {MaxPerAddress: 2},
	} {
		onEach(t, func(t *testing.T, v variant) {
			s := v.start(t, Config{Limits: limits}, newDouble(), nil)
			first, _ := dial(t, s).upgrade(), dial(t, s).upgrade()
			third := dial(t, s)
			if v.tls { // nothing can be said before a handshake, which is to be spared
				third.end()
			} else if r := third.response(); r == nil || r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
				t.Errorf("third connection answered with %v, want 503 with Retry-After", r)
			}
			if s.Stats().RefusedByCap[reason] != 1 {
				t.Errorf("not counted: %v", s.Stats().RefusedByCap)
			}
			_ = first.Close()
			eventually(t, "one connection", func() bool { return s.Stats().Open == 1 })
			dial(t, s).upgrade()
		})
	}
}

// Hazards: sigterm.
func TestShutdown(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		p := dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		unfinished := dial(t, s)
		unfinished.send([]byte(goodHead[:20]), false)
		eventually(t, "both open", func() bool { return s.Stats().Open == 2 })
		code := make(chan int, 1)
		go func() {
			code <- p.closeFrame()
			p.send(transporttest.CloseFrame(CodeGoingAway, ""), false)
			_ = p.Close()
		}()
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := s.Shutdown(ctx); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if c := take(t, code, "close frame"); c != CodeGoingAway {
			t.Errorf("closed with %d, want %d", c, CodeGoingAway)
		}
		unfinished.end()
		take(t, se.closed, "call of Closed")
		if err := s.Serve(ctx); !errors.Is(err, ErrServerClosed) {
			t.Errorf("Serve after Shutdown: %v", err)
		}
	})
}

func TestServerClose(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		ctx, cancel := context.WithCancel(context.Background())
		s, err := Listen(v.config(t, Config{}), host, nil)
		if err != nil {
			t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- s.Serve(ctx) }()
		dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		cancel()
		if err := take(t, done, "end of Serve"); err != nil {
			t.Errorf("Serve: %v", err)
		}
		if err := take(t, se.closed, "call of Closed"); !errors.Is(err, ErrServerClosed) {
			t.Errorf("Closed(%v)", err)
		}
		if err := se.conn.Send(framed("x")); !errors.Is(err, ErrClosed) {
			t.Errorf("Send after the end: %v", err)
		}
		se.conn.Close(1000, "")
		se.conn.Drop()

		never, err := Listen(v.config(t, Config{}), host, nil)
		if err != nil {
			t.Fatal(err)
		}
		never.Close()
	})
}

// TestChurn: peers that come and reset at every stage leave nothing behind.
//
// Hazards: churn.
func TestChurn(t *testing.T) {
	stages := [][]byte{nil, []byte(goodHead[:30]), []byte(goodHead), append([]byte(goodHead), transporttest.Frame(0x82, "abcdef")[:8]...)}
	onEachAtOnce(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{Limits: Limits{MaxPerAddress: -1}}, host, nil)
		for i := range 400 {
			p := dial(t, s)
			p.send(stages[i%len(stages)], false)
			p.reset()
		}
		eventually(t, "all gone", func() bool { st := s.Stats(); return st.Accepted == 400 && st.Open == 0 })
		for len(host.sessions) > 0 {
			take(t, (<-host.sessions).closed, "call of Closed")
		}
		dial(t, s).upgrade()
	})
}

func TestConfig(t *testing.T) {
	for name, cfg := range map[string]Config{
		"kind":        {Kind: "quic"},
		"origin":      {Origins: []string{"game.example"}},
		"subprotocol": {Subprotocol: "a b"},
		"message":     {Limits: Limits{MessageBytes: 65 << 20}},
		"address":     {Addr: "nowhere"},
	} {
		if s, err := Listen(cfg, newDouble(), nil); err == nil {
			s.Close()
			t.Errorf("%s: accepted", name)
		} else if !strings.HasPrefix(err.Error(), "transport: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestClock: deadlines do not hang on the wall clock.
func TestClock(t *testing.T) {
	k := clock{time.Now()}
	if a, b := k.now(), k.now(); a <= 0 || b < a {
		t.Errorf("clock ran from %d to %d", a, b)
	}
}
