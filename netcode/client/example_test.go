package client_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode/client"
)

// A pilot who thrusts and turns for one second.
func Example() {
	cfg, stop := client.HostArena() // of these tests; else client.Config{URL: "ws://127.0.0.1:8080", Token: token}
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	cfg.OnStatus = func(s client.Status) { fmt.Println(s.Phase) }
	c, err := client.Dial(ctx, arena.Game, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	client.OnAdded(c, func(s *arena.State) *game.Table[arena.Ship] { return &s.Ships }, func(_ game.ID, ship *arena.Ship) {
		if ship.Player == c.Player() {
			fmt.Println("my ship has appeared")
		}
	})
	c.Set(arena.Input{Thrust: 1, Turn: 1})
	for c.Wait(ctx) == nil { // once a tick
		c.Do(func() {
			for id, ship := range c.Interpolated().Ships.All() {
				_, _ = id, ship // draw it
			}
		})
	}
	fmt.Println("inputs lost:", c.Stats().InputsLost)
	// Output:
	// playing
	// my ship has appeared
	// inputs lost: 0
	// closed
}

// A value, of which a match has one, is watched like the rows of a table.
func ExampleOnValue() {
	cfg, stop := client.HostArena()
	defer stop()
	ctx := context.Background()
	c, err := client.Dial(ctx, arena.Game, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	seen := make(chan arena.Field, 1)
	client.OnValue(c, func(s *arena.State) *game.Value[arena.Field] { return &s.Field }, func(_, is *arena.Field) {
		select {
		case seen <- *is:
		default: // only the first is of interest here
		}
	})
	field := <-seen
	fmt.Println("the field is", field.W, "by", field.H)
	// Output: the field is 1152 by 648
}

// A tool that has none of the arena's types presses the first key there is.
func ExampleDialUntyped() {
	cfg, stop := client.HostArena()
	defer stop()
	ctx := context.Background()
	c, err := client.DialUntyped(ctx, "arena", cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	var input []int64
	c.Do(func() {
		s := c.Schema()
		for i := range s.Input.Fields {
			fmt.Println("input", s.Input.Fields[i].Path, "from", s.Input.Fields[i].Min, "to", s.Input.Fields[i].Max)
		}
		input = make([]int64, len(s.Input.Fields))
	})
	input[0] = 1
	c.Set(input, false)
	for c.Stats().InputsApplied == 0 {
		if err := c.Wait(ctx); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println("applied")
	// Output:
	// input Thrust from -1 to 1
	// input Turn from -1 to 1
	// input Fire from 0 to 1
	// applied
}

// The error says why there is no connection, or why it ended.
func ExampleRefusedError() {
	_, err := client.Dial(context.Background(), arena.Game, client.Config{URL: "arena://127.0.0.1:8080"})
	var refused *client.RefusedError
	var closed *client.CloseError
	switch {
	case errors.As(err, &refused):
		fmt.Println("the server did not accept the connection:", refused.Status, refused.Message)
	case errors.As(err, &closed):
		fmt.Println("the server ended the connection:", closed.Code, closed.Reason)
	default:
		fmt.Println(err)
	}
	// Output: client: URL "arena://127.0.0.1:8080": it must look like https://host, wss://host/prefix or ws://host:port
}
