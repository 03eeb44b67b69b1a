package matchmakingtest

import (
	"strings"
	"testing"
	"time"

	"arbiter/matchmaking"
)

// TestCheck: the checker lets a plain match pass, and names the rule that each
// change to it breaks.
func TestCheck(t *testing.T) {
	if err := Check(plain()); err != nil {
		t.Fatalf("a legal match: %v", err)
	}
	for want, change := range map[string]func(m *Match){
		`rule "skill"`:   func(m *Match) { set(m, "b", "skill", matchmaking.Number(201)) },
		`rule "even"`:    func(m *Match) { set(m, "b", "skill", matchmaking.Number(151)) },
		`rule "mode"`:    func(m *Match) { set(m, "a", "mode", matchmaking.Text("z")) },
		`rule "allowed"`: func(m *Match) { set(m, "a", "mode", matchmaking.Text("z")); set(m, "b", "mode", matchmaking.Text("z")) },
		`rule "maps"`:    func(m *Match) { set(m, "a", "maps", matchmaking.Set("y")) },
		`rule "near"`:    func(m *Match) { set(m, "b", "ping", matchmaking.Latency(map[string]float64{"eu": 81, "us": 1})) },
		`rule "roles"`:   func(m *Match) { m.Roles["a"] = "healer" },
		`rule "players"`: func(m *Match) { m.Now = 11 * time.Second; join(m, "team 1", "c") },
		`rule "parties"`: func(m *Match) { m.Now = 11 * time.Second; party(m, "b", "d") },
		`at most 1`:      func(m *Match) { join(m, "team 1", "c") },
		`at least 1`:     func(m *Match) { m.Teams["team 2"] = nil },
		`nobody plays`:   func(m *Match) { m.Teams = nil },
		`twice`:          func(m *Match) { m.Teams["team 2"] = m.Teams["team 1"] },
	} {
		m := plain()
		change(&m)
		if err := Check(m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestExists(t *testing.T) {
	m := plain()
	a, b := m.Teams["team 1"][0], m.Teams["team 2"][0]
	if found, ok := Exists(m.Rules, 0, []matchmaking.Ticket{a, b}); !ok || Check(found) != nil {
		t.Error("the match was not found")
	}
	if _, ok := Exists(m.Rules, 0, []matchmaking.Ticket{a}); ok {
		t.Error("a match of one was found")
	}
	m.Teams["team 2"] = nil
	if id, ok := CanJoin(m.Rules, 0, m, []matchmaking.Ticket{b}); !ok || id != "b" {
		t.Errorf("%q can join", id)
	}
	b.Members[0].Attributes["skill"] = matchmaking.Number(999)
	if id, ok := CanJoin(m.Rules, 0, m, []matchmaking.Ticket{b}); ok {
		t.Errorf("%q can join", id)
	}
}

// plain is a match of one against one, by rules of every kind.
func plain() Match {
	r := matchmaking.Rules{
		Attributes: []matchmaking.Attribute{
			{Name: "skill", Kind: matchmaking.NumberKind}, {Name: "mode", Kind: matchmaking.StringKind},
			{Name: "maps", Kind: matchmaking.SetKind, Values: []string{"x", "y"}}, {Name: "role", Kind: matchmaking.SetKind, Values: []string{"tank", "healer"}},
			{Name: "ping", Kind: matchmaking.LatencyKind, Values: []string{"eu", "us"}},
		},
		Teams: []matchmaking.Team{{Name: "team", Count: 2, Min: matchmaking.Fixed(1), Max: matchmaking.Bound{From: 1, Steps: []matchmaking.Step{{After: 10 * time.Second, To: 2}}}}},
		Rules: []matchmaking.Rule{
			{Name: "skill", Kind: matchmaking.Distance, Attribute: "skill", Max: matchmaking.Fixed(100)},
			{Name: "even", Kind: matchmaking.Balance, Attribute: "skill", Max: matchmaking.Fixed(50)},
			{Name: "mode", Kind: matchmaking.Equal, Attribute: "mode"},
			{Name: "allowed", Kind: matchmaking.AnyOf, Attribute: "mode", Values: []string{"m"}},
			{Name: "maps", Kind: matchmaking.Overlap, Attribute: "maps", Min: matchmaking.Fixed(1)},
			{Name: "near", Kind: matchmaking.MaxLatency, Attribute: "ping", Max: matchmaking.Fixed(80)},
			{Name: "roles", Kind: matchmaking.Roles, Attribute: "role", Seats: []matchmaking.Seats{{Role: "tank", Count: 2}, {Role: "healer", Count: 2}}},
			{Name: "parties", Kind: matchmaking.Parties},
			{Name: "players", Kind: matchmaking.Numeric, Formula: sizeAtMost{}, Max: matchmaking.Fixed(2)},
		},
	}
	r.Rules[8].Bounded.Max = true
	return Match{
		Rules: r, Region: "eu", Roles: map[string]string{"a": "tank", "b": "tank", "c": "tank", "d": "tank"},
		Teams: map[string][]matchmaking.Ticket{"team 1": {one("a")}, "team 2": {one("b")}},
	}
}

func one(id string) matchmaking.Ticket {
	return matchmaking.Ticket{ID: matchmaking.TicketID(id), Members: []matchmaking.Member{{Player: id, Attributes: matchmaking.Attributes{
		"skill": matchmaking.Number(100), "mode": matchmaking.Text("m"), "maps": matchmaking.Set("x"), "role": matchmaking.Set("tank"),
		"ping": matchmaking.Latency(map[string]float64{"eu": 80}),
	}}}}
}

func set(m *Match, player, name string, v matchmaking.Value) {
	for _, ts := range m.Teams {
		for _, t := range ts {
			for _, member := range t.Members {
				if member.Player == player {
					member.Attributes[name] = v
				}
			}
		}
	}
}

func join(m *Match, team, id string) { m.Teams[team] = append(m.Teams[team], one(id)) }

func party(m *Match, id, with string) {
	ts := m.Teams["team 2"]
	ts[0].Members = append(ts[0].Members, one(with).Members...)
}
