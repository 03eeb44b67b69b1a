package matchmakingtest

import (
	"fmt"
	"math/rand/v2"
	"time"

	"arbiter/matchmaking"
)

// RandomRules makes small valid rules with some of every kind of constraint.
func RandomRules(c *rand.Rand) matchmaking.Rules {
	r := matchmaking.Rules{Name: "random", Game: "arena", Backfill: c.IntN(3) == 0, HeadStart: time.Duration(c.IntN(2)) * 10 * time.Second}
	r.Attributes = []matchmaking.Attribute{
		{Name: "skill", Kind: matchmaking.NumberKind},
		{Name: "level", Kind: matchmaking.NumberKind, Default: matchmaking.Number(10)},
		{Name: "mode", Kind: matchmaking.StringKind, Values: []string{"a", "b"}, Default: matchmaking.Text("a")},
		{Name: "maps", Kind: matchmaking.SetKind, Values: []string{"x", "y", "z"}},
		{Name: "role", Kind: matchmaking.SetKind, Values: []string{"tank", "healer", "damage"}},
		{Name: "latency", Kind: matchmaking.LatencyKind, Values: []string{"eu", "us"}},
	}
	r.Teams = randomTeams(c)
	teams := 0
	most := 0
	for _, t := range r.Teams {
		teams += max(1, t.Count)
		most = max(most, int(t.Max.Last()))
	}
	for _, q := range randomConstraints(c, teams, most) {
		if c.IntN(2) == 0 {
			continue
		}
		q.Name = fmt.Sprintf("%v %d", q.Kind, len(r.Rules))
		if c.IntN(4) == 0 {
			q.Drop = time.Duration(31+c.IntN(30)) * time.Second
		}
		q.Priority = float64(c.IntN(3))
		r.Rules = append(r.Rules, q)
	}
	return r
}

func randomTeams(c *rand.Rand) []matchmaking.Team {
	size := 1 + c.IntN(3)
	shrinking := func(from int) matchmaking.Bound {
		if from < 2 || c.IntN(2) == 0 {
			return matchmaking.Fixed(float64(from))
		}
		return matchmaking.Bound{From: float64(from), Steps: []matchmaking.Step{{After: 20 * time.Second, To: float64(from - 1)}}}
	}
	switch c.IntN(3) {
	case 0:
		return []matchmaking.Team{{Name: "team", Count: 2, Min: shrinking(size), Max: matchmaking.Fixed(float64(size))}}
	case 1:
		return []matchmaking.Team{{Name: "all", Min: shrinking(size + 1), Max: matchmaking.Fixed(float64(size + 2))}}
	}
	return []matchmaking.Team{
		{Name: "hunters", Min: shrinking(size), Max: matchmaking.Fixed(float64(size + c.IntN(2)))},
		{Name: "prey", Min: matchmaking.Fixed(1), Max: matchmaking.Bound{From: 1, Steps: []matchmaking.Step{{After: 10 * time.Second, To: 2}}}},
	}
}

// sizeAtMost is a formula for tests: the players of a match.
type sizeAtMost struct{}

func (sizeAtMost) Value(v *matchmaking.View) (float64, error) {
	gap, _ := v.Gap("level")
	return float64(v.Players) + gap/10, nil
}

func randomConstraints(c *rand.Rand, teams, most int) []matchmaking.Rule {
	grow := func(from float64) matchmaking.Bound {
		switch c.IntN(3) {
		case 0:
			return matchmaking.Fixed(from)
		case 1:
			return matchmaking.Bound{From: from, Steps: []matchmaking.Step{{After: 10 * time.Second, To: from * 2}, {After: 30 * time.Second, To: from * 3}}}
		}
		return matchmaking.Bound{From: from, To: from * 3, After: 5 * time.Second, Over: 25 * time.Second}
	}
	out := []matchmaking.Rule{
		{Kind: matchmaking.Distance, Attribute: "skill", Max: grow(100 + 300*c.Float64()), Party: matchmaking.PartyValue(c.IntN(3))},
		{Kind: matchmaking.Distance, Attribute: "level", Max: grow(20 + 20*c.Float64())},
		{Kind: matchmaking.Equal, Attribute: "mode"},
		{Kind: matchmaking.AnyOf, Attribute: "mode", Values: []string{"a"}},
		{Kind: matchmaking.Overlap, Attribute: "maps", Min: matchmaking.Fixed(1)},
		{Kind: matchmaking.MaxLatency, Attribute: "latency", Max: grow(40 + 40*c.Float64())},
		{Kind: matchmaking.Roles, Attribute: "role", Seats: []matchmaking.Seats{{Role: "tank", Count: 1}, {Role: "healer", Count: 1}, {Role: "damage", Count: most}}},
	}
	if teams > 1 {
		out = append(out,
			matchmaking.Rule{Kind: matchmaking.Balance, Attribute: "skill", Max: grow(60 + 100*c.Float64())},
			matchmaking.Rule{Kind: matchmaking.Parties, Max: matchmaking.Fixed(float64(c.IntN(3)))})
	}
	size := matchmaking.Rule{Kind: matchmaking.Numeric, Formula: sizeAtMost{}, Max: grow(float64(3 + c.IntN(6)))}
	size.Bounded.Max = true
	return append(out, size)
}

// RandomTicket makes a ticket that arrived within the last minute. The matcher
// may refuse it.
func RandomTicket(c *rand.Rand, id string, now time.Duration, party int) matchmaking.Ticket {
	t := matchmaking.Ticket{ID: matchmaking.TicketID(id), Created: now - time.Duration(c.IntN(60))*time.Second, Attributes: matchmaking.Attributes{}}
	t.Attributes["mode"] = matchmaking.Text([]string{"a", "b"}[c.IntN(2)])
	subset := func(of ...string) matchmaking.Value {
		var some []string
		for _, s := range of {
			if c.IntN(2) == 0 {
				some = append(some, s)
			}
		}
		if len(some) == 0 {
			some = of[:1]
		}
		return matchmaking.Set(some...)
	}
	t.Attributes["maps"] = subset("x", "y", "z")
	for i := range 1 + c.IntN(party) {
		ms := map[string]float64{"eu": 10 + 100*c.Float64()}
		if c.IntN(2) == 0 {
			ms["us"] = 10 + 100*c.Float64()
		}
		t.Members = append(t.Members, matchmaking.Member{Player: fmt.Sprintf("%s.%d", id, i), Attributes: matchmaking.Attributes{
			"skill": matchmaking.Number(1000 + float64(c.IntN(500))), "level": matchmaking.Number(float64(c.IntN(50))),
			"role": subset("tank", "healer", "damage"), "latency": matchmaking.Latency(ms),
		}})
	}
	return t
}
