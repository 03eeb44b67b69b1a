package app

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"testing"
	"time"

	"arbiter/server/servertest"
)

// metricsOf is the operators' page of metrics.
func metricsOf(t *testing.T, s *served) servertest.Metrics {
	t.Helper()
	r, err := http.Get("http://" + s.admin + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != http.StatusOK {
		t.Fatal(r.StatusCode, err)
	}
	return servertest.Metrics(text)
}

// checkMetrics has Prometheus's own tool check a page.
func checkMetrics(t *testing.T, page servertest.Metrics) {
	t.Helper()
	promtool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed; make test fetches it into bin, and the package prometheus has it")
	}
	check := exec.Command(promtool, "check", "metrics")
	check.Stdin = strings.NewReader(string(page))
	if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}

// TestMetricsOfEverything: the page is in order after every part of the program
// has counted something.
// Hazards: metrics in use.
func TestMetricsOfEverything(t *testing.T) {
	t.Parallel()
	key := strings.TrimSpace(mustRun(t, "token", "--new-key"))
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, publicJWK(t, strings.TrimSpace(mustRun(t, "token", "--new-key", "--alg", "ES256"))))
	}))
	defer issuer.Close()
	results := make(chan struct{}, 16)
	backend := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { results <- struct{}{} }))
	defer backend.Close()
	rules := queueFile(t, "name: short\ngame: arena\nparameters: {rounds: 1, seconds: 3}\nteams: [{name: side, count: 2, players: 1}]\nevery: 100ms\n")
	s := serving(t, "--key", key, "--jwks", issuer.URL+"/keys", "--rules", rules, "--record-dir", t.TempDir(), "--shed-lateness", "0",
		"--webhook", backend.URL, "--webhook-secret", "sixteen bytes, at least", "--request-rate", "20")
	at := []string{"--url", "http://" + s.addr, "--key", key}
	if _, o := reportOf(t, append(at, "--matchmake", "--queue", "short", "--clients", "2", "--for", "8s")...); o.status != exitDone {
		t.Fatalf("status %d: %s", o.status, o.err)
	}
	if _, o := reportOf(t, append(at, "--clients", "3", "--game", "arena", "--for", "2s", "--drop", "0.5")...); o.status != exitDone {
		t.Fatalf("status %d: %s", o.status, o.err)
	}
	select {
	case <-results:
	case <-time.After(30 * time.Second):
		t.Error("no result came to the webhook")
	}
	token := strings.TrimSpace(mustRun(t, "token", "--key", key, "--sub", "ann"))
	for range 100 { // beyond the rate
		get(t, "http://"+s.addr+"/v1/matches/none/join", http.MethodPost, token)
	}
	get(t, "http://"+s.addr+"/v1/matches", http.MethodPost, "nonsense")
	get(t, "http://"+s.admin+"/v1/revocations", http.MethodPost, token)
	page := metricsOf(t, s)
	for _, name := range []string{"arbiter_queue_matches_total", "arbiter_queue_wait_seconds_count", "arbiter_queue_wait_seconds", "arbiter_queue_tickets_left_total",
		"arbiter_webhook_deliveries_total", "arbiter_recording_bytes_total", "arbiter_requests_refused_total", "arbiter_jwks_fetches_total",
		"arbiter_resumes_total", "arbiter_inputs_total", "arbiter_sessions_closed_total", "arbiter_connections_dropped_total"} {
		if page.Sum(name) == 0 {
			t.Errorf("%s has counted nothing", name)
		}
	}
	checkMetrics(t, page)
}

// TestMetricsOfShedding: so is that of a server that refuses everybody.
// Hazards: metrics in use.
func TestMetricsOfShedding(t *testing.T) {
	t.Parallel()
	s := serving(t, "--shed-memory", "1MiB")
	page := metricsOf(t, s)
	for range 50 { // memory is measured once in a while
		if page.Sum("arbiter_shed_refused_total") > 0 {
			break
		}
		command(t, "bots", "--quiet", "--url", "ws://"+s.addr, "--clients", "2", "--for", "200ms")
		page = metricsOf(t, s)
	}
	if page.Sum("arbiter_shed_refused_total") == 0 {
		t.Error("nothing was shed")
	}
	checkMetrics(t, page)
}

// get makes a request whose answer does not matter.
func get(t *testing.T, url, method, token string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
}
