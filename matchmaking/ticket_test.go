package matchmaking_test

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
	"arbiter/matchmaking/simulate"
)

const duel = `name: duel
game: tag
attributes:
  skill: {type: number, min: 0, max: 5000}
  free: {type: number, default: 0}
  mode: {type: string, values: [ranked, casual], default: ranked}
  clan: {type: string, default: ""}
  maps: {type: set, values: [x, y, z], default: [x, y, z]}
  role: {type: set, values: [tank, healer, spare], default: [tank, healer]}
  ping: {type: latency, values: [eu, us], default: {eu: 20, us: 20}}
teams:
  - {name: side, count: 2, min: 1, max: 2}
rules:
  - {name: close, kind: distance, attribute: skill, max: {from: 50, to: 200, after: 10s, over: 10s}}
  - {name: only ranked, kind: any_of, attribute: mode, values: [ranked]}
  - {name: maps, kind: overlap, attribute: maps, min: 1}
  - {name: seats, kind: roles, attribute: role, seats: {tank: 1, healer: 1}}
  - {name: near, kind: latency, attribute: ping, max: 100}
head_start: 10s
`

func matcher(tb testing.TB, text string) *matchmaking.Matcher {
	tb.Helper()
	r, err := rules.Parse([]byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// ticketOf reads a ticket as the API will: {"id": …, "members": […]}.
func ticketOf(tb testing.TB, text string) matchmaking.Ticket {
	tb.Helper()
	var t matchmaking.Ticket
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return t
}

// TestRefusedTickets: every bad ticket has its code, and says where and what
// to do.
func TestRefusedTickets(t *testing.T) {
	m := matcher(t, duel)
	long := strings.Repeat("x", 65)
	one := func(attributes string) string {
		return `{"id": "t", "members": [{"player": "ann", "attributes": {"skill": 1500` + attributes + `}}]}`
	}
	many := `{"p0": 1`
	for i := range 64 {
		many += `, "p` + strings.Repeat("q", i+1) + `": 1`
	}
	many += "}"
	for _, c := range []struct {
		ticket string
		code   matchmaking.Code
		where  string
	}{
		{`{"id": "", "members": [{"player": "ann"}]}`, matchmaking.BadTicketID, "id"},
		{`{"id": "` + long + `", "members": [{"player": "ann"}]}`, matchmaking.BadTicketID, "id"},
		{`{"id": "t"}`, matchmaking.NoMembers, "members"},
		{`{"id": "t", "members": [{"player": ""}]}`, matchmaking.BadPlayer, "members[0].player"},
		{`{"id": "t", "members": [{"player": "` + long + `"}]}`, matchmaking.BadPlayer, "members[0].player"},
		{`{"id": "t", "members": [{"player": "ann"}, {"player": "ann"}]}`, matchmaking.PlayerTwice, "members[1].player"},
		{`{"id": "t", "members": [{"player": "a"}, {"player": "b"}, {"player": "c"}]}`, matchmaking.PartyTooLarge, "members"},
		{`{"id": "t", "members": [{"player": "ann"}]}`, matchmaking.MissingAttribute, "members[0].attributes.skill"},
		{one(`, "beard": 3`), matchmaking.UnknownAttribute, "members[0].attributes.beard"},
		{`{"id": "t", "members": [{"player": "ann"}], "attributes": {"skill": "high"}}`, matchmaking.WrongKind, "attributes.skill"},
		{one(`, "maps": 3`), matchmaking.WrongKind, "members[0].attributes.maps"},
		{one(`, "free": 1e13`), matchmaking.OutOfRange, "members[0].attributes.free"},
		{`{"id": "t", "members": [{"player": "ann"}], "attributes": {"skill": 5001}}`, matchmaking.OutOfRange, "attributes.skill"},
		{one(`, "clan": "` + long + `"`), matchmaking.TextTooLong, "members[0].attributes.clan"},
		{one(`, "mode": "odd"`), matchmaking.UnknownValue, "members[0].attributes.mode"},
		{one(`, "maps": ["x", "w"]`), matchmaking.UnknownValue, "members[0].attributes.maps"},
		{one(`, "maps": ["` + strings.Repeat(`x", "`, 64) + `x"]`), matchmaking.SetTooLarge, "members[0].attributes.maps"},
		{one(`, "ping": {"moon": 3}`), matchmaking.UnknownRegion, "members[0].attributes.ping"},
		{one(`, "ping": {"eu": -3}`), matchmaking.OutOfRange, "members[0].attributes.ping"},
		{one(`, "ping": ` + many), matchmaking.SetTooLarge, "members[0].attributes.ping"},
		{`{"id": "t", "members": [{"player": "a", "attributes": {"clan": "x"}}, {"player": "b", "attributes": {"clan": "y"}}], "attributes": {"skill": 1}}`, matchmaking.PartyDisagrees, "members[1].attributes.clan"},
		{one(`, "ping": {"eu": 101}`), matchmaking.NeverMatches, "near"},
		{one(`, "mode": "casual"`), matchmaking.NeverMatches, "only ranked"},
		{one(`, "maps": []`), matchmaking.NeverMatches, "maps"},
		{one(`, "role": ["spare"]`), matchmaking.NeverMatches, "seats"},
		{`{"id": "t", "members": [{"player": "a"}, {"player": "b"}], "attributes": {"skill": 1, "role": ["tank"]}}`, matchmaking.NeverMatches, "seats"},
		{`{"id": "t", "members": [{"player": "a", "attributes": {"skill": 1}}, {"player": "b", "attributes": {"skill": 202}}]}`, matchmaking.NeverMatches, "close"},
	} {
		check(t, m, ticketOf(t, c.ticket), c.code, c.where)
	}
}

func check(t *testing.T, m *matchmaking.Matcher, ticket matchmaking.Ticket, code matchmaking.Code, where string) {
	t.Helper()
	_, err := m.Admit(ticket)
	var p *matchmaking.Problem
	if !errors.As(err, &p) {
		t.Errorf("%+v: got %v, want %s", ticket, err, code)
		return
	}
	if p.Code != code || p.Where != where || p.Detail == "" || p.Remedy == "" {
		t.Errorf("%.200v:\ngot  %+v\nwant %s at %s", ticket, *p, code, where)
	}
}

// TestNotFinite: what JSON can't carry, Go can.
func TestNotFinite(t *testing.T) {
	m := matcher(t, duel)
	for _, n := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		ticket := ticketOf(t, `{"id": "t", "members": [{"player": "ann"}]}`)
		ticket.Attributes = matchmaking.Attributes{"skill": matchmaking.Number(n)}
		check(t, m, ticket, matchmaking.NotFinite, "attributes.skill")
		ticket.Attributes = matchmaking.Attributes{"skill": matchmaking.Number(1), "ping": matchmaking.Latency(map[string]float64{"eu": n})}
		check(t, m, ticket, matchmaking.NotFinite, "attributes.ping")
	}
	ticket := ticketOf(t, `{"id": "t", "members": [{"player": "ann"}], "attributes": {"skill": 1}}`)
	ticket.Attributes["mode"] = matchmaking.Value{}
	check(t, m, ticket, matchmaking.WrongKind, "attributes.mode")
	delete(ticket.Attributes, "mode")
	for _, d := range []time.Duration{-1, 11 * time.Second} {
		ticket.HeadStart = d
		check(t, m, ticket, matchmaking.HeadStartTooLong, "head_start")
	}
}

// TestValueJSON: values keep their kind through JSON, and others are refused.
func TestValueJSON(t *testing.T) {
	const text = `{"a":1.5,"b":"x","c":["x","y"],"d":{"eu":20}}`
	var attrs matchmaking.Attributes
	if err := json.Unmarshal([]byte(text), &attrs); err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]matchmaking.Kind{"a": matchmaking.NumberKind, "b": matchmaking.StringKind, "c": matchmaking.SetKind, "d": matchmaking.LatencyKind} {
		if got := attrs[name].Kind(); got != kind {
			t.Errorf("%s is a %v, want a %v", name, got, kind)
		}
	}
	if back, err := json.Marshal(attrs); err != nil || string(back) != text {
		t.Errorf("got %s (%v), want %s", back, err, text)
	}
	for _, bad := range []string{`true`, `null`, `[1]`, `{"eu": "near"}`, `1e999`} {
		var v matchmaking.Value
		if err := v.UnmarshalJSON([]byte(bad)); err == nil {
			t.Errorf("%s became %+v", bad, v)
		}
	}
}

// TestAttributesKept: what a matched member carried can be told to the game.
func TestAttributesKept(t *testing.T) {
	m := matcher(t, duel)
	e, err := m.Admit(ticketOf(t, `{"id": "t", "members": [{"player": "a", "attributes": {"ping": {"eu": 30}}}, {"player": "b", "attributes": {"skill": 7, "role": ["tank"]}}], "attributes": {"skill": 5, "maps": ["z", "x"], "ping": {"eu": 40, "us": 50}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal([]matchmaking.Attributes{m.Attributes(e, 0), m.Attributes(e, 1)})
	if err != nil {
		t.Fatal(err)
	}
	const want = `[{"clan":"","free":0,"maps":["x","z"],"mode":"ranked","ping":{"eu":40},"role":["tank","healer"],"skill":5},` +
		`{"clan":"","free":0,"maps":["x","z"],"mode":"ranked","ping":{"eu":40},"role":["tank"],"skill":7}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// BenchmarkAdmit is one ticket checked and made ready.
func BenchmarkAdmit(b *testing.B) {
	r, err := rules.Named("fives")
	if err != nil {
		b.Fatal(err)
	}
	m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
	if err != nil {
		b.Fatal(err)
	}
	p, err := simulate.ParsePoisson("rate=1000")
	if err != nil {
		b.Fatal(err)
	}
	arrivals := p.Arrivals(r)
	tickets := make([]matchmaking.Ticket, 1000)
	for i := range tickets {
		tickets[i], _ = arrivals.Next()
	}
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Admit(tickets[i%len(tickets)]); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
