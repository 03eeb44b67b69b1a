package matchmaking_test

import (
	"fmt"
	"testing"
	"time"

	"arbiter/matchmaking"
)

// TestRoom: no more join an open match than it has room for, and the rest
// wait, be they pinned or not.
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
