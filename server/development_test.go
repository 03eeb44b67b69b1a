package server_test

import (
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// allowed is what a page of another origin may do.
func allowed(t *testing.T, s *servertest.Server) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v1/games", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", "http://localhost:5173")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	return answer.Header.Get("Access-Control-Allow-Origin")
}

// Without keys pages of all origins may connect, of a server made by the library as of
// the program's; with keys those of its own host only.
func TestOriginsWithoutKeys(t *testing.T) {
	t.Parallel()
	if got := allowed(t, servertest.StartOpen(t, server.Config{})); got == "" {
		t.Error("without keys another origin is refused")
	}
	if got := allowed(t, servertest.Start(t, server.Config{})); got != "" {
		t.Errorf("with keys another origin is allowed: %q", got)
	}
	if got := allowed(t, servertest.StartOpen(t, server.Config{Origins: []string{"https://play.example"}})); got != "" {
		t.Errorf("an origin that is not listed is allowed: %q", got)
	}
}

// A server behind a proxy stays reachable for a while when it drains, without a match:
// the balancer sees that it is not ready.
//
// Hazards: sigterm.
func TestDrainIsSeenByBalancers(t *testing.T) {
	t.Parallel()
	const wait = 700 * time.Millisecond
	s := servertest.Start(t, server.Config{DrainWait: wait, Security: transport.Security{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}})
	began := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- s.Shutdown(t.Context()) }()
	servertest.Eventually(t, "not ready", func() bool { return servertest.HTTP(t, "GET", s.Admin+"/readyz", "").Status == 503 })
	if err := <-ended; err != nil || time.Since(began) < wait {
		t.Errorf("ended after %v with %v, want to be seen for %v", time.Since(began), err, wait)
	}
}

// Whom nobody knows is not said to be kicked.
func TestKickOfNobodyIsNotLogged(t *testing.T) {
	t.Parallel()
	var log logBuffer
	s := servertest.Start(t, server.Config{Log: slog.New(slog.NewTextHandler(&log, nil))})
	s.Kick(t.Context(), "nobody", "")
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); strings.Contains(text, "kicked") || !strings.Contains(text, "stopped") {
		t.Errorf("the log: %s", text)
	}
}
