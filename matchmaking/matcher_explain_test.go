package matchmaking_test

import (
	"slices"
	"testing"
	"time"

	"arbiter/matchmaking"
)

// TestExplain: each reason, and the numbers that go with it.
func TestExplain(t *testing.T) {
	m := matcher(t, pair)
	line := waiting(t, m, 100, 180, 400)
	x := m.Explain(4*time.Second, line[0], line)
	if x.Reason != matchmaking.WaitsForRule || !slices.Equal(x.Blocking, []string{"close"}) {
		t.Errorf("waits for %s %v, want the rule close", x.Reason, x.Blocking)
	}
	if x.Position != 1 || x.Waiting != 3 || x.Needed != 2 || x.Candidates != 0 || x.Age != 4*time.Second || x.LastExpansion != 10*time.Second {
		t.Errorf("got %+v", x)
	}
	if r := x.Rules[0]; r.Bound != 50 || r.Passing != 0 || r.Alone != 2 {
		t.Errorf("the rule stands at %+v", r)
	}
	if x.Next == nil || x.Next.Rule != "close" || x.Next.In != 6*time.Second || x.Next.To != 100 {
		t.Errorf("next is %+v", x.Next)
	}
	later := m.Explain(12*time.Second, line[0], line)
	if later.Reason != matchmaking.WaitsForPass || later.Candidates != 1 || later.Next != nil {
		t.Errorf("past the expansion: %+v", later)
	}
	alone := m.Explain(12*time.Second, line[0], line[:1])
	if alone.Reason != matchmaking.WaitsForPlayers {
		t.Errorf("alone: %+v", alone)
	}
	if got := m.Pass(12*time.Second, line, nil); len(got) != 1 {
		t.Errorf("Explain changed what a pass finds: %+v", got)
	}
}

// TestExplainRulesTogether: two rules that each keep the other candidate away.
func TestExplainRulesTogether(t *testing.T) {
	m := matcher(t, pair+"") // only the distance
	line := waiting(t, m, 100, 400)
	if x := m.Explain(time.Minute, line[0], line); x.Reason != matchmaking.WaitsForRule {
		t.Errorf("one rule: %+v", x)
	}
	both := matcher(t, `name: both
game: tag
attributes:
  skill: {type: number}
  level: {type: number}
teams:
  - {name: side, count: 2, players: 1}
rules:
  - {name: skill, kind: distance, attribute: skill, max: 50}
  - {name: level, kind: distance, attribute: level, max: 5}
`)
	var pair []*matchmaking.Entry
	for _, id := range []string{"a", "b"} {
		far := float64(len(pair)) * 1000
		e, err := both.Admit(matchmaking.Ticket{ID: matchmaking.TicketID(id), Members: []matchmaking.Member{{Player: id}}, Attributes: matchmaking.Attributes{"skill": matchmaking.Number(far), "level": matchmaking.Number(far)}})
		if err != nil {
			t.Fatal(err)
		}
		pair = append(pair, e)
	}
	x := both.Explain(time.Minute, pair[0], pair)
	if x.Reason != matchmaking.WaitsForRules || x.Rules[0].Alone != 0 || x.Next != nil {
		t.Errorf("two rules: %+v", x)
	}
}
