package server_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/servertest"
)

// matchPage is an answer of GET /v1/matches.
type matchPage struct {
	Matches []struct {
		ID, Game, State, Code string
		Private               bool
		Players, Reserved     int
		Seats                 []struct{ Player string }
	}
	Next string
}

func (p *matchPage) ids() (ids []string) {
	for _, m := range p.Matches {
		ids = append(ids, m.ID)
	}
	return ids
}

// seatDoc is an answer that grants a seat.
type seatDoc struct {
	Match, Game, URL, Player, Team, Token string
	Expires                               time.Time
}

// ask makes a request with a token and decodes a good answer into doc.
func ask(t *testing.T, s *servertest.Server, method, path, token, body string, doc any) servertest.Answer {
	t.Helper()
	var header []string
	if token != "" {
		header = []string{"Authorization: Bearer " + token}
	}
	a := servertest.HTTP(t, method, s.URL+path, body, header...)
	if doc != nil && a.Status < 300 {
		if err := json.Unmarshal([]byte(a.Body), doc); err != nil {
			t.Fatalf("%s %s: %v: %s", method, path, err, a.Body)
		}
	}
	return a
}

func service(s *servertest.Server) string {
	return s.TokenFor(auth.Claims{Subject: "backend", Service: true})
}

func TestMatchesArePaged(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	var want []string
	for range 5 {
		p, err := s.Begin(server.MatchOrder{Game: "drill"})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, p.Match)
	}
	slices.Sort(want)
	full, err := s.Begin(server.MatchOrder{Game: "drill", Size: 1, Seats: []server.Reservation{{Subject: "ann"}}})
	if err != nil {
		t.Fatal(err)
	}
	closed, err := s.Begin(server.MatchOrder{Game: "drill", Closed: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for after, pages := "", 0; ; pages++ {
		var p matchPage
		ask(t, s, "GET", "/v1/matches?game=drill&state=open&limit=2&after="+after, "", "", &p)
		got = append(got, p.ids()...)
		if after = p.Next; after == "" {
			if pages != 2 {
				t.Errorf("%d pages of two for five", pages+1)
			}
			break
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	for query, id := range map[string]string{"state=full": full.Match, "state=closed": closed.Match} {
		var p matchPage
		if ask(t, s, "GET", "/v1/matches?"+query, "", "", &p); !slices.Equal(p.ids(), []string{id}) || p.Matches[0].Seats != nil {
			t.Errorf("%s: %+v", query, p)
		}
	}
	var p matchPage
	if ask(t, s, "GET", "/v1/matches?state=full", service(s), "", &p); len(p.Matches) != 1 || len(p.Matches[0].Seats) != 1 || p.Matches[0].Seats[0].Player != "ann" {
		t.Errorf("to a service: %+v", p)
	}
}

func TestPrivateMatches(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	ann, bob := s.Token("ann"), s.Token("bob")
	var made struct{ ID, Code, State string }
	if a := ask(t, s, "POST", "/v1/matches", ann, `{"game":"drill","private":true,"parameters":{"wants":2,"mode":"x"}}`, &made); a.Status != 201 || len(made.Code) != 8 {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	spoken := strings.ToLower(made.Code[:4] + "-" + made.Code[4:])
	for query, shown := range map[string]bool{"": false, "?code=" + made.Code: true, "?code=" + spoken: true, "?code=AAAAAAAA": false} {
		var p matchPage
		if ask(t, s, "GET", "/v1/matches"+query, bob, "", &p); len(p.Matches) == 1 != shown || len(p.Matches) == 1 && p.Matches[0].Code != "" {
			t.Errorf("%q shows %+v", query, p)
		}
		if a := ask(t, s, "GET", "/v1/matches/"+made.ID+query, bob, "", nil); a.Status == 200 != shown {
			t.Errorf("its own page with %q: %d", query, a.Status)
		}
	}
	var p matchPage
	if ask(t, s, "GET", "/v1/matches", service(s), "", &p); len(p.Matches) != 1 || p.Matches[0].Code != made.Code {
		t.Errorf("to a service: %+v", p)
	}
	join := "/v1/matches/" + made.ID + "/join"
	for _, body := range []string{"", `{"code":"AAAAAAAA"}`} {
		if a := ask(t, s, "POST", join, bob, body, nil); a.Status != 403 || a.Code() != "bad_join_code" {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
	if end, _ := endAfterHello(s.Dial("bob", "match", made.ID)); end != netcode.CodeNoMatch {
		t.Errorf("with its id alone: %v", end)
	}
	if end, _ := endAfterHello(s.Dial("bob", "match", made.ID, "spectate", "1")); end != netcode.CodeNoMatch {
		t.Errorf("to watch: %v", end)
	}
	if c := s.Join("cat"); c.Welcome.MatchID == made.ID {
		t.Error("quick play led into a private match")
	}
	var seat seatDoc
	if a := ask(t, s, "POST", join, bob, `{"code":"`+spoken+`"}`, &seat); a.Status != 201 || seat.Player != "bob" || seat.Match != made.ID {
		t.Fatalf("%d %s", a.Status, a.Body)
	}
	c := follow(t, s, httpapi.SeatGrant{URL: seat.URL, Token: seat.Token})
	if c.Hello(netcode.Hello{}); c.Welcome.MatchID != made.ID {
		t.Errorf("joined %s", c.Welcome.MatchID)
	}
	// Who is in it may see it and come back without the code.
	if a := ask(t, s, "POST", join, bob, "", nil); a.Status != 201 {
		t.Errorf("again, from inside: %d %s", a.Status, a.Body)
	}
	if end, _ := endAfterHello(s.Dial("ann", "match", made.ID)); end != netcode.CodeNoMatch {
		t.Errorf("even who made it needs a seat: %v", end)
	}
}

func TestPlay(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	closed, err := s.Begin(server.MatchOrder{Game: "drill", Closed: true, Seats: []server.Reservation{{Subject: "ann"}, {Subject: "x"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(server.MatchOrder{Game: "drill", Private: true}); err != nil {
		t.Fatal(err)
	}
	var first, second, again, other seatDoc
	ask(t, s, "POST", "/v1/play", s.Token("ann"), `{"game":"drill"}`, &first)
	if first.Match == closed.Match || first.Player != "ann" || first.Game != "drill" || time.Until(first.Expires) < 25*time.Second ||
		first.URL != fmt.Sprintf("ws://%s/play?%s", s.Addr(), url.Values{"game": {"drill"}, "match": {first.Match}}.Encode()) {
		t.Fatalf("%+v", first)
	}
	ask(t, s, "POST", "/v1/play", s.Token("bob"), `{"game":"drill"}`, &second)
	ask(t, s, "POST", "/v1/play", s.Token("ann"), `{"game":"drill"}`, &again)
	ask(t, s, "POST", "/v1/play", service(s), `{"game":"drill","player":"cat","name":"Cat"}`, &other)
	if second.Match != first.Match || again.Match != first.Match || other.Match != first.Match || other.Player != "cat" {
		t.Errorf("%+v\n%+v\n%+v", second, again, other)
	}
	m, _ := s.Match(first.Match)
	if m.Reserved != 3 || len(m.Seated) != 3 {
		t.Errorf("%+v", m)
	}
	for _, seat := range []seatDoc{again, second, other} {
		c := follow(t, s, httpapi.SeatGrant{URL: seat.URL, Token: seat.Token})
		c.Hello(netcode.Hello{})
		if seat.Player == "cat" {
			c.Until("the service's name for the player", func(view.Update) bool { own, _ := c.Own(); return own.Name == "Cat" })
		}
	}
	if end, _ := endAfterHello(follow(t, s, httpapi.SeatGrant{URL: first.URL, Token: first.Token})); end != netcode.CodeTokenUsed {
		t.Errorf("the token that another replaced: %v", end)
	}
}

// One code has one title: a server whose API gives it another does not start.
func TestProblemsWithTwoTitlesAreRefused(t *testing.T) {
	t.Parallel()
	for _, other := range []httpapi.Type{
		{Code: "match_full", Status: 409, Title: "The match is full", Advice: "…"},
		{Code: "bad_json", Status: 400, Title: "Not JSON", Advice: "…"},
		{Code: "token_missing", Status: 401, Title: "token missing", Advice: "…"},
	} {
		_, err := server.New(server.Config{Addr: "127.0.0.1:0", AdminAddr: server.NoAdmin, Games: []game.Definition{servertest.DrillGame(servertest.Drill{}, game.Config{})}, Problems: []httpapi.Type{other}})
		if err == nil || !strings.Contains(err.Error(), strconv.Quote(other.Code)) {
			t.Errorf("%s: %v", other.Code, err)
		}
	}
}

func TestProblemsOfMatches(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{Problems: []httpapi.Type{{Code: "ticket_unknown", Status: 404, Title: "Unknown ticket", Advice: "…"}}})
	ann, backend := s.Token("ann"), service(s)
	open, err := s.Begin(server.MatchOrder{Game: "drill"})
	if err != nil {
		t.Fatal(err)
	}
	closed, err := s.Begin(server.MatchOrder{Game: "drill", Closed: true})
	if err != nil {
		t.Fatal(err)
	}
	full, err := s.Begin(server.MatchOrder{Game: "drill", Size: 1, Seats: []server.Reservation{{Subject: "x"}}})
	if err != nil {
		t.Fatal(err)
	}
	bound := s.TokenFor(auth.Claims{Subject: "bob", Match: open.Match})
	for _, test := range []struct {
		method, path, token, body string
		status                    int
		code                      string
	}{
		{"GET", "/v1/matches?state=odd", "", "", 400, "bad_query"},
		{"GET", "/v1/matches?limit=0", "", "", 400, "bad_query"},
		{"GET", "/v1/matches?limit=201", "", "", 400, "bad_query"},
		{"GET", "/v1/matches?limit=x", "", "", 400, "bad_query"},
		{"GET", "/v1/matches", "junk", "", 401, "token_malformed"},
		{"GET", "/v1/matches/" + open.Match, "junk", "", 401, "token_malformed"},
		{"POST", "/v1/matches", full.Seats[0].Token, `{"game":"drill"}`, 403, "join_token"},
		{"POST", "/v1/matches", ann, `{"game":"drill","parameters":{"a":[1]}}`, 400, "bad_json"},
		{"POST", "/v1/matches", ann, `{"game":"drill","parameters":{"":1}}`, 400, "bad_order"},
		{"POST", "/v1/matches", ann, `{"game":"drill","parameters":{"a":"` + strings.Repeat("x", 1000) + `"}}`, 400, "bad_order"},
		{"POST", "/v1/matches", ann, `{"game":7}`, 400, "bad_json"},
		{"GET", "/v1/matches/" + open.Match + "/join", "", "", 405, "method_not_allowed"},
		{"POST", "/v1/matches/" + open.Match + "/join", "", "", 401, "token_missing"},
		{"POST", "/v1/matches/" + open.Match + "/join", ann, `{"x":1}`, 400, "bad_json"},
		{"POST", "/v1/matches/" + open.Match + "/join", ann, `{"player":"bob"}`, 403, "service_only"},
		{"POST", "/v1/matches/" + open.Match + "/join", ann, `{"name":"Eve"}`, 403, "service_only"},
		{"POST", "/v1/matches/" + open.Match + "/join", ann, `{"player":"ann"}`, 201, ""},
		{"POST", "/v1/matches/" + open.Match + "/join", backend, "", 400, "bad_json"},
		{"POST", "/v1/matches/" + open.Match + "/join", backend, `{"player":"\u0007"}`, 400, "bad_order"},
		{"POST", "/v1/matches/" + open.Match + "/join", bound, "", 201, ""},
		{"POST", "/v1/matches/nonesuch/join", ann, "", 404, "no_such_match"},
		{"POST", "/v1/matches/" + full.Match + "/join", bound, "", 403, "other_match"},
		{"POST", "/v1/matches/" + full.Match + "/join", ann, "", 409, "match_full"},
		{"POST", "/v1/matches/" + closed.Match + "/join", ann, "", 409, "match_closed"},
		{"POST", "/v1/matches/" + closed.Match + "/join", backend, `{"player":"ann"}`, 201, ""},
		{"POST", "/v1/matches/" + closed.Match + "/join", ann, "", 201, ""}, // now she is expected
		{"GET", "/v1/play", ann, "", 405, "method_not_allowed"},
		{"POST", "/v1/play", "", "", 401, "token_missing"},
		{"POST", "/v1/play", ann, `{"game":"chess"}`, 404, "no_such_game"},
		{"POST", "/v1/play", ann, `{}`, 404, "no_such_game"},
		{"POST", "/v1/play", ann, `[]`, 400, "bad_json"},
		{"POST", "/v1/play", ann, `{"game":"drill","player":"bob"}`, 403, "service_only"},
		{"POST", "/v1/play", backend, `{"game":"drill"}`, 400, "bad_json"},
		{"POST", "/v1/play", bound, `{"game":"drill"}`, 403, "other_match"},
		{"GET", "/v1/matches/events", ann, "", 403, "service_only"},
		{"GET", "/v1/matches/events", "", "", 401, "token_missing"},
		{"GET", "/v1/problems/nonesuch", "", "", 404, "no_such_problem"},
		{"GET", "/v1/problems/ticket_unknown", "", "", 200, ""},
		{"GET", "/v1/problems/match_full", "", "", 200, ""},
	} {
		a := ask(t, s, test.method, test.path, test.token, test.body, nil)
		if a.Status != test.status || a.Code() != test.code {
			t.Errorf("%s %s %.60s: %d %q, want %d %q; body %s", test.method, test.path, test.body, a.Status, a.Code(), test.status, test.code, a.Body)
		}
	}
	if a := ask(t, s, "POST", "/v1/matches", ann, `{"game":"drill","speed":1}`, nil); !strings.Contains(a.Body, `"errors":[{"where":"speed",`) {
		t.Errorf("an unknown field is not named: %s", a.Body)
	}
}

// Every problem is explained at its own address, and 503 says when to return.
func TestProblemsAreExplained(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{MaxMatches: 1})
	var all struct {
		Problems []struct {
			Type, Code, Title, Text string
			Status                  int
		}
	}
	ask(t, s, "GET", "/v1/problems", "", "", &all)
	seen := map[string]bool{}
	for _, p := range all.Problems {
		if p.Type != "/v1/problems/"+p.Code || p.Title == "" || p.Text == "" || p.Status < 400 || seen[p.Code] {
			t.Errorf("%+v", p)
		}
		seen[p.Code] = true
		if a := ask(t, s, "GET", p.Type, "", "", nil); a.Status != 200 || !strings.Contains(a.Body, p.Text) {
			t.Errorf("%s: %d %s", p.Type, a.Status, a.Body)
		}
	}
	if len(seen) < 30 || !seen["match_full"] || !seen["token_expired"] {
		t.Errorf("%d problems", len(seen))
	}
	ask(t, s, "POST", "/v1/matches", s.Token("ann"), `{"game":"drill"}`, nil)
	a := ask(t, s, "POST", "/v1/matches", s.Token("ann"), `{"game":"drill"}`, nil)
	if a.Code() != "too_many_matches" || a.Header.Get("Retry-After") != "5" || !strings.Contains(a.Body, `"retry_after":5`) {
		t.Errorf("%d %v %s", a.Status, a.Header, a.Body)
	}
}
