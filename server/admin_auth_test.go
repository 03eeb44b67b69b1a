package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/servertest"
)

func containsAll(text string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(text, p) {
			return false
		}
	}
	return true
}

const operatorsToken = "operators' secret words"

func TestOperatorsPort(t *testing.T) {
	t.Parallel()
	admin := func(s *servertest.Server) string {
		c := lasting("op", time.Hour)
		c.Admin = true
		return "Authorization: Bearer " + s.TokenFor(c)
	}
	player := func(s *servertest.Server) string { return "Authorization: Bearer " + s.Token("ann") }
	fixed := func(token string) func(*servertest.Server) string {
		return func(*servertest.Server) string { return "Authorization: Bearer " + token }
	}
	none := func(*servertest.Server) string { return "X-Nothing: at all" }
	line := func(text string) func(*servertest.Server) string {
		return func(*servertest.Server) string { return text }
	}
	for _, row := range []struct {
		addr, token string
		header      func(*servertest.Server) string // a line
		path        string
		status      int
	}{
		{"127.0.0.1:0", "", none, "/metrics", 200},
		{"127.0.0.1:0", "", line("Origin: https://evil.example"), "/metrics", 200}, // which cannot read it
		{"127.0.0.1:0", "", line("Origin: https://evil.example"), "POST /v1/kicks", 403},
		{"127.0.0.1:0", "", line("Sec-Fetch-Site: cross-site"), "POST /v1/revocations", 403},
		{"127.0.0.1:0", "", none, "POST /v1/kicks", 400},
		{"127.0.0.1:0", operatorsToken, none, "/metrics", 401},
		{"127.0.0.1:0", operatorsToken, none, "/healthz", 200},
		{"127.0.0.1:0", operatorsToken, fixed(operatorsToken), "/metrics", 200},
		{"127.0.0.1:0", operatorsToken, fixed(operatorsToken + "x"), "/metrics", 401},
		{"127.0.0.1:0", operatorsToken, line("Authorization: Basic " + operatorsToken), "/metrics", 401},
		{"0.0.0.0:0", "", none, "/metrics", 401},
		{"0.0.0.0:0", "", none, "/readyz", 200},
		{"0.0.0.0:0", "", none, "/debug/pprof/cmdline", 401},
		{"0.0.0.0:0", "", none, "POST /v1/revocations", 401},
		{"0.0.0.0:0", "", player, "/metrics", 401},
		{"0.0.0.0:0", "", admin, "/metrics", 200},
		{"0.0.0.0:0", "", admin, "/v1/revocations", 200},
		{"0.0.0.0:0", "", fixed(""), "/metrics", 401},
		{"0.0.0.0:0", operatorsToken, admin, "/metrics", 200},
		{"0.0.0.0:0", operatorsToken, fixed(operatorsToken), "/debug/matches", 200},
	} {
		s := servertest.Start(t, server.Config{AdminAddr: row.addr, AdminToken: row.token})
		method, path := "GET", row.path
		if m, p, ok := strings.Cut(row.path, " "); ok {
			method, path = m, p
		}
		a := servertest.HTTP(t, method, s.Admin+path, "", row.header(s))
		if a.Status != row.status {
			t.Errorf("%s with token %q, %s with %q: %d %s, want %d", row.addr, row.token, row.path, row.header(s), a.Status, a.Body, row.status)
		}
		if a.Status == 401 && (a.Header.Get("WWW-Authenticate") == "" || a.Code() != "operators_only") {
			t.Errorf("401 with %v %s", a.Header, a.Body)
		}
		if row.status > 400 && strings.Contains(a.Body, operatorsToken) {
			t.Errorf("the answer shows the token: %s", a.Body)
		}
	}
}

func TestOperatorsPortForAllNeedsAToken(t *testing.T) {
	t.Parallel()
	games := []game.Definition{servertest.DrillGame(servertest.Drill{}, game.Config{})}
	keys, err := auth.NewKeys(auth.GenerateKey())
	if err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		c    server.Config
		says string
	}{
		"every interface": {server.Config{AdminAddr: "0.0.0.0:0"}, "would ask for no token: set an operators' token"},
		"no host":         {server.Config{AdminAddr: ":0"}, "would ask for no token"},
		"a name":          {server.Config{AdminAddr: "host.example:0"}, "would ask for no token"},
		"a short token":   {server.Config{AdminAddr: "0.0.0.0:0", AdminToken: "short"}, "too short"},
		"a short one too": {server.Config{AdminAddr: "0.0.0.0:0", AdminToken: "short", Keys: keys}, "too short"},
	} {
		row.c.Games, row.c.Addr = games, "127.0.0.1:0"
		s, err := server.New(row.c)
		if err == nil || !strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "short\"") {
			t.Errorf("%s: %v, want an error with %q", name, err, row.says)
		}
		if s != nil {
			_ = s.Shutdown(t.Context())
		}
	}
}

// A name that somebody's DNS gives to this machine's address is not believed.
func TestOperatorsPortByName(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	for host, status := range map[string]int{"localhost": 200, "localhost:1": 200, "[::1]:1": 200, "127.0.0.1": 200, "evil.example": 403, "evil.example:8081": 403} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Admin+"/debug/matches", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		c := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		a, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if a.Body.Close(); a.StatusCode != status {
			t.Errorf("host %s: %d, want %d", host, a.StatusCode, status)
		}
	}
}

// TestCommandLineWithoutFlags: flags may hold keys, and operators' tools keep
// what they fetch. The test's own command line has flags.
// Hazards: secrets in logs.
func TestCommandLineWithoutFlags(t *testing.T) {
	s := servertest.Start(t, server.Config{})
	a := servertest.HTTP(t, "GET", s.Admin+"/debug/pprof/cmdline", "")
	if a.Status != 200 || a.Body == "" || strings.Contains(a.Body, "-test") {
		t.Errorf("%d %q", a.Status, a.Body)
	}
}
