package matchmaking_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/matchmakingtest"
)

// TestJoining: with random rules, tickets and open matches (some beyond the
// rules already), tickets that join keep it legal, and afterwards no waiting ticket
// could join by itself.
func TestJoining(t *testing.T) {
	t.Parallel()
	joined, left := 0, 0
	for seed := range uint64(4000) {
		c := rand.New(rand.NewPCG(seed, 2))
		r := matchmakingtest.RandomRules(c)
		r.Backfill = true
		m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
		if err != nil {
			t.Fatal(err)
		}
		const now = time.Hour
		tickets := map[matchmaking.TicketID]matchmaking.Ticket{}
		admit := func(id string) *matchmaking.Entry {
			ticket := matchmakingtest.RandomTicket(c, id, now, 2)
			e, err := m.Admit(ticket)
			if err == nil {
				tickets[ticket.ID] = ticket
			}
			return e
		}
		open := matchmaking.OpenMatch{ID: "m", Region: []string{"eu", "us"}[c.IntN(2)]}
		state := matchmakingtest.Match{Rules: r, Now: now, Region: open.Region, Teams: map[string][]matchmaking.Ticket{}}
		if e := admit("inside"); e != nil {
			team := matchmakingtest.TeamNames(r)[0]
			if len(e.Players()) <= int(r.Teams[0].Max.From) && fillsRoles(r, state, team, tickets["inside"]) {
				open.Seated = append(open.Seated, matchmaking.Seated{Entry: e, Team: team})
				state.Teams[team] = []matchmaking.Ticket{tickets["inside"]}
			}
		}
		var waiting []*matchmaking.Entry
		rest := map[matchmaking.TicketID]matchmaking.Ticket{}
		for i := range 1 + c.IntN(5) {
			if e := admit(fmt.Sprint("t", i)); e != nil {
				waiting = append(waiting, e)
				rest[e.ID()] = tickets[e.ID()]
			}
		}
		for _, roster := range m.Pass(now, waiting, []matchmaking.OpenMatch{open}) {
			for _, id := range roster.Tickets {
				delete(rest, id)
			}
			if roster.Match == "" {
				continue
			}
			joined++
			match := judge(t, r, now, roster, tickets)
			match.Region, match.Roles = open.Region, nil
			match.Joining = map[matchmaking.TicketID]bool{}
			for _, id := range roster.Tickets {
				match.Joining[id] = true
			}
			for name, inside := range state.Teams {
				match.Teams[name] = append(append([]matchmaking.Ticket(nil), inside...), match.Teams[name]...)
			}
			state.Teams = match.Teams
			if err := matchmakingtest.Check(match); err != nil {
				t.Fatalf("seed %d: illegal roster %+v\n%v", seed, roster, err)
			}
		}
		left += len(rest)
		var waits []matchmaking.Ticket
		for _, ticket := range rest {
			waits = append(waits, ticket)
		}
		if id, ok := matchmakingtest.CanJoin(r, now, state, waits); ok {
			t.Fatalf("seed %d: ticket %q could join %+v\nrules %+v", seed, id, state.Teams, r.Rules)
		}
	}
	t.Logf("%d joined, %d tickets left", joined, left)
	if joined < 500 || left < 500 {
		t.Errorf("%d joined, %d left: the test tests too little", joined, left)
	}
}

// fillsRoles reports whether an empty team has roles for a ticket.
func fillsRoles(r matchmaking.Rules, m matchmakingtest.Match, team string, ticket matchmaking.Ticket) bool {
	m.Teams = map[string][]matchmaking.Ticket{team: {ticket}}
	m.Joining = map[matchmaking.TicketID]bool{ticket.ID: true}
	roles := r
	roles.Rules = nil
	for _, q := range r.Rules {
		if q.Kind == matchmaking.Roles {
			roles.Rules = append(roles.Rules, q)
		}
	}
	m.Rules = roles
	return matchmakingtest.Check(m) == nil
}

// TestRoom: no more players join an open match than it has room for; the others
// wait, pinned or not.
func TestRoom(t *testing.T) {
	for _, pinned := range []bool{false, true} {
		r := matchmaking.Rules{Name: "q", Game: "g", Backfill: true,
			Teams: []matchmaking.Team{{Name: "side", Count: 2, Min: matchmaking.Fixed(4), Max: matchmaking.Fixed(8)}}}
		q, err := matchmaking.NewQueue(r, matchmaking.QueueConfig{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5 {
			ticket := matchmaking.Ticket{ID: matchmaking.TicketID(fmt.Sprint("t", i)), Members: []matchmaking.Member{{Player: fmt.Sprint("p", i)}}}
			if pinned {
				ticket.Match = "m"
			}
			if err := q.Add(time.Second, ticket); err != nil {
				t.Fatal(err)
			}
		}
		q.Advance(2*time.Second, []matchmaking.OpenMatch{{ID: "m", Room: 3}})
		joined := 0
		for _, e := range q.Events() {
			if e.State == matchmaking.Matched {
				joined++
			}
		}
		if joined != 3 || q.Stats().Tickets != 2 {
			t.Errorf("pinned %v: %d joined, %d wait, want 3 and 2", pinned, joined, q.Stats().Tickets)
		}
	}
}

func TestClaim(t *testing.T) {
	for _, c := range []struct {
		rules    matchmaking.Rules
		hold     time.Duration
		dissolve bool
	}{
		{matchmaking.Rules{}, 30 * time.Second, true},
		{matchmaking.Rules{Backfill: true, Hold: time.Minute}, time.Minute, false},
		{matchmaking.Rules{Backfill: true, Unclaimed: matchmaking.UnclaimedDissolve}, 30 * time.Second, true},
		{matchmaking.Rules{Unclaimed: matchmaking.UnclaimedGiveBack}, 30 * time.Second, false},
	} {
		if hold, dissolve := c.rules.Claim(); hold != c.hold || dissolve != c.dissolve {
			t.Errorf("%+v: %v, %v", c.rules, hold, dissolve)
		}
	}
}
