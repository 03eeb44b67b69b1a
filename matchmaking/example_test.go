package matchmaking_test

import (
	"fmt"
	"time"

	"arbiter/matchmaking"
)

// Three players queue for a game of two. The first two differ too much in skill
// until the rule has expanded; a third one matches at once.
func ExampleQueue() {
	q, err := matchmaking.NewQueue(matchmaking.Rules{
		Name:       "duel",
		Game:       "arena",
		Attributes: []matchmaking.Attribute{{Name: "skill", Kind: matchmaking.NumberKind}},
		Teams:      []matchmaking.Team{{Name: "player", Count: 2, Min: matchmaking.Fixed(1), Max: matchmaking.Fixed(1)}},
		Rules: []matchmaking.Rule{{
			Name: "close skill", Kind: matchmaking.Distance, Attribute: "skill",
			Max: matchmaking.Bound{From: 50, Steps: []matchmaking.Step{{After: 10 * time.Second, To: 300}}},
		}},
	}, matchmaking.QueueConfig{})
	if err != nil {
		fmt.Println(err)
		return
	}
	add := func(now time.Duration, player string, skill float64) {
		err := q.Add(now, matchmaking.Ticket{
			ID: matchmaking.TicketID("ticket-" + player), Created: now,
			Members: []matchmaking.Member{{Player: player, Attributes: matchmaking.Attributes{"skill": matchmaking.Number(skill)}}},
		})
		if err != nil {
			fmt.Println(err)
		}
	}
	add(0, "ann", 1500)
	add(0, "bob", 1700)

	for now := time.Second; now <= 3*time.Second; now += time.Second {
		if now == 2*time.Second {
			x, _ := q.Explain(now, "ticket-ann")
			fmt.Printf("ann waits: %s %v, expands in %v\n", x.Reason, x.Blocking, x.Next.In)
			add(now, "cat", 1480)
		}
		q.Advance(now, nil)
		for _, e := range q.Events() {
			fmt.Println(e.At, e.Ticket, e.State)
			if e.State == matchmaking.Matched {
				for _, team := range e.Roster.Teams {
					fmt.Println("   ", team.Name, team.Seats[0].Player)
				}
			}
		}
	}
	// Output:
	// 0s ticket-ann queued
	// 0s ticket-bob queued
	// ann waits: rule [close skill], expands in 8s
	// 2s ticket-cat queued
	// 2s ticket-ann matched
	//     player 1 ann
	//     player 2 cat
	// 2s ticket-cat matched
	//     player 1 ann
	//     player 2 cat
}
