package transport

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"arbiter/server/httpapi"
	"arbiter/server/transport/transporttest"
)

var handshakeRows = []struct {
	name   string
	head   string
	status int    // 0: dropped
	code   string // of the JSON body; or the counter, if dropped
}{
	{"method not GET", head("GET ", "POST "), 405, "method"},
	{"HTTP/1.0", head("HTTP/1.1", "HTTP/1.0"), 505, "http_version"},
	{"HTTP/2.0", head("HTTP/1.1", "HTTP/2.0"), 505, "http_version"},
	{"no version", head(" HTTP/1.1", ""), 400, "malformed_request_line"},
	{"absolute target", head("/play?x=1", "http://game.example/"), 400, "malformed_target"},
	{"fragment in target", head("/play?x=1", "/play#x"), 400, "malformed_target"},
	{"no host", head("Host: game.example\r\n", ""), 400, "host"},
	{"two hosts", with("Host: game.example"), 400, "host"},
	{"plain request without host", "GET / HTTP/1.1\r\n\r\n", 400, "host"},
	{"no upgrade", head("Upgrade: websocket\r\n", ""), 400, "upgrade"},
	{"two upgrades", with("Upgrade: websocket"), 400, "upgrade"},
	{"upgrade to something else", head("Upgrade: websocket", "Upgrade: h2c"), 400, "upgrade"},
	{"no connection", head("Connection: keep-alive, Upgrade\r\n", ""), 400, "connection"},
	{"connection without upgrade", head("keep-alive, Upgrade", "keep-alive"), 400, "connection"},
	{"two connections", with("Connection: Upgrade"), 400, "connection"},
	{"no key", head("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), 400, "key"},
	{"two keys", with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="), 400, "key"},
	{"key of 15 bytes", head("dGhlIHNhbXBsZSBub25jZQ==", "MTIzNDU2Nzg5MDEyMzQ1"), 400, "key"},
	{"key of 18 bytes", head("dGhlIHNhbXBsZSBub25jZQ==", "MTIzNDU2Nzg5MDEyMzQ1Njc4"), 400, "key"},
	{"key not base64", head("dGhlIHNhbXBsZSBub25jZQ==", "*GhlIHNhbXBsZSBub25jZQ=="), 400, "key"},
	{"key with stray bits", head("dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZR=="), 400, "key"},
	{"version 8", head("Version: 13", "Version: 8"), 426, "version"},
	{"no websocket version", head("Sec-WebSocket-Version: 13\r\n", ""), 400, "version_missing"},
	{"two versions", with("Sec-WebSocket-Version: 13"), 400, "version_missing"},
	{"content length", with("Content-Length: 5"), 400, "body"},
	{"content length 0", with("Content-Length: 0"), 400, "body"},
	{"transfer encoding", with("Transfer-Encoding: chunked"), 400, "body"},
	{"control character", with("X: a\x01b"), 400, "malformed_head"},
	{"nul", with("X: a\x00b"), 400, "malformed_head"},
	{"delete", with("X: a\x7fb"), 400, "malformed_head"},
	{"bare CR", with("X: a\rb"), 400, "malformed_head"},
	{"bare LF", strings.ReplaceAll(goodHead, "\r\n", "\n"), 400, "malformed_head"},
	{"folded line", with("X: a", " b"), 400, "malformed_header"},
	{"space before colon", with("X : a"), 400, "malformed_header"},
	{"no colon", with("X"), 400, "malformed_header"},
	{"empty name", with(": a"), 400, "malformed_header"},
	{"8 KB and a byte", with("X: " + strings.Repeat("a", 8193-len(goodHead)-5)), 431, "head_bytes"},
	{"a line without end", "GET /" + strings.Repeat("a", 9000), 431, "head_bytes"},
	{"65 lines", with(strings.Split(strings.Repeat("X: a\n", 59), "\n")[:59]...), 431, "head_lines"},
	{"another origin", with("Origin: https://evil.example"), 403, "origin"},
	{"origin null", with("Origin: null"), 403, "origin"},
	{"two origins", with("Origin: http://game.example", "Origin: http://game.example"), 403, "origin"},
	{"TLS hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 0, "tls"},
	{"junk", "\x00\x01\x02\x03", 0, "junk"},
	{"another protocol", "SSH-2.0-OpenSSH_9.6\r\n", 0, "junk"},
	{"a method without end", strings.Repeat("G", 100), 0, "junk"},

	{"good", goodHead, 101, "ok"},
	{"exactly 8 KB", with("X: " + strings.Repeat("a", 8192-len(goodHead)-5)), 101, "ok"},
	{"exactly 64 lines", with(strings.Split(strings.Repeat("X: a\n", 58), "\n")[:58]...), 101, "ok"},
	{"other case of names", head("Upgrade: websocket", "upgrade: WebSocket", "Sec-WebSocket-Key", "sec-websocket-key"), 101, "ok"},
	{"origin of the same host", with("Origin: https://Game.Example"), 101, "ok"},
	{"no space after colons", head(": ", ":"), 101, "ok"},
}

// TestHandshake sends every row whole and byte by byte to every transport.
//
// Hazards: method, old http, head fields, version, smuggling, long head, origin.
func TestHandshake(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		for _, row := range handshakeRows {
			for _, bytewise := range []bool{false, true} {
				before := s.Stats().Handshakes[row.code]
				p := dial(t, s)
				p.send([]byte(row.head), bytewise)
				r := p.response()
				status, code := 0, row.code
				if r != nil {
					status = r.StatusCode
				}
				if status >= 400 {
					var doc struct {
						Type, Title, Detail, Code string
						Status                    int
					}
					if err := json.NewDecoder(r.Body).Decode(&doc); err != nil || doc.Detail == "" || doc.Title == "" ||
						doc.Type != httpapi.ProblemPath+doc.Code || doc.Status != status || r.Header.Get("Content-Type") != "application/problem+json" {
						t.Errorf("%s: %s with %+v, %v; want a problem", row.name, r.Header.Get("Content-Type"), doc, err)
					}
					code = doc.Code
				}
				if status != row.status || code != row.code {
					t.Errorf("%s (bytewise %v): answered %d %q, want %d %q", row.name, bytewise, status, code, row.status, row.code)
				}
				if status == 426 && r.Header.Get("Sec-WebSocket-Version") != "13" {
					t.Errorf("%s: 426 without the version", row.name)
				}
				if status != 101 {
					p.end()
				} else if got := r.Header.Get("Sec-WebSocket-Accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
					t.Errorf("%s: accept key %q", row.name, got)
				}
				if after := s.Stats().Handshakes[row.code]; after != before+1 {
					t.Errorf("%s: counter %q grew by %d", row.name, row.code, after-before)
				}
				_ = p.Close()
			}
		}
	})
}

// TestHeadDeadline: the deadline is one for the whole head, however it drips.
//
// Hazards: slowloris.
func TestHeadDeadline(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{Limits: Limits{HeadTimeout: time.Second}}, newDouble(), nil)
		silent, drip := dial(t, s), dial(t, s)
		began := time.Now()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for i := 0; ; i++ {
			if _, err := drip.Write([]byte{goodHead[i]}); err != nil {
				break
			}
			if time.Since(began) > patience {
				t.Fatal("a dripping head is never dropped")
			}
			<-tick.C
		}
		if d := time.Since(began); d < time.Second-50*time.Millisecond || d > 4*time.Second {
			t.Errorf("dropped after %v, want about 1 s", d)
		}
		silent.end()
		eventually(t, "both counted", func() bool { return s.Stats().Handshakes["timeout"] == 2 })
	})
}

// Hazards: pipelined, ws head.
func TestPipelinedFrames(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		for _, bytewise := range []bool{false, true} {
			p := dial(t, s)
			stream := append([]byte(goodHead), transporttest.Frame(0x82, "first")...)
			stream = append(stream, transporttest.Frame(0x82, "second")...)
			p.send(stream, bytewise)
			se := take(t, host.sessions, "session")
			if a, b := take(t, se.messages, "message"), take(t, se.messages, "message"); a != "first" || b != "second" {
				t.Errorf("received %q, %q", a, b)
			}
		}
	})
}

func TestRequest(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		var got Request
		host.upgrade = func(r *Request) (any, *Refusal) {
			if r.Path == "/refuse" {
				return nil, &Refusal{Status: 401, Code: "token", Message: "bring a token", Header: map[string][]string{"Www-Authenticate": {"Bearer"}}}
			}
			got = *r
			return "accepted", nil
		}
		s := v.start(t, Config{Subprotocol: "arbiter.v1", Origins: []string{"https://game.example:8443"}}, host, nil)
		p := dial(t, s)
		p.send([]byte(with("Origin: https://game.example:8443", "Authorization: Bearer abc",
			"Sec-WebSocket-Protocol: token.a.b.c, arbiter.v1", "Sec-WebSocket-Protocol: other")), false)
		r := p.response()
		if r == nil || r.StatusCode != 101 || r.Header.Get("Sec-WebSocket-Protocol") != "arbiter.v1" {
			t.Fatalf("answer %v", r)
		}
		if se := take(t, host.sessions, "session"); se.accept != "accepted" || se.conn.RemoteAddr().String() != p.LocalAddr().String() {
			t.Errorf("opened with %v from %v", se.accept, se.conn.RemoteAddr())
		}
		if got.Method != "GET" || got.Path != "/play" || got.Query != "x=1" || got.Host != "game.example" ||
			got.Origin != "https://game.example:8443" || got.Authorization != "Bearer abc" || got.Subprotocol != "arbiter.v1" ||
			strings.Join(got.Protocols, "|") != "token.a.b.c|arbiter.v1|other" || got.RemoteAddr.String() != p.LocalAddr().String() {
			t.Errorf("request %+v", got)
		}
		p = dial(t, s)
		p.send([]byte(head("/play", "/refuse")), false)
		if r := p.response(); r == nil || r.StatusCode != 401 || r.Header.Get("WWW-Authenticate") != "Bearer" {
			t.Errorf("refusal %v", r)
		}
		if s.Stats().Handshakes["token"] != 1 {
			t.Errorf("refusal not counted: %v", s.Stats().Handshakes)
		}
	})
}

// TestRefusedHEAD: an answer to HEAD has no body, or what follows on the
// connection is misread.
// Hazards: method.
func TestRefusedHEAD(t *testing.T) {
	for _, method := range []string{"HEAD ", "GET "} {
		_, refusal := checkHead([]byte(strings.Replace(head("Host: game.example\r\n", ""), "GET ", method, 1)))
		if refusal == nil {
			t.Fatal("not refused")
		}
		answer := string(refusal.appendTo(nil))
		if bodiless := strings.HasSuffix(answer, "\r\n\r\n"); bodiless != (method == "HEAD ") || !strings.Contains(answer, "Content-Length: ") {
			t.Errorf("%s: %s", method, answer)
		}
	}
}
