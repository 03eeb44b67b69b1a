package bots

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"arbiter/netcode/client/apiclient"
)

// apiAt asks a server that answers everything the same way.
func apiAt(t *testing.T, status int, body string) *api {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the test sees what arrives
	}))
	t.Cleanup(s.Close)
	u, err := url.Parse(strings.Replace(s.URL, "http", "ws", 1) + "/play?x=1")
	if err != nil {
		t.Fatal(err)
	}
	at, err := apiclient.ParseAddress(u.String())
	if err != nil {
		t.Fatal(err)
	}
	d := newAPI(at.API, nil)
	t.Cleanup(d.close)
	return d
}

func TestAPI(t *testing.T) {
	d := apiAt(t, 200, `{"games": [{"name": "chess", "tick_rate": 5, "snapshot_rate": 1, "new": 1}], "token": "abc"}`)
	if g, err := d.game(t.Context(), "chess", nil); err != nil || g != (hostedGame{"chess", 5, 1}) {
		t.Errorf("got %+v, %v", g, err)
	}
	if _, err := d.game(t.Context(), "go", nil); err == nil || !strings.Contains(err.Error(), `hosts no game "go": use one of chess`) {
		t.Errorf("got %v", err)
	}
	if token, err := d.guest(t.Context(), "Ann"); err != nil || token != "abc" {
		t.Errorf("got %q, %v", token, err)
	}
}

func TestAPIRefusals(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		want   string
	}{
		{403, `{"detail": "no guests"}`, "gives no guest tokens, it was given keys"},
		{503, `{"detail": "draining: ask another"}`, "status 503: draining: ask another"},
		{500, `oops`, "status 500: no reason was given; is this an Arbiter server?"},
		{200, `<html>`, "does not answer as an Arbiter server"},
	} {
		if _, err := apiAt(t, c.status, c.body).guest(t.Context(), ""); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d %s: want %q, got %v", c.status, c.body, c.want, err)
		}
	}
}
