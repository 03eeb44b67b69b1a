package server_test

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"

	"github.com/gobwas/ws"
)

// TestSeatsBehindTLSProxy: a seat's address is wss:// if the client came by TLS
// to a proxy that is trusted, and only then: a page served by TLS may open no
// other.
// Hazards: proxied TLS.
func TestSeatsBehindTLSProxy(t *testing.T) {
	local := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		for _, row := range []struct {
			trusted      []netip.Prefix
			header, line string
			want         string
		}{
			{local, transport.XForwardedFor, "X-Forwarded-Proto: https", "wss"},
			{local, transport.XForwardedFor, "X-Forwarded-Proto: http", "ws"},
			{local, transport.XForwardedFor, "Forwarded: for=192.0.2.1;proto=https", "ws"},
			{local, transport.Forwarded, "Forwarded: for=192.0.2.1;proto=https", "wss"},
			{local, transport.Forwarded, "X-Forwarded-Proto: https", "ws"},
			{nil, transport.XForwardedFor, "X-Forwarded-Proto: https", "ws"},
			{nil, transport.Forwarded, "Forwarded: for=192.0.2.1;proto=https", "ws"},
		} {
			s := servertest.Start(t, server.Config{Transport: kind, Security: transport.Security{TrustedProxies: row.trusted, ProxyHeader: row.header}})
			bearer := "Authorization: Bearer " + s.Token("ann")
			made := servertest.HTTP(t, "POST", s.URL+"/v1/matches", `{"game":"drill"}`, bearer)
			var m struct{ ID string }
			decode(t, made, &m)
			for _, path := range []string{"/v1/play", "/v1/matches/" + m.ID + "/join"} {
				var seat struct{ URL string }
				body := `{"game":"drill"}`
				if path != "/v1/play" {
					body = `{}`
				}
				decode(t, servertest.HTTP(t, "POST", s.URL+path, body, bearer, row.line), &seat)
				if want := row.want + "://" + s.Addr().String() + "/play?"; !strings.HasPrefix(seat.URL, want) {
					t.Errorf("%s with %q, trusting %v about %s: seat at %q, want %s…", path, row.line, row.trusted, row.header, seat.URL, want)
				}
			}
		}
	})
}

// TestPathPrefix: below the path of PublicURL is what is at the root, whether a
// proxy passes the prefix on or takes it away.
// Hazards: path prefix.
func TestPathPrefix(t *testing.T) {
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind, PublicURL: "https://play.example/eu/arena", Origins: []string{"https://play.example"}})
		bearer := "Authorization: Bearer " + s.Token("ann")
		for _, prefix := range []string{"/eu/arena", ""} {
			for _, row := range []struct {
				method, path, body string
				status             int
			}{
				{"GET", "/", "", 200},
				{"GET", "/v1/games", "", 200},
				{"GET", "/v1/matches/none", "", 404},
				{"GET", "/v1/matches/%2e%2e", "", 404},
				{"GET", "/play?game=drill", "", 400},
				{"GET", "/eu/v1/games", "", 404},
			} {
				if a := servertest.HTTP(t, row.method, s.URL+prefix+row.path, row.body, bearer); a.Status != row.status {
					t.Errorf("%s %s%s: %d, want %d: %s", row.method, prefix, row.path, a.Status, row.status, a.Body)
				}
			}
			a := servertest.HTTP(t, "POST", s.URL+prefix+"/v1/matches", `{"game":"drill"}`, bearer, "Origin: https://play.example")
			if at := a.Header.Get("Location"); a.Status != 201 || !strings.HasPrefix(at, "/eu/arena/v1/matches/") || a.Header.Get("Access-Control-Allow-Origin") == "" {
				t.Errorf("a match made below %q: %d, Location %q, %v", prefix, a.Status, at, a.Header)
			}
			var seat struct{ URL, Token string }
			decode(t, servertest.HTTP(t, "POST", s.URL+prefix+"/v1/play", `{"game":"drill"}`, bearer), &seat)
			if !strings.HasPrefix(seat.URL, "wss://play.example/eu/arena/play?") {
				t.Errorf("below %q: seat at %q", prefix, seat.URL)
			}
			_, path, _ := strings.Cut(seat.URL, "/play?")
			at := "ws://" + s.Addr().String() + prefix + "/play?" + path + "&token=" + seat.Token
			conn, _, _, err := ws.Dialer{Protocols: []string{server.Subprotocol}}.Dial(t.Context(), at)
			if err != nil {
				t.Errorf("%s: %v", at, err)
				continue
			}
			conn.Close()
		}
		if a := servertest.HTTP(t, "GET", s.URL+"/eu/arena", ""); a.Status != 200 || !strings.Contains(a.Body, "/v1/games") {
			t.Errorf("the prefix without a slash does not lead to the page: %d %s", a.Status, a.Body)
		}
	})
}

func decode(t *testing.T, a servertest.Answer, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.Body), v); err != nil {
		t.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
}
