package server_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/servertest"

	"github.com/gobwas/ws"
)

// heard collects what Config.OnMatch is told.
type heard struct {
	mu   sync.Mutex
	told []server.MatchEvent // guarded by mu
}

func (h *heard) hear(e server.MatchEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.told = append(h.told, e)
}

// of returns the events of a kind.
func (h *heard) of(kind server.EventKind) (list []server.MatchEvent) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range h.told {
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

// follow connects to a granted seat, as a client does that knows nothing else.
func follow(t *testing.T, s *servertest.Server, g httpapi.SeatGrant) *servertest.Client {
	t.Helper()
	u, err := url.Parse(g.URL)
	if err != nil || u.Scheme != s.Scheme || u.Host != s.Addr().String() || u.Path != "/play" {
		t.Fatalf("the seat is at %q, %v", g.URL, err)
	}
	query := u.Query()
	query.Set("token", g.Token)
	c, err := s.Try(query)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// granted are requests of a back end.
func granted(list ...server.Reservation) (requests []server.SeatRequest) {
	for _, r := range list {
		requests = append(requests, server.SeatRequest{Reservation: r, Access: server.Access{Granted: true}})
	}
	return requests
}

func code(err error) string {
	var p *httpapi.Problem
	if errors.As(err, &p) {
		return p.Type.Code
	}
	return fmt.Sprint(err)
}

// Hazards: join token.
func TestMatchFromOrderToResult(t *testing.T) {
	t.Parallel()
	servertest.EachPort(t, func(t *testing.T, config server.Config) {
		var h heard
		config.OnMatch = h.hear
		s := servertest.Start(t, config)
		p, err := s.Begin(server.MatchOrder{Game: "drill", Closed: true, Size: 4, Backfill: true, Seats: []server.Reservation{
			{Subject: "ann", Name: "Ann", Team: "red", Role: "tank"}, {Subject: "bob", Team: "blue"}}})
		if err != nil {
			t.Fatal(err)
		}
		if m, ok := s.Match(p.Match); !ok || m.Reserved != 2 || m.Players != 0 || m.State != "closed" || m.MaxPlayers != 4 || m.Wanted != 2 ||
			len(m.Seated) != 2 || m.Seated[0] != (server.Seated{Subject: "ann", Team: "red", Role: "tank"}) {
			t.Errorf("%+v", m)
		}
		if left := time.Until(p.Seats[0].Expires); left < 29*time.Second || left > 32*time.Second {
			t.Errorf("the seat is kept for %v", left)
		}
		ann := follow(t, s, p.Seats[0])
		ann.Hello(netcode.Hello{})
		ann.Until("she has her role", func(view.Update) bool { own, _ := ann.Own(); return own.Name == "Ann/red/tank" })

		// Bob comes with a token of their own.
		bob := s.Join("bob", "match", p.Match)
		bob.Until("bob has a team", func(view.Update) bool { own, _ := bob.Own(); return own.Name == "bob/blue/" })
		if end, _ := endAfterHello(follow(t, s, p.Seats[1])); end != netcode.CodeTokenUsed {
			t.Errorf("after bob came with another: %v", end)
		}
		if end, _ := endAfterHello(s.Dial("cat", "match", p.Match)); end != netcode.CodeMatchFull {
			t.Errorf("uninvited: %v", end)
		}
		// A used token still resumes, and comes back.
		ann.Input(servertest.DrillInput{Mark: 5})
		ann.Until("it counts", func(u view.Update) bool { return u.AckSeq == 1 })
		ann.Drop()
		back := follow(t, s, p.Seats[0])
		back.Hello(netcode.Hello{Resume: ann.Welcome.Resume})
		if back.Welcome.Player != ann.Welcome.Player {
			t.Errorf("she came back as %d, not %d", back.Welcome.Player, ann.Welcome.Player)
		}
		bob.Input(servertest.DrillInput{Order: servertest.Finish})
		if end, _ := bob.End(); end != netcode.CodeMatchFinished {
			t.Error(end)
		}
		servertest.Eventually(t, "its end is told", func() bool { return len(h.of(server.Ended)) == 1 })
		finished := h.of(server.Finished)
		if len(finished) != 1 || finished[0].Match != p.Match || finished[0].Game != "drill" || finished[0].Result.Reason != "the drill is over" {
			t.Fatalf("%+v", finished)
		}
		want := server.PlayerScore{Subject: "ann", Number: ann.Welcome.Player, Team: "red", Role: "tank", Points: 5}
		if scores := finished[0].Result.Scores; len(scores) != 2 || scores[0] != want {
			t.Errorf("%+v", scores)
		}
		if claimed := h.of(server.Claimed); len(claimed) != 2 || claimed[0].Subject != "ann" || claimed[1].Subject != "bob" {
			t.Errorf("%+v", claimed)
		}
		if ended := h.of(server.Ended)[0]; ended.Why != "finished" {
			t.Errorf("%+v", ended)
		}
		if wants := h.of(server.Wants); len(wants) == 0 || wants[0].Wanted != 2 {
			t.Errorf("%+v", wants)
		}
	})
}

func TestBackfill(t *testing.T) {
	t.Parallel()
	var h heard
	s := servertest.Start(t, server.Config{OnMatch: h.hear})
	p, err := s.Begin(server.MatchOrder{Game: "drill", Closed: true, Size: 8, Parameters: game.Attributes{{Name: "wants", Number: 3}}})
	if err != nil {
		t.Fatal(err)
	}
	servertest.Eventually(t, "the rules ask for three", func() bool { w := h.of(server.Wants); return len(w) == 1 && w[0].Wanted == 3 })
	more, err := s.Reserve(p.Match, granted(server.Reservation{Subject: "ann"}, server.Reservation{Subject: "bob"}), 0)
	if err != nil || len(more.Seats) != 2 {
		t.Fatal(err)
	}
	s.Release(p.Match, "bob")
	s.Release(p.Match, "nobody")
	s.Release("nowhere", "ann")
	if end, _ := endAfterHello(follow(t, s, more.Seats[1])); end != netcode.CodeJoinLapsed {
		t.Errorf("a seat that was given back: %v", end)
	}
	ann := follow(t, s, more.Seats[0])
	ann.Hello(netcode.Hello{})
	s.Release(p.Match, "ann") // she has come, so it does nothing
	ann.Until("she plays on", func(u view.Update) bool { return u.Tick > ann.Welcome.Tick+10 })
	again, err := s.Reserve(p.Match, granted(server.Reservation{Subject: "ann", Team: "other"}), 0)
	if err != nil || again.Seats[0].Team != "" {
		t.Fatalf("%+v, %v", again, err)
	}
	back := follow(t, s, again.Seats[0])
	back.Hello(netcode.Hello{})
	if back.Welcome.Player != ann.Welcome.Player {
		t.Errorf("a token for her own seat led to seat %d, not %d", back.Welcome.Player, ann.Welcome.Player)
	}
	freed := h.of(server.Freed)
	if len(freed) != 1 || freed[0].Subject != "bob" || freed[0].Why != "released" {
		t.Errorf("%+v", freed)
	}
}

// TestReleaseDissolves: who is awaited and gives the seat back ends the match
// at once, where their absence would.
func TestReleaseDissolves(t *testing.T) {
	t.Parallel()
	var h heard
	s := servertest.Start(t, server.Config{OnMatch: h.hear})
	p, err := s.Begin(server.MatchOrder{Game: "drill", Hold: 10 * time.Minute, Unclaimed: server.Dissolve,
		Seats: []server.Reservation{{Subject: "ann"}, {Subject: "bob"}}})
	if err != nil {
		t.Fatal(err)
	}
	ann := follow(t, s, p.Seats[0])
	ann.Hello(netcode.Hello{})
	s.Release(p.Match, "ann") // she has come, so it does nothing
	s.Release(p.Match, "bob")
	if end, _ := ann.End(); end != netcode.CodeMatchFinished {
		t.Error(end)
	}
	servertest.Eventually(t, "it is dissolved", func() bool { e := h.of(server.Ended); return len(e) == 1 && e[0].Why == "dissolved" })
	if l := h.of(server.Lapsed); len(l) != 1 || l[0].Subject != "bob" {
		t.Errorf("%+v", l)
	}
}

// Seats that nobody takes lapse by themselves.
//
// Hazards: join token.
func TestHoldsEnd(t *testing.T) {
	t.Parallel()
	var h heard
	s := servertest.Start(t, server.Config{OnMatch: h.hear})
	p, err := s.Begin(server.MatchOrder{Game: "drill", Hold: time.Second, Unclaimed: server.Dissolve,
		Seats: []server.Reservation{{Subject: "ann"}, {Subject: "bob"}}})
	if err != nil {
		t.Fatal(err)
	}
	late := follow(t, s, p.Seats[1])
	ann := follow(t, s, p.Seats[0])
	ann.Hello(netcode.Hello{})
	if end, _ := ann.End(); end != netcode.CodeMatchFinished {
		t.Error(end)
	}
	servertest.Eventually(t, "it is dissolved", func() bool { e := h.of(server.Ended); return len(e) == 1 && e[0].Why == "dissolved" })
	if l := h.of(server.Lapsed); len(l) != 1 || l[0].Subject != "bob" {
		t.Errorf("%+v", l)
	}
	if end, _ := endAfterHello(late); end != netcode.CodeMatchFinished {
		t.Errorf("into a match that was dissolved: %v", end)
	}
	if _, err := s.Try(url.Values{"game": {"drill"}, "match": {"other"}, "token": {p.Seats[1].Token}}); !errors.Is(err, ws.StatusError(403)) {
		t.Errorf("with the token of another match: %v", err)
	}
}

func TestOrdersAreChecked(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{MaxMatches: 1})
	ok := server.MatchOrder{Game: "drill"}
	with := func(change func(o *server.MatchOrder)) server.MatchOrder { o := ok; change(&o); return o }
	seats := func(list ...server.Reservation) server.MatchOrder {
		return with(func(o *server.MatchOrder) { o.Seats = list })
	}
	long := strings.Repeat("x", 200)
	for what, test := range map[string]struct {
		order server.MatchOrder
		code  string
		says  string
	}{
		"a game":        {with(func(o *server.MatchOrder) { o.Game = "chess" }), "no_such_game", "chess"},
		"a size":        {with(func(o *server.MatchOrder) { o.Size = 17 }), "bad_order", "1 to 16 seats"},
		"too few":       {with(func(o *server.MatchOrder) { o.Size = -1 }), "bad_order", "1 to 16 seats"},
		"a short hold":  {with(func(o *server.MatchOrder) { o.Hold = time.Millisecond }), "bad_order", "hold"},
		"a long hold":   {with(func(o *server.MatchOrder) { o.Hold = time.Hour }), "bad_order", "hold"},
		"a way":         {with(func(o *server.MatchOrder) { o.Unclaimed = 7 }), "bad_order", "unclaimed"},
		"twice":         {seats(server.Reservation{Subject: "a"}, server.Reservation{Subject: "a"}), "bad_order", "seats[1]"},
		"nobody":        {seats(server.Reservation{}), "bad_order", "seats[0]"},
		"a subject":     {seats(server.Reservation{Subject: long}), "bad_order", "seats[0]"},
		"a name":        {seats(server.Reservation{Subject: "a", Name: "\a"}), "bad_order", "seats[0]"},
		"a role":        {seats(server.Reservation{Subject: "a", Role: long}), "bad_order", "shorten"},
		"an attribute":  {seats(server.Reservation{Subject: "a", Attributes: game.Attributes{{}}}), "bad_order", "no name"},
		"a parameter":   {with(func(o *server.MatchOrder) { o.Parameters = game.Attributes{{}} }), "bad_order", "no name"},
		"too many":      {seats(make([]server.Reservation, 17)...), "bad_order", "seats"},
		"more than fit": {with(func(o *server.MatchOrder) { o.Size, o.Seats = 1, []server.Reservation{{Subject: "a"}, {Subject: "b"}} }), "bad_order", "2 players for 1 seats"},
	} {
		_, err := s.Begin(test.order)
		if code(err) != test.code || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v, want %s with %q", what, err, test.code, test.says)
		}
	}
	if len(s.Matches()) != 0 {
		t.Fatal("a bad order left a match")
	}
	p, err := s.Begin(with(func(o *server.MatchOrder) { o.Size = 2 }))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(ok); code(err) != "too_many_matches" {
		t.Errorf("a second match of one: %v", err)
	}
	for what, test := range map[string]struct {
		match string
		seats []server.Reservation
		hold  time.Duration
		code  string
	}{
		"nowhere":      {"nowhere", []server.Reservation{{Subject: "a"}}, 0, "no_such_match"},
		"a hold":       {p.Match, []server.Reservation{{Subject: "a"}}, time.Hour, "bad_order"},
		"twice":        {p.Match, []server.Reservation{{Subject: "a"}, {Subject: "a"}}, 0, "bad_order"},
		"an attribute": {p.Match, []server.Reservation{{Subject: "a", Attributes: game.Attributes{{}}}}, 0, "bad_order"},
		"too many":     {p.Match, []server.Reservation{{Subject: "a"}, {Subject: "b"}, {Subject: "c"}}, 0, "bad_order"},
	} {
		if _, err := s.Reserve(test.match, granted(test.seats...), test.hold); code(err) != test.code {
			t.Errorf("reserve %s: %v, want %s", what, err, test.code)
		}
	}
	if _, err := s.Reserve(p.Match, granted(server.Reservation{Subject: "a"}, server.Reservation{Subject: "b"}), 0); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Reserve(p.Match, granted(server.Reservation{Subject: "c"}), 0); code(err) != "match_full" {
		t.Errorf("a third seat of two: %v", err)
	}
}

// A server that cannot sign says so, and still hosts matches without seats.
func TestReservationsNeedAKeyThatSigns(t *testing.T) {
	t.Parallel()
	bare, _, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	public, err := auth.NewKey("ed", auth.EdDSA, bare)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.NewKeys(public)
	if err != nil {
		t.Fatal(err)
	}
	s, err := server.New(server.Config{Keys: keys, Addr: "127.0.0.1:0", AdminAddr: server.NoAdmin, Games: []game.Definition{servertest.DrillGame(servertest.Drill{}, game.Config{})}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	if _, err := s.Begin(server.MatchOrder{Game: "drill", Seats: []server.Reservation{{Subject: "a"}}}); code(err) != "no_signing_key" {
		t.Error(err)
	}
	if _, err := s.Begin(server.MatchOrder{Game: "drill"}); err != nil {
		t.Error(err)
	}
}

func TestPublicURL(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"wss://play.example":       "wss://play.example/play?",
		"https://play.example/eu/": "wss://play.example/eu/play?",
		"http://play.example:81":   "ws://play.example:81/play?",
		"https://play.example/a/b": "wss://play.example/a/b/play?",
		"play.example":             "", "ftp://play.example": "", "wss://u@play.example": "", "wss://play.example?x": "", "wss://": "",
		"https://play.example/v1": "", "https://play.example/play": "", "https://play.example/eu/play/": "", "https://play.example/a//b": "", "https://play.example/%61": "",
	} {
		c := server.Config{PublicURL: given, Addr: "127.0.0.1:0", AdminAddr: server.NoAdmin, Games: []game.Definition{servertest.DrillGame(servertest.Drill{}, game.Config{})}}
		s, err := server.New(c)
		if err != nil {
			if want != "" || !strings.Contains(err.Error(), "PublicURL") {
				t.Errorf("%q: %v", given, err)
			}
			continue
		}
		p, err := s.Begin(server.MatchOrder{Game: "drill", Seats: []server.Reservation{{Subject: "a"}}})
		if want == "" || err != nil || !strings.HasPrefix(p.Seats[0].URL, want) {
			t.Errorf("%q: %+v, %v", given, p, err)
		}
		if err := s.Shutdown(t.Context()); err != nil {
			t.Error(err)
		}
	}
}
