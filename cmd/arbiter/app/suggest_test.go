package app

import (
	"strings"
	"testing"
)

func TestDidYouMean(t *testing.T) {
	known := []string{"addr", "admin-addr", "drain-timeout", "drain-wait"}
	for name, want := range map[string]string{"drain-timout": "drain-timeout", "adr": "addr", "drain-wiat": "drain-wait", "colour": "", "": ""} {
		got := didYouMean(name, known)
		if (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

// TestUnknownVariables: a misspelt variable is told, and what Kubernetes sets is not.
func TestUnknownVariables(t *testing.T) {
	key := strings.TrimSpace(mustRun(t, "token", "--new-key"))
	t.Setenv("ARBITER_DRAIN_TIMOUT", "5s")
	t.Setenv("ARBITER_SERVICE_HOST", "10.0.0.1")
	t.Setenv("ARBITER_PORT_8080_TCP", "tcp://10.0.0.1:8080")
	t.Setenv("ARBITER_TOKEN_SUB", "ann")
	o := command(t, "token", "--key", key)
	if want := "the environment variable ARBITER_DRAIN_TIMOUT is no setting and is ignored (did you mean ARBITER_DRAIN_TIMEOUT?)\n"; o.status != exitDone || o.err != want {
		t.Errorf("status %d, %q", o.status, o.err)
	}
}

// TestByteOrderMark: files that an editor of Windows wrote are read, and an unknown
// setting is answered with what there is, without what is hidden.
func TestByteOrderMark(t *testing.T) {
	const mark = "\ufeff"
	key := strings.TrimSpace(mustRun(t, "token", "--new-key"))
	id, rest, _ := strings.Cut(key, ":")
	alg, secret, _ := strings.Cut(rest, ":")
	keys := file(t, "keys.json", mark+`{"keys":[{"id":"`+id+`","alg":"`+alg+`","key":"`+secret+`"}]}`)
	config := file(t, "arbiter.yaml", mark+"sub: ann\n")
	if o := command(t, "token", "--config", config, "--keys-file", keys); o.status != exitDone {
		t.Errorf("status %d: %s", o.status, o.err)
	}
	rules := file(t, "rules.yaml", mark+"name: pair\ngame: arena\nteams: [{name: side, count: 2, players: 1}]\n")
	if o := command(t, "serve", "--rules", rules, "--config", file(t, "c.yaml", mark+"drain-timout: 5s\n")); o.status != exitUsage ||
		!strings.Contains(o.err, `c.yaml:1: unknown setting "drain-timout" (did you mean drain-timeout?)`) || strings.Contains(o.err, "bench-games") || !strings.Contains(o.err, "drain-wait") {
		t.Errorf("status %d: %s", o.status, o.err)
	}
	if o := command(t, "serve", "--games", ""); o.status != exitUsage || !strings.Contains(o.err, "--games: no game is named: give at least one of arena") {
		t.Errorf("status %d: %s", o.status, o.err)
	}
	s := serving(t, "--queues", "none", "--rules", rules)
	if _, text := fetch(t, "GET", "http://"+s.addr+"/v1/queues"); !strings.Contains(text, `"pair"`) {
		t.Errorf("queues %s", text)
	}
}

// TestDocumentMethods: the API's document answers as other paths do.
func TestDocumentMethods(t *testing.T) {
	d := newAPIDriver(t)
	s := newAPIHouse(t, d).s
	for method, want := range map[string]int{"GET": 200, "HEAD": 200, "OPTIONS": 204, "PUT": 405} {
		for _, path := range []string{"/v1/openapi.json", "/v1/openapi.yaml"} {
			a := d.send(s, call{method: method, path: path})
			a.Body.Close()
			if a.StatusCode != want || want != 200 && !strings.Contains(a.Header.Get("Allow"), "GET") || !strings.Contains(strings.Join(a.Header.Values("Vary"), ","), "Origin") {
				t.Errorf("%s %s: %d %v", method, path, a.StatusCode, a.Header)
			}
		}
	}
}
