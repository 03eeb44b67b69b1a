package transport

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"arbiter/server/transport/transporttest"
)

// TestReused: a connection that brought other requests before is as good for a
// WebSocket as a new one, as the connections of proxies with pools are.
func TestReused(t *testing.T) {
	answer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, "plain")
	})
	const get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
	const post = "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3000\r\n\r\n"
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		host.upgrade = func(r *Request) (any, *Refusal) { return *r, nil }
		s := v.start(t, Config{Subprotocol: "arbiter.v1"}, host, answer)
		for _, bytewise := range []bool{false, true} {
			p := dial(t, s)
			requests := []string{get, post + strings.Repeat("x", 3000), get}
			for _, request := range requests {
				p.send([]byte(request), bytewise)
				r := p.response()
				if r == nil || r.StatusCode != 200 {
					t.Fatalf("answer %v", r)
				}
				_, _ = io.Copy(io.Discard, r.Body)
			}
			stream := with("Authorization: Bearer abc", "Sec-WebSocket-Protocol: arbiter.v1, token.x", "sec-websocket-protocol: other")
			stream += string(transporttest.Frame(0x82, "first")) + string(transporttest.Frame(0x02, "sec"))
			p.send([]byte(stream), bytewise)
			if r := p.response(); r == nil || r.StatusCode != 101 || r.Header.Get("Sec-WebSocket-Protocol") != "arbiter.v1" {
				t.Fatalf("upgrade on a used connection answered with %v", r)
			}
			se := take(t, host.sessions, "session")
			p.send(transporttest.Frame(0x80, "ond"), bytewise)
			if a, b := take(t, se.messages, "message"), take(t, se.messages, "message"); a != "first" || b != "second" {
				t.Errorf("received %q, %q", a, b)
			}
			if err := se.conn.Send(framed("back")); err != nil {
				t.Error(err)
			}
			if _, payload, err := p.frame(); string(payload) != "back" || err != nil {
				t.Errorf("sent %q, %v", payload, err)
			}
			got := se.accept.(Request)
			if got.Path != "/play" || got.Query != "x=1" || got.Host != "game.example" || got.Authorization != "Bearer abc" ||
				strings.Join(got.Protocols, "|") != "arbiter.v1|token.x|other" || got.RemoteAddr.String() != p.LocalAddr().String() {
				t.Errorf("request %+v", got)
			}
			if se.conn.RemoteAddr().String() != p.LocalAddr().String() || s.Stats().Open != 1 {
				t.Errorf("from %v, %d open", se.conn.RemoteAddr(), s.Stats().Open)
			}
			p.send(transporttest.CloseFrame(1000, ""), false)
			if code := p.closeFrame(); code != 1000 {
				t.Errorf("closed with %d", code)
			}
			p.end()
			_ = p.Close()
			eventually(t, "connection no longer counted", func() bool { return s.Stats().Open == 0 })
		}
	})
}

// TestReusedRefused: what is refused on a new connection is on a used one.
func TestReusedRefused(t *testing.T) {
	refused := map[string]bool{"another origin": true, "two origins": true, "two keys": true, "two connections": true,
		"version 8": true, "no key": true, "content length": true, "transfer encoding": true, "method not GET": true}
	onEach(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{}, newDouble(), nil)
		for _, row := range handshakeRows {
			if !refused[row.name] {
				continue
			}
			p := dial(t, s)
			p.send([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), false)
			if r := p.response(); r == nil || r.StatusCode != 404 {
				t.Fatalf("answer %v", r)
			} else {
				_, _ = io.Copy(io.Discard, r.Body)
			}
			p.send([]byte(row.head), false)
			if r := p.response(); r == nil || r.StatusCode < 400 || !r.Close {
				t.Errorf("%s: answered with %v", row.name, r)
			}
			_ = p.Close()
		}
		eventually(t, "connections no longer counted", func() bool { return s.Stats().Open == 0 })
	})
}
