// Package client plays on an Arbiter server from any Go program.
//
//	c, err := client.Dial(ctx, arena.Game, client.Config{URL: "ws://127.0.0.1:8080", Token: token})
//	defer c.Close()
//	client.OnAdded(c, func(s *arena.State) *game.Table[arena.Ship] { return &s.Ships },
//		func(id game.ID, ship *arena.Ship) { … })
//	c.Set(arena.Input{Thrust: 1})
//	for c.Wait(ctx) == nil { // once a tick
//		c.Do(func() { draw(c.Interpolated()) })
//	}
//
// # Model
//
// A [Client] keeps itself connected: after a drop it takes up its seat again,
// with every input that the server has not taken, each exactly once; where the
// server says so it takes a new seat, or gives up. [Client.Status] tells which.
//
// Three versions of the game's state can be read. State is what the server last
// said. Predicted has the player's own rows as they will be when the server has
// applied his inputs. Interpolated is what to draw: own rows as predicted, all
// others a moment ago and smooth.
//
// # Goroutines
//
// A Client runs one goroutine, and one more that reads while a connection
// stands. Callbacks run on the first, one at a time. They, and functions passed
// to Do, are where the state may be read: it stands still meanwhile, so they
// should be short. Inside them do not call Do, or the On functions.
// Set, Command, Wait, Status, Stats, Done, Err and Close may be called from
// anywhere at any time.
//
// For loops of another shape, see package core, which has no goroutines.
package client
