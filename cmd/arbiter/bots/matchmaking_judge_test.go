package bots

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
	"arbiter/netcode/client/matchmake"
)

// twos are pairs against pairs, of like skill, a captain in each.
const twos = `
name: twos
game: arena
attributes:
  skill: {type: number, default: 1500}
  role: {type: set, values: [captain, mate], default: [captain, mate]}
  latency: {type: latency, values: [eu, us], default: {eu: 10, us: 10}}
teams:
  - {name: side, count: 2, min: {from: 2, steps: [{after: 30s, to: 1}]}, max: 2}
rules:
  - {name: close, kind: distance, attribute: skill, max: {from: 100, steps: [{after: 10s, to: 500}]}}
  - {name: roles, kind: roles, attribute: role, seats: {captain: 1, mate: 1}}
  - {name: near, kind: latency, attribute: latency, max: 50}
`

// four are four bots in one match that is as it should be.
func four(t *testing.T, match string) []seated {
	t.Helper()
	m := &matchmake.Match{ID: match, Region: "eu", Teams: []matchmake.Team{
		{Name: "side 1", Players: []matchmake.TeamPlayer{{Player: match + "1", Role: "captain"}, {Player: match + "2", Role: "mate"}}},
		{Name: "side 2", Players: []matchmake.TeamPlayer{{Player: match + "3", Role: "captain"}, {Player: match + "4", Role: "mate"}}},
	}}
	var all []seated
	for i, p := range []matchmake.TeamPlayer{m.Teams[0].Players[0], m.Teams[0].Players[1], m.Teams[1].Players[0], m.Teams[1].Players[1]} {
		all = append(all, seated{
			seat:   matchmake.Seat{Match: match, Player: p.Player, Team: m.Teams[i/2].Name, Role: p.Role},
			ticket: matchmake.Ticket{ID: fmt.Sprint(match, "t", i), State: matchmake.Matched, Match: m},
			party:  -1,
			attributes: matchmaking.Attributes{
				"skill": matchmaking.Number(1500 + 20*float64(i)), "latency": matchmaking.Latency(map[string]float64{"eu": 20, "us": 200}),
			},
			age: 5 * time.Second,
		})
	}
	return all
}

func TestJudge(t *testing.T) {
	r, err := rules.Parse([]byte(twos))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		change     func(all []seated) []seated
	}{
		{"as it should be", "", nil},
		{"two matches", "", func(all []seated) []seated { return append(all, four(t, "n")...) }},
		{"a player twice", "player m1 is in matches m and n", func(all []seated) []seated {
			other := four(t, "n")
			other[0].seat.Player = "m1"
			return append(all, other...)
		}},
		{"a seat in another team", `has a seat in team "side 2"`, func(all []seated) []seated { all[0].seat.Team = "side 2"; return all }},
		{"another role", `as "mate", and the match says "side 1" as "captain"`, func(all []seated) []seated { all[0].seat.Role = "mate"; return all }},
		{"another match", "names it 1 times", func(all []seated) []seated { all[0].seat.Match = "n"; return all }},
		{"not in the roster", "names it 0 times", func(all []seated) []seated { all[0].seat.Player = "x"; return all }},
		{"a party split", "a party was split", func(all []seated) []seated { all[0].party, all[2].party = 0, 0; return all }},
		{"a party together", "", func(all []seated) []seated {
			all[0].party, all[1].party, all[1].ticket.ID = 0, 0, all[0].ticket.ID
			return all
		}},
		{"too far in skill", `rule "close" at age 5s`, func(all []seated) []seated { all[3].attributes["skill"] = matchmaking.Number(1700); return all }},
		{"far, but old enough", "", func(all []seated) []seated {
			all[3].attributes["skill"], all[0].age = matchmaking.Number(1700), 11*time.Second
			return all
		}},
		{"too far away", `rule "near"`, func(all []seated) []seated {
			all[3].attributes["latency"] = matchmaking.Latency(map[string]float64{"eu": 90, "us": 10})
			return all
		}},
		{"a role that is not the player's", `rule "roles"`, func(all []seated) []seated { all[0].attributes["role"] = matchmaking.Set("mate"); return all }},
		{"a team too small", "has 1 players, at least 2", func(all []seated) []seated {
			m := all[0].ticket.Match
			m.Teams[1].Players = m.Teams[1].Players[:1]
			return all[:3]
		}},
	} {
		all := four(t, "m")
		if c.change != nil {
			all = c.change(all)
		}
		j := &judge{rules: r, seated: all}
		j.run()
		if got := strings.Join(j.wrong, "\n"); (c.want == "") != (j.violations == 0) || !strings.Contains(got, c.want) {
			t.Errorf("%s: %d violations, want %q in:\n%s", c.name, j.violations, c.want, got)
		}
	}
}

// Those who join a match are judged with those who are there, as they come.
func TestJudgeJoining(t *testing.T) {
	r, err := rules.Parse([]byte(twos))
	if err != nil {
		t.Fatal(err)
	}
	for skill, violations := range map[float64]int{1500: 0, 1650: 1} {
		all := four(t, "m")
		first, late := *all[0].ticket.Match, *all[0].ticket.Match
		first.Teams = []matchmake.Team{first.Teams[0], {Name: "side 2", Players: first.Teams[1].Players[:1]}}
		late.Teams = []matchmake.Team{{Name: "side 2", Players: late.Teams[1].Players[1:]}}
		begun := time.Now()
		for i := range all {
			all[i].ticket.Match, all[i].age, all[i].at = &first, 31*time.Second, begun
		}
		all[3].ticket.Match, all[3].age, all[3].at = &late, time.Second, begun.Add(time.Minute)
		all[3].attributes["skill"] = matchmaking.Number(skill)
		j := &judge{rules: r, seated: all}
		j.run()
		if j.violations != violations || j.judged != 1 {
			t.Errorf("one of skill %v joins: %d violations, %d judged: %v", skill, j.violations, j.judged, j.wrong)
		}
	}
}

// Of matches with players who are not bots, only the bots' own seats are judged.
func TestJudgeMatchesWithOtherPlayers(t *testing.T) {
	all := four(t, "m")[:3]
	j := &judge{seated: all}
	j.run()
	if j.judged != 0 || j.open != 1 || j.violations != 0 {
		t.Errorf("judged %d, open %d: %v", j.judged, j.open, j.wrong)
	}
}

func TestSimulatedPlayers(t *testing.T) {
	for _, name := range rules.Names() {
		r, err := rules.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		groups, err := simulatedPlayers(r, 100, 1)
		if err != nil {
			t.Fatal(err)
		}
		next, parties := 0, 0
		q, err := matchmaking.NewQueue(r, matchmaking.QueueConfig{})
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			if g.first != next {
				t.Errorf("%s: a group begins with bot %d, want %d", name, g.first, next)
			}
			queue := matchmaking.Ticket{ID: matchmaking.TicketID(fmt.Sprint(next))}
			for i, own := range g.members {
				queue.Members = append(queue.Members, matchmaking.Member{Player: fmt.Sprint(next + i), Attributes: own})
			}
			if err := q.Add(0, queue); err != nil {
				t.Errorf("%s: the queue refuses: %v", name, err)
			}
			next += len(g.members)
			parties += min(1, len(g.members)-1)
		}
		if next != 100 || (parties > 0) != (name != "ladder") {
			t.Errorf("%s: %d bots, %d parties", name, next, parties)
		}
		plain := matchmaking.Ticket{ID: "easy", Members: []matchmaking.Member{{Player: "easy", Attributes: easyToMatch(r)}}}
		if err := q.Add(0, plain); err != nil {
			t.Errorf("%s: the queue refuses a player who is easy to match: %v", name, err)
		}
	}
}

func TestMatchOf(t *testing.T) {
	for token, want := range map[string]string{
		"":      "",
		"a.b.c": "",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIiwibWF0Y2giOiJtMSJ9.x": "m1",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.x":                  "",
	} {
		if got := MatchOf(token); got != want {
			t.Errorf("%q: %q", token, got)
		}
	}
}
