package transport

import (
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

// onTLS runs a test on every variant that speaks TLS.
func onTLS(t *testing.T, f func(t *testing.T, v variant)) {
	for _, v := range variants() {
		if v.tls {
			t.Run(v.name, func(t *testing.T) { f(t, v) })
		}
	}
}

// raw dials without TLS, whatever the server speaks.
func raw(t testing.TB, s *Server) *peer {
	p := dial(t, s)
	p.Conn = p.tcp
	p.br.Reset(p.tcp)
	return p
}

// clientHello is what crypto/tls sends first.
func clientHello(t testing.TB, cfg *tls.Config) []byte {
	t.Helper()
	here, there := net.Pipe()
	defer here.Close()
	go func() {
		_ = tls.Client(there, cfg).Handshake()
		_ = there.Close()
	}()
	hello := make([]byte, 16<<10)
	n, err := here.Read(hello)
	if err != nil {
		t.Fatal(err)
	}
	return hello[:n]
}

// TestTLSRefused: what is not a client of ours is dropped and counted, and no
// goroutine is held for it.
//
// Hazards: wrong port.
func TestTLSRefused(t *testing.T) {
	hello := clientHello(t, &tls.Config{ServerName: "game.example"})
	for _, row := range []struct {
		name, counter string
		bytes         []byte
	}{
		{"HTTP", "plain", []byte(goodHead)},
		{"one letter", "plain", []byte("G")},
		{"junk", "junk", []byte("\x00\x01\x02")},
		{"SSL 2", "junk", []byte("\x80\x2e\x01\x00\x02")},
		{"an alert", "junk", []byte("\x15\x03\x01\x00\x02\x02\x28")},
		{"an empty record", "junk", []byte("\x16\x03\x01\x00\x00")},
		{"another message than a hello", "junk", []byte("\x16\x03\x01\x00\x04\x02\x00\x00\x00")},
		{"a hello of 1 MB", "tls_hello", []byte("\x16\x03\x01\x40\x00\x01\x10\x00\x00")},
		{"a hello that is too long", "tls_hello", append([]byte("\x16\x03\x01\x40\x00\x01\x00\x3f\xff"), make([]byte, 17<<10)...)},
		{"a hello that says nothing", "tls_handshake", []byte("\x16\x03\x01\x00\x04\x01\x00\x00\x00")},
		{"a hello and an alert", "tls_handshake", append(append([]byte{}, hello...), "\x15\x03\x01\x00\x02\x02\x28"...)},
	} {
		onTLS(t, func(t *testing.T, v variant) {
			s := v.start(t, Config{}, newDouble(), nil)
			for _, bytewise := range []bool{false, true} {
				before := s.Stats().Handshakes[row.counter]
				p := raw(t, s)
				p.send(row.bytes, bytewise && len(row.bytes) < 4096)
				p.end()
				eventually(t, row.name+" counted as "+row.counter, func() bool { return s.Stats().Handshakes[row.counter] == before+1 })
			}
		})
	}
}

func TestTLSVersions(t *testing.T) {
	cert := gameCert(t)
	onTLS(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{}, newDouble(), nil)
		for _, row := range []struct {
			name string
			cfg  *tls.Config
			want uint16 // 0: refused
		}{
			{"now", &tls.Config{}, tls.VersionTLS13},
			{"1.2", &tls.Config{MaxVersion: tls.VersionTLS12}, tls.VersionTLS12},
			{"1.1", &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, 0},
			{"CBC", &tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA}}, 0},
			{"browser", &tls.Config{NextProtos: []string{"h2", "http/1.1"}}, tls.VersionTLS13},
			{"HTTP/2 only", &tls.Config{NextProtos: []string{"h2"}}, 0},
		} {
			row.cfg.ServerName, row.cfg.RootCAs = "game.example", cert.certificates
			tc, err := tls.Dial("tcp", s.Addr().String(), row.cfg)
			if (err == nil) != (row.want != 0) {
				t.Errorf("%s: %v", row.name, err)
			}
			if err != nil {
				continue
			}
			if st := tc.ConnectionState(); st.Version != row.want || len(row.cfg.NextProtos) > 0 && st.NegotiatedProtocol != "http/1.1" {
				t.Errorf("%s: version %x, protocol %q", row.name, st.Version, st.NegotiatedProtocol)
			}
			_ = tc.Close()
		}
		eventually(t, "counted", func() bool {
			st := s.Stats()
			return st.Secured["1.3"] == 2 && st.Secured["1.2"] == 1 && st.Handshakes["tls_handshake"] == 3
		})
	})
}

// TestTLSDeadline: the deadline is one from accept to the end of the request
// head, wherever a client stops on the way.
//
// Hazards: slowloris, handshake flood.
func TestTLSDeadline(t *testing.T) {
	hello := clientHello(t, &tls.Config{ServerName: "game.example"})
	onTLS(t, func(t *testing.T, v variant) {
		const timeout = 300 * time.Millisecond
		s := v.start(t, Config{Limits: Limits{HeadTimeout: timeout}}, newDouble(), nil)
		began := time.Now()
		stalls := map[string][]byte{"silent": nil, "one byte": hello[:1], "half a hello": hello[:len(hello)/2], "after the hello": hello}
		for _, b := range stalls {
			raw(t, s).send(b, false)
		}
		shaken := dial(t, s)
		if err := shaken.Conn.(*tls.Conn).Handshake(); err != nil {
			t.Fatal(err)
		}
		shaken.send([]byte(goodHead[:20]), false)
		drip := raw(t, s)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			if _, err := drip.Write(hello[i : i+1]); err != nil {
				break
			}
			if time.Since(began) > patience {
				t.Fatal("a dripping hello is never dropped")
			}
			<-tick.C
		}
		if d := time.Since(began); d < timeout || d > timeout+time.Second {
			t.Errorf("dropped after %v, want about %v", d, timeout)
		}
		eventually(t, "all gone", func() bool { return s.Stats().Open == 0 })
		st := s.Stats().Handshakes
		// On net.Conn it is the handshake that fails at the deadline.
		if st["timeout"]+st["tls_handshake"] != uint64(len(stalls)+2) {
			t.Errorf("counted %v", st)
		}
	})
}

// TestHandshakesBounded: handshakes that stall hold no more goroutines than
// they are allowed, and what waits behind them is served in the end.
//
// Hazards: handshake flood.
func TestHandshakesBounded(t *testing.T) {
	hello := clientHello(t, &tls.Config{ServerName: "game.example"})
	v := variant{name: "epoll-tls", kind: Epoll, tls: true}
	if runtime.GOOS != "linux" {
		v.kind = Net
	}
	s := v.start(t, Config{Limits: Limits{Handshakes: 3, HeadTimeout: 700 * time.Millisecond}}, newDouble(), nil)
	dial(t, s).upgrade()
	before := runtime.NumGoroutine()
	var stalled []*peer
	for range 20 {
		p := raw(t, s)
		p.send(hello, false)
		stalled = append(stalled, p)
	}
	eventually(t, "all open", func() bool { return s.Stats().Open == 21 })
	if n := runtime.NumGoroutine() - before; n > 3 && v.kind == Epoll {
		t.Errorf("20 stalled handshakes hold %d goroutines, want at most 3", n)
	}
	for _, p := range stalled[:18] {
		p.reset()
	}
	dial(t, s).upgrade()
}

// TestCloseNotify: both sides tell the end of TLS apart from a cut cable.
func TestCloseNotify(t *testing.T) {
	onTLS(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		p := dial(t, s).upgrade()
		p.send(transporttest.CloseFrame(1000, ""), false)
		if code := p.closeFrame(); code != 1000 {
			t.Errorf("closed with %d", code)
		}
		if _, err := p.br.ReadByte(); err != io.EOF {
			t.Errorf("the server's end: %v, want EOF after close_notify", err)
		}
		take(t, host.sessions, "session")

		p = dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		_, _ = p.Write(transporttest.Frame(0x82, "last"))
		_ = p.Conn.(*tls.Conn).CloseWrite()
		if err := take(t, se.closed, "call of Closed"); !errors.Is(err, io.EOF) || len(se.messages) != 1 {
			t.Errorf("Closed(%v) after %d messages, want EOF after 1", err, len(se.messages))
		}
		p = dial(t, s)
		p.send([]byte(head("GET ", "POST ")), false)
		if r := p.response(); r == nil || r.StatusCode != 405 {
			t.Errorf("answer %v", r)
		} else if _, err := io.ReadAll(r.Body); err != nil {
			t.Error(err)
		}
		if _, err := p.br.ReadByte(); err != io.EOF {
			t.Errorf("after a refusal: %v, want EOF after close_notify", err)
		}
	})
}

// TestBrokenRecord: a record that was tampered with ends the connection with
// an alert.
//
// Hazards: tls would-block.
func TestBrokenRecord(t *testing.T) {
	onTLS(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		p := dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		_, _ = p.tcp.Write(append([]byte{23, 3, 3, 0, 40}, make([]byte, 40)...))
		if _, err := p.br.ReadByte(); err == nil || !strings.Contains(err.Error(), "bad record MAC") && !v.noTry { // whose alert may come too late
			t.Errorf("the client got %v, want an alert", err)
		}
		take(t, se.closed, "call of Closed")
		if n := s.Stats().Drops["tls_record"]; n != 1 {
			t.Errorf("counted %v", s.Stats().Drops)
		}
	})
}

func TestResumption(t *testing.T) {
	cert := gameCert(t)
	onTLS(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{}, newDouble(), nil)
		cfg := &tls.Config{ServerName: "game.example", RootCAs: cert.certificates, ClientSessionCache: tls.NewLRUClientSessionCache(1)}
		for range 2 {
			p := dial(t, s)
			p.Conn = tls.Client(p.tcp, cfg)
			p.br.Reset(p.Conn)
			p.upgrade()
		}
		if st := s.Stats().Secured; st["1.3"] != 1 || st["1.3 resumed"] != 1 {
			t.Errorf("counted %v", st)
		}
	})
}

// TestHTTPOverTLS: net/http's handlers see that there is TLS, and take bodies
// that come in the middle of the handshake's end.
func TestHTTPOverTLS(t *testing.T) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		if r.TLS == nil || r.TLS.ServerName != "game.example" || n != 1<<20 {
			w.WriteHeader(http.StatusTeapot)
		}
	})
	cert := gameCert(t)
	onTLS(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{}, newDouble(), handler)
		transport := &http.Transport{TLSClientConfig: &tls.Config{ServerName: "game.example", RootCAs: cert.certificates}}
		defer transport.CloseIdleConnections()
		for range 3 {
			r, err := (&http.Client{Transport: transport}).Post("https://"+s.Addr().String()+"/", "text/plain", strings.NewReader(strings.Repeat("x", 1<<20)))
			if err != nil {
				t.Fatal(err)
			}
			_ = r.Body.Close()
			if r.StatusCode != 200 {
				t.Errorf("status %d", r.StatusCode)
			}
		}
	})
}
