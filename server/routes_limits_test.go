package server_test

import (
	"strconv"
	"testing"

	"arbiter/server"
	"arbiter/server/servertest"
)

// One identity can't ask for matches and seats without end; others don't notice.
func TestRequestsAreBoundedPerIdentity(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{RequestRate: 0.001})
	post := func(name, path string) servertest.Answer {
		return servertest.HTTP(t, "POST", s.URL+path, `{"game":"drill"}`, "Authorization: Bearer "+s.Token(name))
	}
	if a := post("ann", "/v1/play"); a.Status != 201 {
		t.Fatalf("the first: %d %s", a.Status, a.Body)
	}
	for _, path := range []string{"/v1/play", "/v1/matches", "/v1/matches/x/join"} {
		a := post("ann", path)
		if wait, err := strconv.Atoi(a.Header.Get("Retry-After")); a.Status != 429 || a.Code() != "too_many_requests" || err != nil || wait < 900 || wait > 1000 {
			t.Errorf("%s: %d %s, Retry-After %d", path, a.Status, a.Body, wait)
		}
	}
	if a := post("bob", "/v1/play"); a.Status != 201 {
		t.Errorf("another: %d %s", a.Status, a.Body)
	}
	if n := s.Metrics().Sum("arbiter_requests_refused_total", `reason="player"`); n != 3 {
		t.Errorf("%v refusals counted, want 3", n)
	}
}
