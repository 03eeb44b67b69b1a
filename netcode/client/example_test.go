package client_test

import (
	"context"
	"fmt"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode/client"
)

// A pilot that thrusts and turns for ten seconds and reports its hits.
func Example() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	c, err := client.Dial(ctx, arena.Game, client.Config{URL: "ws://127.0.0.1:8080", Token: "a token"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	client.OnEvent(c, func(s *arena.State) *game.Events[arena.Hit] { return &s.Hits }, func(tick game.Tick, h *arena.Hit) {
		if h.By == c.Player() {
			fmt.Println("hit", h.Who, "in tick", tick)
		}
	})
	c.Set(arena.Input{Thrust: 1, Turn: 1, Fire: true})
	for c.Wait(ctx) == nil { // once a tick
		c.Do(func() {
			for id, ship := range c.Interpolated().Ships.All() {
				_, _ = id, ship // draw it
			}
		})
	}
	fmt.Println(c.Stats().RoundTripP50)
}
