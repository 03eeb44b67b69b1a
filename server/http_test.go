package server_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/servertest"
	"arbiter/server/transport"

	"github.com/gobwas/ws"
)

func TestPublicPaths(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind})
		bearer := "Authorization: Bearer " + s.Token("ann")
		for _, test := range []struct {
			method, path, body string
			status             int
			code               string
			header             []string
		}{
			{"GET", "/", "", 200, "", nil},
			{"HEAD", "/", "", 200, "", nil},
			{"POST", "/", "", 405, "method_not_allowed", nil},
			{"GET", "/nothing", "", 404, "no_such_path", nil},
			{"GET", "/v1/nothing", "", 404, "no_such_path", nil},
			{"GET", "/play?game=drill", "", 400, "not_a_websocket", nil},
			{"POST", "/play?game=drill", "", 405, "method_not_allowed", nil},
			{"OPTIONS", "/play", "", 204, "", nil},
			{"GET", "/v1/games", "", 200, "", nil},
			{"HEAD", "/v1/games", "", 200, "", nil},
			{"DELETE", "/v1/games", "", 405, "method_not_allowed", nil},
			{"GET", "/v1/matches", "", 200, "", nil},
			{"GET", "/v1/matches?game=drill", "", 200, "", nil},
			{"GET", "/v1/matches?game=chess", "", 404, "no_such_game", nil},
			{"PUT", "/v1/matches", "", 405, "method_not_allowed", nil},
			{"GET", "/v1/matches/nonesuch", "", 404, "no_such_match", nil},
			{"DELETE", "/v1/matches/nonesuch", "", 405, "method_not_allowed", nil},
			{"POST", "/v1/matches", `{"game":"drill"}`, 401, "token_missing", nil},
			{"POST", "/v1/matches", `{"game":"drill"}`, 401, "token_malformed", []string{"Authorization: Bearer x"}},
			{"POST", "/v1/matches", `{"game":"chess"}`, 404, "no_such_game", []string{bearer}},
			{"POST", "/v1/matches", `{"game":`, 400, "bad_json", []string{bearer}},
			{"POST", "/v1/matches", `{"gaem":"drill"}`, 400, "bad_json", []string{bearer}},
			{"POST", "/v1/matches", `{"game":"drill"} {}`, 400, "bad_json", []string{bearer}},
			{"POST", "/v1/matches", `{"game":"` + strings.Repeat("x", 65<<10) + `"}`, 413, "body_too_large", []string{bearer}},
			{"POST", "/v1/matches", `{"game":"drill"}`, 201, "", []string{bearer}},
			{"POST", "/v1/guest", ``, 403, "no_guests", nil},
			{"GET", "/v1/guest", ``, 405, "method_not_allowed", nil},
		} {
			a := servertest.HTTP(t, test.method, s.URL+test.path, test.body, test.header...)
			if a.Status != test.status || a.Code() != test.code {
				t.Errorf("%s %s %s: %d %q, want %d %q; body %s", test.method, test.path, test.body, a.Status, a.Code(), test.status, test.code, a.Body)
			}
			if a.Status == 405 && a.Header.Get("Allow") == "" {
				t.Errorf("%s %s: 405 without Allow", test.method, test.path)
			}
			if a.Status == 401 && a.Header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s: 401 without WWW-Authenticate", test.method, test.path)
			}
		}
	})
}

func TestMatchesOverHTTP(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	a := servertest.HTTP(t, "POST", s.URL+"/v1/matches", `{"game":"drill"}`, "Authorization: Bearer "+s.Token("ann"))
	var made, read struct {
		ID, Game, State     string
		Players, Spectators int
		Tick                uint32
		Max                 int `json:"max_players"`
	}
	if err := json.Unmarshal([]byte(a.Body), &made); err != nil || a.Header.Get("Location") != "/v1/matches/"+made.ID {
		t.Fatalf("created %s at %s, %v", a.Body, a.Header.Get("Location"), err)
	}
	s.Join("ann", "match", made.ID).Until("it runs", func(u view.Update) bool { return u.Tick > 2 })
	a = servertest.HTTP(t, "GET", s.URL+"/v1/matches/"+made.ID, "")
	if err := json.Unmarshal([]byte(a.Body), &read); err != nil {
		t.Fatal(err)
	}
	if read.ID != made.ID || read.Game != "drill" || read.State != "open" || read.Players != 1 || read.Spectators != 0 || read.Max != 16 || read.Tick == 0 {
		t.Errorf("the match is shown as %s", a.Body)
	}
	if a = servertest.HTTP(t, "GET", s.Admin+"/debug/matches", ""); !strings.Contains(a.Body, made.ID) || !strings.Contains(a.Body, `"seed"`) {
		t.Errorf("operators see %s", a.Body)
	}
}

// Tokens are judged before the upgrade, wherever they ride.
//
// Hazards: token.
func TestTokens(t *testing.T) {
	t.Parallel()
	servertest.EachPort(t, func(t *testing.T, config server.Config) {
		keys := func(ids ...string) *auth.Keys {
			var list []auth.Key
			for _, id := range ids {
				key, err := auth.NewKey(id, auth.HS256, []byte("a secret of thirty-two bytes, or more: "+id))
				if err != nil {
					t.Fatal(err)
				}
				list = append(list, key)
			}
			set, err := auth.NewKeys(list...)
			if err != nil {
				t.Fatal(err)
			}
			return set
		}
		config.Keys = keys("one")
		s := servertest.Start(t, config)
		mint := func(c auth.Config) string {
			signer, err := auth.NewSigner(c)
			if err != nil {
				t.Fatal(err)
			}
			token, err := signer.Mint(auth.Claims{Subject: "ann"})
			if err != nil {
				t.Fatal(err)
			}
			return token
		}
		play := func(token string) url.Values { return url.Values{"game": {"drill"}, "token": {token}} }
		parts := strings.Split(s.Token("ann"), ".")
		none := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT","kid":"one"}`))
		good := s.Token("ann")
		for what, test := range map[string]struct {
			query url.Values
			want  int
		}{
			"none":             {url.Values{"game": {"drill"}}, 401},
			"junk":             {play("junk"), 401},
			"an unknown key":   {play(mint(auth.Config{Keys: keys("two")})), 401},
			"a bad signature":  {play(parts[0] + "." + parts[1] + "." + parts[2][1:] + "A"), 401},
			"another's claims": {play(parts[0] + "." + strings.Split(s.Token("bob"), ".")[1] + "." + parts[2]), 401},
			"alg none":         {play(none + "." + parts[1] + "."), 401},
			"expired":          {play(s.TokenFor(auth.Claims{Subject: "ann", Expiry: time.Now().Add(-time.Hour)})), 401},
			"other audience":   {play(mint(auth.Config{Keys: keys("one"), Audience: "elsewhere"})), 401},
			"other match":      {url.Values{"game": {"drill"}, "match": {"this"}, "token": {s.TokenFor(auth.Claims{Subject: "ann", Match: "that"})}}, 403},
			"no game":          {url.Values{"token": {good}}, 400},
		} {
			_, err := s.Try(test.query)
			var status ws.StatusError
			if !errors.As(err, &status) || int(status) != test.want {
				t.Errorf("%s: %v, want status %d", what, err, test.want)
			}
		}
		if _, err := s.Try(play(good)); err != nil {
			t.Errorf("a good token: %v", err)
		}
		if n := s.Metrics().Sum("arbiter_handshakes_total", "token-"); n != 8 {
			t.Errorf("%v handshakes counted as refused for their token, want 8", n)
		}
	})
}

func TestGuestsOfAServerWithoutKeys(t *testing.T) {
	t.Parallel()
	g := servertest.DrillGame(servertest.Drill{}, game.Config{})
	if _, err := server.New(server.Config{Addr: "0.0.0.0:0", Games: []game.Definition{g}}); err == nil || !strings.Contains(err.Error(), "keys") {
		t.Fatalf("without keys on all interfaces: error %v, want one about keys", err)
	}
	s := servertest.StartOpen(t, server.Config{})
	a := servertest.HTTP(t, "POST", s.URL+"/v1/guest", `{"name":"Ann"}`)
	var doc struct{ Token string }
	if err := json.Unmarshal([]byte(a.Body), &doc); a.Status != http.StatusCreated || err != nil || doc.Token == "" {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c, err := s.Try(url.Values{"game": {"drill"}, "token": {doc.Token}})
	if err != nil {
		t.Fatal(err)
	}
	c.Hello(netcode.Hello{})
	c.Until("the guest plays under their name", func(view.Update) bool { own, ok := c.Own(); return ok && own.Name == "Ann" })
	if a := servertest.HTTP(t, "POST", s.URL+"/v1/guest", `{"name":"\u0007"}`); a.Status != 400 || a.Code() != "bad_name" {
		t.Errorf("an unprintable name: %d %s", a.Status, a.Body)
	}
}

func TestPagesGetWhatIsNotTheServers(t *testing.T) {
	t.Parallel()
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte("page " + r.URL.Path)) })
	s := servertest.Start(t, server.Config{Pages: pages})
	for _, path := range []string{"/", "/assets/x.js"} {
		if a := servertest.HTTP(t, "GET", s.URL+path, ""); a.Body != "page "+path {
			t.Errorf("%s: %s", path, a.Body)
		}
	}
	if a := servertest.HTTP(t, "GET", s.URL+"/v1/nothing", ""); a.Code() != "no_such_path" {
		t.Errorf("/v1/nothing: %d %s", a.Status, a.Body)
	}
}

// Pages of allowed origins may read the answers of /v1/, others may not.
func TestOrigins(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{Origins: []string{"https://play.example"}})
	for origin, want := range map[string]string{"https://play.example": "https://play.example", "https://evil.example": "", "null": ""} {
		got := servertest.HTTP(t, "GET", s.URL+"/v1/games", "", "Origin: "+origin)
		if got.Header.Get("Access-Control-Allow-Origin") != want {
			t.Errorf("origin %s is answered %v", origin, got.Header)
		}
	}
	got := servertest.HTTP(t, "OPTIONS", s.URL+"/v1/matches", "", "Origin: https://play.example", "Access-Control-Request-Method: POST")
	if h := got.Header; got.Status != 204 || h.Get("Access-Control-Allow-Headers") != "Authorization, Content-Type, Idempotency-Key, Last-Event-ID" {
		t.Errorf("preflight: %d, %v", got.Status, h)
	}
}
