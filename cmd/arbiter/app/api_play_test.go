package app

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// upgrade asks for the WebSocket of a match, in the words of text, and holds the
// answer against the document. The connection is open until the test ends.
func (d *apiDriver) upgrade(s *served, text string) seen {
	d.t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = io.WriteString(conn, text) // the server may answer in the middle
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		d.t.Fatalf("%.200q: %v", text, err)
	}
	got := seen{status: answer.StatusCode, header: answer.Header}
	if got.status != http.StatusSwitchingProtocols {
		body, err := io.ReadAll(answer.Body)
		if got.text = string(body); err != nil || json.Unmarshal(body, &got.doc) != nil {
			d.t.Errorf("%.200q: %v: %s", text, err, body)
		}
	}
	d.check(call{method: "GET", path: "/play"}, &got)
	return got
}

func upgradeText(token string) string {
	return "GET /play?game=tag HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " + token + "\r\n\r\n"
}

// upgrades is how /play is opened, and what is refused there.
func (h *apiHouse) upgrades() {
	good, bound := upgradeText(h.player("pia")), upgradeText(h.joinToken())
	for _, c := range []struct {
		status         int
		code           string
		text, from, to string
	}{
		{101, "", good, "", ""},
		{101, "", good, "game=tag", "game=chess"}, // a close code says so
		{400, "not_a_websocket", good, "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key", "Key"},
		{400, "upgrade", good, "Upgrade: websocket", "Upgrade: h2c"},
		{400, "key", good, "dGhl", ""},
		{400, "no_game", good, "game=tag", ""},
		{400, "bad_query", good, "game=tag", "game=%"},
		{401, "token_missing", good, "Authorization", "Auth"},
		{401, "token_malformed", good, "Bearer ", "Bearer x"},
		{403, "origin", good, "Host:", "Origin: https://other.example.com\r\nHost:"},
		{403, "other_match", bound, "game=tag", "game=tag&match=another"},
		{426, "version", good, "Version: 13", "Version: 8"},
		{431, "head_bytes", good, "Host:", "Cookie: " + strings.Repeat("c", 9<<10) + "\r\nHost:"},
		{431, "head_lines", good, "Host:", strings.Repeat("Cookie: c\r\n", 70) + "Host:"},
		{505, "http_version", good, "HTTP/1.1", "HTTP/1.0"},
	} {
		if got := h.upgrade(h.s, strings.Replace(c.text, c.from, c.to, 1)); got.status != c.status || got.str("code") != c.code {
			h.t.Errorf("%s: %d, want %d: %s", c.code, got.status, c.status, got.text)
		}
	}
}

// crowded is what servers do with connections that there is no room for. A
// proxy says whose they are, so the requests are read before that is known.
func (d *apiDriver) crowded() {
	full := serving(d.t, "--queues", "none", "--trusted-proxies", "127.0.0.1", "--max-per-address", "1")
	swift := serving(d.t, "--queues", "none", "--trusted-proxies", "127.0.0.1", "--address-connect-rate", "1")
	for _, c := range []struct {
		s      *served
		status int
		code   string
	}{{full, 503, "connection_cap"}, {swift, 429, "address_rate"}} {
		text := strings.Replace(upgradeText(c.s.guest(d.t)), "Host:", "X-Forwarded-For: 192.0.2.1\r\nHost:", 1)
		got := d.upgrade(c.s, text)
		for n := 0; n < 20 && got.status == 101; n++ {
			got = d.upgrade(c.s, text)
		}
		if got.status != c.status || got.str("code") != c.code {
			d.t.Errorf("%d, want %d %s: %s", got.status, c.status, c.code, got.text)
		}
	}
}
