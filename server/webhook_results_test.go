package server_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/webhook"
)

// A finished match is reported to the back end, signed, once more if that fails.
func TestResultsReachTheWebhook(t *testing.T) {
	t.Parallel()
	const secret = "a secret that both ends know"
	type call struct {
		header http.Header
		body   []byte
	}
	calls := make(chan call, 4)
	first := true
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		calls <- call{r.Header, body}
		if first {
			first = false
			w.WriteHeader(http.StatusServiceUnavailable)
		}
	}))
	defer backend.Close()
	s := servertest.Start(t, server.Config{Webhook: webhook.Config{URL: backend.URL, Secret: secret}})
	ann := s.Join("ann")
	ann.Input(servertest.DrillInput{Order: servertest.Finish, Mark: 2})
	if end, _ := ann.End(); end != netcode.CodeMatchFinished {
		t.Error(end)
	}
	one, two := <-calls, <-calls
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(two.header.Get("Arbiter-Timestamp") + "."))
	mac.Write(two.body)
	if got, want := two.header.Get("Arbiter-Signature"), "sha256="+hex.EncodeToString(mac.Sum(nil)); got != want {
		t.Errorf("signed %s, want %s", got, want)
	}
	if string(one.body) != string(two.body) || one.header.Get("Arbiter-Delivery") != two.header.Get("Arbiter-Delivery") {
		t.Error("the second attempt is another delivery")
	}
	var doc struct {
		ID, Event, Match, Game string
		Ticks                  int
		Result                 server.MatchResult
	}
	if err := json.Unmarshal(two.body, &doc); err != nil || doc.Event != "finished" || doc.Match != ann.Welcome.MatchID || doc.Game != "drill" ||
		doc.Ticks == 0 || doc.Result.Reason != "the drill is over" || len(doc.Result.Scores) != 1 || doc.Result.Scores[0].Points != 2 ||
		doc.ID != two.header.Get("Arbiter-Delivery") {
		t.Errorf("%s, %v", two.body, err)
	}
	servertest.Eventually(t, "it is counted", func() bool {
		return s.Metrics().Sum("arbiter_webhook_deliveries_total", `"delivered"`) == 1
	})
}

// What is wrong with a webhook is found out before the server runs.
func TestWebhookIsChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []webhook.Config{{URL: "nowhere", Secret: "a secret that is long enough"}, {URL: "https://api.example", Secret: "short"}} {
		if s, err := server.New(server.Config{Addr: "127.0.0.1:0", AdminAddr: server.NoAdmin, Webhook: c,
			Games: []game.Definition{servertest.DrillGame(servertest.Drill{}, game.Config{})}}); err == nil {
			t.Errorf("%+v was taken", c)
			_ = s.Shutdown(t.Context())
		}
	}
}
