package server_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/servertest"
)

// enters says hello and returns 0 if there is a welcome, or the close code.
func enters(t *testing.T, s *servertest.Server, token string, hello netcode.Hello, query ...string) netcode.Code {
	t.Helper()
	c, err := s.Try(queryOf(token, query...))
	if err != nil {
		t.Fatal(err)
	}
	hello.Version = netcode.Version
	c.Send(hello.Append(nil))
	kind, _, err := c.Read()
	switch closed, ok := err.(*servertest.Closed); {
	case err == nil && kind == netcode.KindWelcome:
		c.Drop()
		return 0
	case err == nil:
		code, _ := c.End()
		return code
	case ok:
		return closed.Code
	}
	t.Fatal(err)
	return 0
}

// Every way into a match that somebody names, for every kind of match. Eve was not
// invited, Zoe has the code of the private one, Ann has a seat.
//
// Hazards: uninvited.
func TestAccessByEveryWayIn(t *testing.T) {
	const ok = netcode.Code(0)
	kinds := map[string]struct {
		order                           server.MatchOrder
		socket, watch                   netcode.Code
		join, joinWithCode, withoutCode string // problems; empty: let in
		ticket                          string
	}{
		"open":          {server.MatchOrder{}, ok, ok, "", "", "", ""},
		"private":       {server.MatchOrder{Private: true}, netcode.CodeNoMatch, netcode.CodeNoMatch, "bad_join_code", "", "bad_join_code", "bad_join_code"},
		"reserved only": {server.MatchOrder{Closed: true}, netcode.CodeMatchFull, netcode.CodeNotAllowed, "match_closed", "match_closed", "match_closed", "match_closed"},
		"both":          {server.MatchOrder{Private: true, Closed: true}, netcode.CodeNoMatch, netcode.CodeNoMatch, "bad_join_code", "match_closed", "bad_join_code", "bad_join_code"},
	}
	for name, kind := range kinds {
		t.Run(name, func(t *testing.T) {
			s := servertest.Start(t, server.Config{RequestRate: -1})
			order := kind.order
			order.Game, order.Seats = "drill", []server.Reservation{{Subject: "ann"}}
			p, err := s.Begin(order)
			if err != nil {
				t.Fatal(err)
			}
			ann := follow(t, s, p.Seats[0])
			ann.Hello(netcode.Hello{})
			join := func(who, body string) string {
				a := servertest.HTTP(t, http.MethodPost, s.URL+"/v1/matches/"+p.Match+"/join", body, "Authorization: Bearer "+who)
				return a.Code()
			}
			service := s.TokenFor(auth.Claims{Subject: "shop", Service: true})
			withCode := fmt.Sprintf(`{"code":%q}`, strings.ToLower(p.Code))
			reserve := func(who string, granted bool) string {
				_, err := s.Reserve(p.Match, []server.SeatRequest{{Reservation: server.Reservation{Subject: who}, Access: server.Access{Granted: granted}}}, 0)
				if err == nil {
					return ""
				}
				return code(err)
			}
			for what, test := range map[string]struct{ got, want any }{
				"WebSocket":                   {enters(t, s, s.Token("eve1"), netcode.Hello{}, "match", p.Match), kind.socket},
				"WebSocket, one's own seat":   {enters(t, s, s.Token("ann"), netcode.Hello{}, "match", p.Match), ok},
				"resume of another's seat":    {enters(t, s, s.Token("eve2"), netcode.Hello{Resume: ann.Welcome.Resume}, "match", p.Match), netcode.CodeSeatLapsed},
				"watching":                    {enters(t, s, s.Token("eve3"), netcode.Hello{}, "match", p.Match, "spectate", "1"), kind.watch},
				"watching as a service":       {enters(t, s, service, netcode.Hello{}, "match", p.Match, "spectate", "1"), ok},
				"watching with a token of it": {enters(t, s, s.TokenFor(auth.Claims{Subject: "eve4", Match: p.Match}), netcode.Hello{}, "spectate", "1"), ok},
				"join":                        {join(s.Token("eve5"), "{}"), kind.join},
				"join with a wrong code":      {join(s.Token("eve6"), `{"code":"AAAAAAAA"}`), kind.withoutCode},
				"join with the code":          {join(s.Token("zoe"), withCode), kind.joinWithCode},
				"join of one's own seat":      {join(s.Token("ann"), "{}"), ""},
				"join by a service":           {join(service, `{"player":"bob"}`), ""},
				"ticket that names it":        {reserve("eve7", false), kind.ticket},
				"ticket of who is in it":      {reserve("ann", false), ""},
				"backfill":                    {reserve("cat", true), ""},
			} {
				if test.got != test.want {
					t.Errorf("%s: %v, want %v", what, test.got, test.want)
				}
			}
			// Who only wants to play or to watch is sent elsewhere.
			if a := servertest.HTTP(t, http.MethodPost, s.URL+"/v1/play", `{"game":"drill"}`, "Authorization: Bearer "+s.Token("eve8")); a.Status != 201 || strings.Contains(a.Body, p.Match) != (name == "open") {
				t.Errorf("/v1/play: %s", a.Body)
			}
		})
	}
}

// A player's second connection, to watch the match that they play, would show them
// what it hides from them.
//
// Hazards: own spectator.
func TestPlayersDoNotWatchTheirMatch(t *testing.T) {
	for _, may := range []bool{false, true} {
		s := servertest.Start(t, server.Config{Games: []game.Definition{servertest.DrillGame(servertest.Drill{}, game.Config{PlayersMayWatch: may})}})
		want := netcode.CodeNotAllowed
		if may {
			want = 0
		}
		bob := s.Join("bob")
		match := bob.Welcome.MatchID
		watching := s.Join("ann", "match", match, "spectate", "1") // she is no player yet
		ann := s.Join("ann", "match", match)
		if !may {
			if code, _ := watching.End(); code != want {
				t.Errorf("she sat down: what she watches with is closed with %v, want %v", code, want)
			}
		}
		if code := enters(t, s, s.Token("ann"), netcode.Hello{}, "match", match, "spectate", "1"); code != want {
			t.Errorf("she plays, and watches: %v, want %v", code, want)
		}
		ann.Drop()
		if code := enters(t, s, s.Token("ann"), netcode.Hello{}, "match", match, "spectate", "1"); code != want {
			t.Errorf("she is away, and watches: %v, want %v", code, want)
		}
	}
}

// Hazards: one player's matches.
func TestMatchesOfOnePlayerAreBounded(t *testing.T) {
	s := servertest.Start(t, server.Config{RequestRate: -1, EmptyClose: time.Hour, MaxMatchesPerPlayer: 2,
		Games: []game.Definition{servertest.DrillGame(servertest.Drill{Orders: true}, game.Config{MaxPlayers: 1})}})
	begin := func(token string) servertest.Answer {
		return servertest.HTTP(t, http.MethodPost, s.URL+"/v1/matches", `{"game":"drill","private":true}`, "Authorization: Bearer "+token)
	}
	ann := s.Token("ann")
	for range 2 {
		if a := begin(ann); a.Status != http.StatusCreated {
			t.Fatal(a.Body)
		}
	}
	if a := begin(ann); a.Status != http.StatusTooManyRequests || a.Code() != "too_many_own_matches" || a.Header.Get("Retry-After") == "" {
		t.Errorf("a third one: %d %s", a.Status, a.Body)
	}
	if a := servertest.HTTP(t, http.MethodPost, s.URL+"/v1/play", `{"game":"drill"}`, "Authorization: Bearer "+ann); a.Code() != "too_many_own_matches" {
		t.Errorf("a third one by /v1/play: %d %s", a.Status, a.Body)
	}
	if code := enters(t, s, ann, netcode.Hello{}); code != netcode.CodeNotAllowed {
		t.Errorf("a third one by /play: %v, want not-allowed", code)
	}
	if n := s.Metrics().Sum("arbiter_matches_refused_total"); n != 3 {
		t.Errorf("%v refusals are counted, want 3", n)
	}
	for range 5 {
		if a := begin(s.TokenFor(auth.Claims{Subject: "shop", Service: true})); a.Status != http.StatusCreated {
			t.Fatalf("a service is bounded too: %s", a.Body)
		}
	}
	bob := s.Join("bob")
	if a := begin(s.Token("bob")); a.Status != http.StatusCreated {
		t.Error(a.Body)
	}
	if a := begin(s.Token("bob")); a.Code() != "too_many_own_matches" {
		t.Errorf("bob's third one: %d %s", a.Status, a.Body)
	}
	bob.Input(servertest.DrillInput{Order: servertest.Finish})
	if code, _ := bob.End(); code != netcode.CodeMatchFinished {
		t.Fatal(code)
	}
	servertest.Eventually(t, "one that ended makes room", func() bool { return begin(s.Token("bob")).Status == http.StatusCreated })
}

// Hazards: guessed code.
func TestCodesAreNotGuessed(t *testing.T) {
	s := servertest.Start(t, server.Config{RequestRate: 1000})
	p, err := s.Begin(server.MatchOrder{Game: "drill", Private: true})
	if err != nil {
		t.Fatal(err)
	}
	get := func(code string, header ...string) servertest.Answer {
		return servertest.HTTP(t, http.MethodGet, s.URL+"/v1/matches?code="+code, "", header...)
	}
	if a := get(p.Code); a.Code() != "token_missing" {
		t.Errorf("without a token: %d %s", a.Status, a.Body)
	}
	if a := get(p.Code, "Authorization: Bearer "+s.Token("ann")); !strings.Contains(a.Body, p.Match) {
		t.Errorf("the right code: %d %s", a.Status, a.Body)
	}
	refused := 0
	for i := range 40 { // as another player each time
		code := fmt.Sprintf("AAAAAA%02d", i)
		var a servertest.Answer
		if i%2 == 0 {
			a = get(code, "Authorization: Bearer "+s.Token(fmt.Sprint("eve", i)))
		} else {
			a = servertest.HTTP(t, http.MethodPost, s.URL+"/v1/matches/"+p.Match+"/join", fmt.Sprintf(`{"code":%q}`, code), "Authorization: Bearer "+s.Token(fmt.Sprint("eve", i)))
		}
		if a.Status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused == 0 {
		t.Error("40 guesses from one address were all answered")
	}
	if a := get(p.Code, "Authorization: Bearer "+s.Token("ann")); refused > 0 && a.Status != http.StatusTooManyRequests {
		t.Errorf("the right code while the address is over its rate: %d %s", a.Status, a.Body)
	}
	m := s.Metrics()
	if n := m.Sum("arbiter_wrong_codes_total"); n != 40 {
		t.Errorf("%v wrong codes are counted, want 40", n)
	}
	if n := m.Sum("arbiter_requests_refused_total", `reason="code"`); n < float64(refused) {
		t.Errorf("%v refusals are counted, want %d or more", n, refused)
	}
}

// A session that was renewed is bound to the token that it was opened with too, whose
// time it still has.
//
// Hazards: revoked.
func TestRevokingAnyTokenOfASession(t *testing.T) {
	for _, revoked := range []string{"token-a", "token-b"} {
		s := servertest.Start(t, server.Config{})
		first, second := lasting("ann", time.Hour), lasting("ann", time.Minute)
		first.ID, second.ID = "token-a", "token-b"
		c := enter(s, t, s.TokenFor(first))
		if got := renew(t, c, s.TokenFor(second)); got.Refusal != "" {
			t.Fatal(got)
		}
		if _, err := s.Revoke(t.Context(), auth.Revocation{TokenID: revoked}); err != nil {
			t.Fatal(err)
		}
		if code, _ := c.End(); code != netcode.CodeRevoked {
			t.Errorf("%s: closed with %v, want revoked", revoked, code)
		}
	}
}

// A second account's connection that watches would show a player what lies beyond
// their area of interest.
//
// Hazards: own spectator.
func TestMatchesWithAreasAreWatchedByInvitation(t *testing.T) {
	t.Parallel()
	far, err := arena.New("far", arena.Config{ViewRadius: 600})
	if err != nil {
		t.Fatal(err)
	}
	s := servertest.Start(t, server.Config{Games: []game.Definition{far}})
	ann := enter(s, t, s.Token("ann"), "game", "far")
	match := ann.Welcome.MatchID
	for what, test := range map[string]struct {
		token string
		want  netcode.Code
	}{
		"anybody":              {s.Token("eve"), netcode.CodeNotAllowed},
		"the player":           {s.Token("ann"), netcode.CodeNotAllowed},
		"a token for it":       {s.TokenFor(auth.Claims{Subject: "cat", Match: match}), 0},
		"a service":            {s.TokenFor(auth.Claims{Subject: "shop", Service: true}), 0},
		"the player with such": {s.TokenFor(auth.Claims{Subject: "ann", Match: match}), netcode.CodeNotAllowed},
	} {
		if got := enters(t, s, test.token, netcode.Hello{}, "game", "far", "match", match, "spectate", "1"); got != test.want {
			t.Errorf("%s: %v, want %v", what, got, test.want)
		}
	}
	if got := enters(t, s, s.Token("eve"), netcode.Hello{}, "game", "far", "spectate", "1"); got != netcode.CodeNoMatch {
		t.Errorf("any match: %v, want no-match", got)
	}
}
