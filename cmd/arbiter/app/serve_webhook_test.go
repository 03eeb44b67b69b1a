package app

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"arbiter/game/arena"
	"arbiter/netcode/client"
)

// A match that was ordered over HTTP plays, finishes as ordered, and its
// result arrives at the back end.
func TestResultOfAnOrderedMatch(t *testing.T) {
	t.Parallel()
	results := make(chan []byte, 1)
	backend := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Arbiter-Signature") != "" {
			results <- body
		}
	}))
	defer backend.Close()
	s := serving(t, "--webhook", backend.URL, "--webhook-secret", "sixteen bytes, at least")
	token := s.guest(t)
	post := func(path, body string, doc any) {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+s.addr+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Close = true
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var b bytes.Buffer
		if _, err := b.ReadFrom(answer.Body); err != nil || answer.StatusCode != http.StatusCreated || json.Unmarshal(b.Bytes(), doc) != nil {
			t.Fatalf("%s: %d %s, %v", path, answer.StatusCode, &b, err)
		}
	}
	var match struct{ ID string }
	post("/v1/matches", `{"game":"arena","parameters":{"rounds":1,"seconds":3}}`, &match)
	var seat struct{ Player, Token string }
	post("/v1/matches/"+match.ID+"/join", "", &seat)
	c, err := client.Dial(t.Context(), arena.Game, client.Config{URL: "ws://" + s.addr, Token: seat.Token})
	if err != nil {
		t.Fatal(err)
	}
	for c.Wait(t.Context()) == nil { // until the server ends it
	}
	_ = c.Close()
	var doc struct {
		Match, Game string
		Ticks       int
		Result      struct {
			Reason string
			Scores []struct{ Player string }
		}
	}
	body := <-results
	if err := json.Unmarshal(body, &doc); err != nil || doc.Match != match.ID || doc.Game != "arena" || doc.Ticks != 90 ||
		doc.Result.Reason != "1 round was played" || len(doc.Result.Scores) != 1 || doc.Result.Scores[0].Player != seat.Player {
		t.Errorf("%s, %v", body, err)
	}
}

func TestWebhookFlags(t *testing.T) {
	for args, want := range map[string]string{
		"--webhook https://api.example":                            "--webhook needs a secret",
		"--webhook-secret sixteen-bytes-at-least":                  "has no effect without --webhook",
		"--webhook https://api.example --webhook-secret short":     "a secret of 5 bytes",
		"--webhook api.example --webhook-secret sixteen-bytes-or+": "must be like https://",
	} {
		o := command(t, append([]string{"serve"}, strings.Fields(args)...)...)
		if o.status != exitUsage || !strings.Contains(o.err, want) || strings.Contains(o.err, "sixteen") || strings.Contains(o.err, "short") {
			t.Errorf("%s: status %d, want %q in:\n%s", args, o.status, want, o.err)
		}
	}
}
