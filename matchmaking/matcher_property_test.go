package matchmaking_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/matchmakingtest"
)

// judge converts a roster for matchmakingtest.Check.
func judge(tb testing.TB, r matchmaking.Rules, now time.Duration, roster matchmaking.Roster, tickets map[matchmaking.TicketID]matchmaking.Ticket) matchmakingtest.Match {
	tb.Helper()
	m := matchmakingtest.Match{Rules: r, Now: now, Region: roster.Region, Teams: map[string][]matchmaking.Ticket{}}
	for _, team := range roster.Teams {
		last := matchmaking.TicketID("")
		for _, seat := range team.Seats {
			if seat.Ticket != last {
				last = seat.Ticket
				m.Teams[team.Name] = append(m.Teams[team.Name], tickets[last])
			}
			if seat.Role != "" {
				if m.Roles == nil {
					m.Roles = map[string]string{}
				}
				m.Roles[seat.Player] = seat.Role
			}
		}
	}
	return m
}

// TestLegalAndComplete: with random rules and tickets, every roster of a pass
// satisfies the effective rules, no ticket is in two, whole tickets are seated,
// and afterwards no legal match exists among those who still wait.
func TestLegalAndComplete(t *testing.T) {
	t.Parallel()
	made, left, roled, regioned := 0, 0, 0, 0
	for seed := range uint64(6000) {
		c := rand.New(rand.NewPCG(seed, 1))
		r := matchmakingtest.RandomRules(c)
		m, err := matchmaking.NewMatcher(r, matchmaking.MatcherConfig{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		const now = time.Hour
		tickets := map[matchmaking.TicketID]matchmaking.Ticket{}
		var waiting []*matchmaking.Entry
		for i := range 2 + c.IntN(6) {
			ticket := matchmakingtest.RandomTicket(c, fmt.Sprint("t", i), now, 3)
			if e, err := m.Admit(ticket); err == nil {
				waiting = append(waiting, e)
				tickets[ticket.ID] = ticket
			}
		}
		rest := map[matchmaking.TicketID]matchmaking.Ticket{}
		for id, ticket := range tickets {
			rest[id] = ticket
		}
		for _, roster := range m.Pass(now, waiting, nil) {
			made++
			match := judge(t, r, now, roster, tickets)
			if err := matchmakingtest.Check(match); err != nil {
				t.Fatalf("seed %d: illegal roster %+v\n%v", seed, roster, err)
			}
			if match.Roles != nil {
				roled++
			}
			if match.Region != "" {
				regioned++
			}
			seats := 0
			for _, team := range roster.Teams {
				seats += len(team.Seats)
			}
			for _, id := range roster.Tickets {
				if _, ok := rest[id]; !ok {
					t.Fatalf("seed %d: ticket %q is in two rosters", seed, id)
				}
				seats -= len(tickets[id].Members)
				delete(rest, id)
			}
			if seats != 0 {
				t.Fatalf("seed %d: %d seats too many for %v", seed, seats, roster.Tickets)
			}
		}
		left += len(rest)
		var waits []matchmaking.Ticket
		for _, ticket := range rest {
			waits = append(waits, ticket)
		}
		if match, ok := matchmakingtest.Exists(r, now, waits); ok {
			t.Fatalf("seed %d: stranded although a match exists: %+v\nrules %+v", seed, match.Teams, r)
		}
	}
	t.Logf("%d rosters (%d with roles, %d with a region), %d tickets left", made, roled, regioned, left)
	if made < 1000 || left < 1000 || roled < 100 || regioned < 100 {
		t.Errorf("%d rosters, %d with roles, %d with regions, %d tickets left: the test tests too little", made, roled, regioned, left)
	}
}
