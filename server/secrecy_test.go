package server_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"arbiter/netcode"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// raw sends a request as it is written and returns all of the answer that comes
// within the wait of one refusal.
func raw(t *testing.T, s *servertest.Server, request string) string {
	t.Helper()
	conn, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(2 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		return "" // refused before all of it was read
	}
	answer, _ := io.ReadAll(io.LimitReader(conn, 1<<16)) // up to a reset, or to the deadline
	return string(answer)
}

// upgrade is a request for a WebSocket; lines are further headers.
func upgrade(path string, lines ...string) string {
	head := []string{"GET " + path + " HTTP/1.1", "Host: h", "Connection: Upgrade, close", "Upgrade: websocket",
		"Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: " + base64.StdEncoding.EncodeToString(make([]byte, 16))}
	return strings.Join(append(head, lines...), "\r\n") + "\r\n\r\n"
}

// Whatever is refused, wherever its token rode: no part of one is in the log
// down to its debug level, in a metric, or in an answer.
func TestTokensStaySecret(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		var log logBuffer
		s := servertest.Start(t, server.Config{Transport: kind, AdminToken: operatorsToken, Origins: []string{"https://good.example"},
			Limits: transport.Limits{AuthTimeout: 500 * time.Millisecond},
			Log:    slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		if _, err := s.Revoke(t.Context(), auth.Revocation{Subject: "revoked-player"}); err != nil {
			t.Fatal(err)
		}
		good := s.TokenFor(lasting("ann", time.Hour))
		bound := lasting("ann", time.Hour)
		bound.Match = "another-match"
		parts := strings.Split(good, ".")
		encode := base64.RawURLEncoding.EncodeToString
		tokens := map[string]string{
			"good":    good,
			"bound":   s.TokenFor(bound),
			"expired": s.TokenFor(lasting("ann", -time.Hour)),
			"revoked": s.TokenFor(lasting("revoked-player", time.Hour)),
			"changed": parts[0] + "." + parts[1] + "." + strings.Repeat("Q", len(parts[2])),
			"no kid":  encode([]byte(`{"alg":"HS256"}`)) + "." + parts[1] + "." + parts[2],
			"none":    encode([]byte(`{"alg":"none","kid":"generated"}`)) + "." + parts[1] + ".",
			"junk":    "thisisnotatokenbutsecret%00%zz",
			"long":    strings.Repeat("secretsecret", 400),
			"huge":    strings.Repeat("secretsecret", 1000),
			"claims":  encode([]byte(`{"alg":"HS256","kid":"generated"}`)) + "." + encode([]byte(`[secret secret secret]`)) + "." + parts[2],
		}
		var answers strings.Builder
		ask := func(request string) {
			text := raw(t, s, request)
			if !strings.Contains(request, "Protocol: arbiter.v1, token.") || !strings.Contains(text, " 101 ") {
				answers.WriteString(text)
			}
		}
		for _, token := range tokens {
			query := "/play?game=drill&token=" + token
			for _, request := range []string{
				upgrade(query),
				upgrade(query+"&match=m", "Origin: https://evil.example"),
				upgrade(query + "&%zz=1"),
				upgrade("/play?token=" + token),
				upgrade("/play?game=chess&token=" + token),
				upgrade("/" + token + "?token=" + token),
				upgrade("/play?game=drill", "Authorization: Bearer "+token),
				upgrade("/play?game=drill", "Authorization: "+token),
				upgrade("/play?game=drill", "Sec-WebSocket-Protocol: arbiter.v1, token."+token),
				upgrade("/play?game=drill", "Sec-WebSocket-Protocol: token."+token, "Origin: https://evil.example"),
				upgrade(query, "Content-Length: 3"),
				upgrade(query, " folded: yes"),
				strings.Replace(upgrade(query), "HTTP/1.1", "HTTP/1.0", 1),
				strings.Replace(upgrade(query), "GET ", "POST ", 1),
				"GET " + query + "\r\n\r\n",
				"GET /v1/matches?token=" + token + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
				"POST /v1/matches?token=" + token + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}",
				"POST /v1/matches HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer " + token + "\r\nContent-Length: 3\r\n\r\n{x}",
			} {
				if strings.Contains(request, " 101 ") {
					t.Fatal("the test is wrong")
				}
				ask(request)
			}
			for _, path := range []string{"/metrics?token=" + token, "/v1/revocations"} {
				if strings.ContainsAny(token, "%") {
					continue
				}
				answers.WriteString(servertest.HTTP(t, "GET", s.Admin+path, "", "Authorization: Bearer "+token).Body)
			}
		}
		for name, token := range tokens {
			if len(token) > netcode.MaxToken {
				continue
			}
			c := enter(s, t, good)
			if got := renew(t, c, token); got.Refusal == "" && name != "good" && name != "bound" {
				t.Errorf("renewed with %s", name)
			} else {
				answers.WriteString(got.Refusal)
			}
			c.Drop()
		}
		for path, answer := range map[string]servertest.Answer{
			"metrics":     servertest.HTTP(t, "GET", s.Admin+"/metrics", "", "Authorization: Bearer "+operatorsToken),
			"players":     servertest.HTTP(t, "GET", s.Admin+"/v1/players", "", "Authorization: Bearer "+operatorsToken),
			"revocations": servertest.HTTP(t, "GET", s.Admin+"/v1/revocations", "", "Authorization: Bearer "+operatorsToken),
		} {
			if answer.Status != 200 {
				t.Fatalf("%s: %d", path, answer.Status)
			}
			answers.WriteString(answer.Body)
		}
		for what, text := range map[string]string{"log": log.String(), "answers": answers.String()} {
			if !strings.Contains(text, "token-expired") && !strings.Contains(text, "token_expired") && what == "answers" || len(text) < 1000 {
				t.Fatalf("the %s is too short to show anything: %s", what, text)
			}
			for name, token := range tokens {
				for part := range strings.FieldsFuncSeq(token, func(r rune) bool { return r == '.' || r == '%' }) {
					if at := strings.Index(text, part[:min(len(part), 12)]); at >= 0 && len(part) > 11 {
						t.Errorf("the %s shows the %s token: …%s…", what, name, text[max(0, at-120):min(len(text), at+80)])
					}
				}
			}
			if strings.Contains(text, operatorsToken) || strings.Contains(text, fmt.Sprintf("%x", operatorsToken)) {
				t.Errorf("the %s shows the operators' token", what)
			}
		}
	})
}
