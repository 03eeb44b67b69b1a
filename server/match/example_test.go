package match_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"arbiter/game"
	"arbiter/game/tag"
	"arbiter/netcode"
	"arbiter/server/match"
)

// An engine runs a match whose seats are reserved. What it refuses are values.
func Example() {
	engine, err := match.New(match.Config{Games: []game.Definition{tag.Game}})
	if err != nil {
		fmt.Println(err)
		return
	}
	mint := func(_ *match.Match, seats []match.Reservation, _ time.Time) (ids []string, err error) {
		for _, s := range seats { // a server makes a join token for each of them
			ids = append(ids, "token of "+s.Subject)
		}
		return ids, nil
	}
	m, err := engine.Begin(match.Order{Game: "tag", Size: 2, Seats: []match.Reservation{{Subject: "ann"}}}, mint)
	if err != nil {
		fmt.Println(err)
		return
	}
	info := m.Info()
	fmt.Printf("%d of %d seats reserved, %s\n", info.Reserved, info.MaxPlayers, info.State)

	err = engine.Reserve(m, []match.SeatRequest{{Reservation: match.Reservation{Subject: "bob"}}, {Reservation: match.Reservation{Subject: "cat"}}}, 0, mint)
	fmt.Println(err, errors.Is(err, match.ErrFull))

	engine.Drain()
	_, err = engine.Begin(match.Order{Game: "tag"}, mint)
	fmt.Println(err)

	engine.Stop(netcode.CodeDrain)
	fmt.Println(engine.Wait(context.Background()), engine.Close())
	// Output:
	// 1 of 2 seats reserved, open
	// match: 2 seats were asked for and 1 are free true
	// match: the engine is draining
	// <nil> <nil>
}
