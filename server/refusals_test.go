package server_test

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"arbiter/server"
	"arbiter/server/httpapi"
	"arbiter/server/servertest"
)

// What a request for a WebSocket is refused with has the form of all problems,
// and its type is an address that explains it.
func TestRefusedUpgradesAreProblems(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{Origins: []string{"https://play.example.com"}})
	good := "GET /play?game=drill HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer " + s.Token("ann") + "\r\n\r\n"
	for _, c := range []struct{ code, from, to string }{
		{"malformed_request_line", "HTTP/1.1", "1.1"},
		{"http_version", "HTTP/1.1", "HTTP/1.0"},
		{"method", "GET", "PUT"},
		{"malformed_target", "game=drill", "game=drill#1"},
		{"malformed_header", "Host:", " Host:"},
		{"malformed_head", "localhost\r\n", "local\x01host\r\n"},
		{"host", "Host:", "Post:"},
		{"upgrade", "Upgrade: websocket", "Upgrade: h2c"},
		{"connection", "Connection: Upgrade", "Connection: close"},
		{"body", "Host:", "Content-Length: 5\r\nHost:"},
		{"version_missing", "Sec-WebSocket-Version", "Version"},
		{"version", "Version: 13", "Version: 8"},
		{"key", "dGhl", ""},
		{"head_bytes", "Host:", "Cookie: " + strings.Repeat("c", 9<<10) + "\r\nHost:"},
		{"head_lines", "Host:", strings.Repeat("Cookie: c\r\n", 70) + "Host:"},
		{"origin", "Host:", "Origin: https://other.example.com\r\nHost:"},
		{"no_game", "game=drill", "gam=drill"},
		{"bad_query", "game=drill", "game=%"},
		{"no_such_path", "/play", "/stay"},
		{"token_missing", "Authorization", "Auth"},
		{"token_malformed", "Bearer ", "Bearer x"},
	} {
		conn, err := net.Dial("tcp", s.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(servertest.Patience))
		_, _ = io.WriteString(conn, strings.Replace(good, c.from, c.to, 1)) // the server may close in the middle
		r, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%s: %v", c.code, err)
		}
		var p struct {
			Type, Title, Detail, Code string
			Status                    int
		}
		if err := json.NewDecoder(r.Body).Decode(&p); err != nil || p.Code != c.code || p.Status != r.StatusCode || p.Detail == "" {
			t.Errorf("%s: %d with %+v, %v", c.code, r.StatusCode, p, err)
		}
		_ = conn.Close()
		var explained httpapi.Type
		if a := ask(t, s, "GET", p.Type, "", "", &explained); a.Status != 200 || explained.Status != p.Status || explained.Title != p.Title {
			t.Errorf("%s: answered as %+v, explained as %d %+v", c.code, p, a.Status, explained)
		}
	}
}
