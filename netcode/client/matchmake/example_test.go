package matchmake_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"arbiter/netcode/client/matchmake"
)

// answers stands for a server: for each request, by method and path, what it
// answers. A match is found at once.
type answers map[string]string

func (a answers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	text, ok := a[r.Method+" "+r.URL.Path]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
	}
	_, _ = io.WriteString(w, text) // an answer that is lost shows in the output
}

const ticket = `{"id": "t1", "queue": "ladder", "version": 2, "state": "matched", "match": {"id": "m1", "seats":
	[{"match": "m1", "player": "ann", "team": "red", "url": "ws://10.0.0.7:8080/play", "token": "join.me.once"}]}}`

// A player gets a seat, and says why while waiting for one.
func ExampleFind() {
	server := httptest.NewServer(answers{"POST /v1/tickets": ticket})
	defer server.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel() // the end of ctx takes the ticket out of the queue
	seat, err := matchmake.Find(ctx, matchmake.Config{
		URL: server.URL, Token: "a token", Queue: "ladder",
		Attributes:   map[string]any{"skill": 1540},
		ExplainEvery: 5 * time.Second,
		OnStatus: func(s matchmake.Status) {
			if s.Explanation != nil {
				fmt.Println("waiting for", s.Explanation.Reason)
				return
			}
			fmt.Println(s.Phase)
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("connect to", seat.URL, "in team", seat.Team)
	// Output:
	// queueing
	// found
	// connect to ws://10.0.0.7:8080/play in team red
}

// The leader of a party removes one of the players who joined, and queues the
// others.
func ExampleParty() {
	const members = `{"player": "ann", "ready": true}, {"player": "bob", "ready": true}`
	server := httptest.NewServer(answers{
		"POST /v1/parties":          `{"id": "p1", "code": "QX7K", "state": "open", "leader": "ann", "members": [{"player": "ann"}]}`,
		"GET /v1/parties/p1":        `{"id": "p1", "code": "QX7K", "state": "open", "leader": "ann", "members": [` + members + `, {"player": "mallory"}]}`,
		"POST /v1/parties/p1/ready": `{"id": "p1", "code": "QX7K", "state": "open", "leader": "ann", "members": [{"player": "ann", "ready": true}]}`,
		"POST /v1/parties/p1/kick":  `{"id": "p1", "code": "QX7K", "state": "open", "leader": "ann", "members": [` + members + `]}`,
		"POST /v1/parties/p1/start": strings.Replace(ticket, "matched", "queued", 1),
	})
	defer server.Close()
	ctx := context.Background()
	party, err := matchmake.MakeParty(ctx, matchmake.Config{URL: server.URL, Token: "ann's token", Queue: "ladder"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("join with code", party.State().Code)
	if err := party.Ready(ctx, true); err != nil {
		fmt.Println(err)
		return
	}
	for len(party.State().Members) < 3 { // until the others have joined
		if err := party.Wait(ctx); err != nil {
			fmt.Println(err)
			return
		}
	}
	if err := party.Kick(ctx, "mallory"); err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range party.State().Members {
		fmt.Println(m.Player, "ready:", m.Ready)
	}
	fmt.Println("started:", party.Start(ctx) == nil) // then each of them calls party.Find
	// Output:
	// join with code QX7K
	// ann ready: true
	// bob ready: true
	// started: true
}
