package server_test

import (
	"context"
	"fmt"

	"arbiter/game"
	"arbiter/game/tag"
	"arbiter/server"
)

// A server that hosts one game begins a match for two players. Each gets the
// address of a seat and a token that takes it.
func Example() {
	s, err := server.New(server.Config{
		Addr:      "127.0.0.1:0", // any free port
		AdminAddr: server.NoAdmin,
		Games:     []game.Definition{tag.Game},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()

	match, err := s.Begin(server.MatchOrder{
		Game:  tag.Game.Name(),
		Seats: []server.Reservation{{Subject: "ann"}, {Subject: "bob"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, seat := range match.Seats {
		fmt.Println(seat.Player, "has a token:", seat.Token != "")
	}
	info, _ := s.Match(match.Match)
	fmt.Println(info.Reserved, "seats are reserved")

	stop() // drains and shuts down
	fmt.Println("ended with", <-ended)
	// Output:
	// ann has a token: true
	// bob has a token: true
	// 2 seats are reserved
	// ended with <nil>
}
