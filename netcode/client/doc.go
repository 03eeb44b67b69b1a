// Package client plays on an Arbiter server from any Go program.
//
//	c, err := client.Dial(ctx, arena.Game, client.Config{URL: "ws://127.0.0.1:8080", Token: token})
//	defer c.Close()
//	client.OnAdded(c, func(s *arena.State) *game.Table[arena.Ship] { return &s.Ships },
//		func(id game.ID, ship *arena.Ship) { … })
//	c.Set(arena.Input{Thrust: 1})
//	for c.Wait(ctx) == nil { // once a tick; as a spectator once a snapshot
//		c.Do(func() { draw(c.Interpolated()) })
//	}
//
// # Model
//
// A [Client] keeps itself connected. After a drop it connects again, with
// exponential backoff, and resumes its session: the same seat, with every input
// that the server has not got, each applied exactly once. Where the server says
// so it asks for a new seat, or gives up. [Client.Status] says which.
//
// Three versions of the game's state can be read. State is the newest that the
// server sent. Predicted has the player's own rows as they will be when the
// server has applied the player's inputs (client-side prediction; a difference
// that the server's state shows is corrected by reconciliation). Interpolated is
// what to draw: own rows as predicted, all others a moment ago and smooth, behind
// a jitter buffer that adapts to the network.
//
// # Without the game's types
//
// An [Untyped] client works with any game: [DialUntyped] needs only its name and
// learns the schema from the server. Inputs and rows are numbers in the schema's
// order. It is connected by the same loop as a Client. [DialRules] is for
// programs that have a game's rules but not its types; it predicts.
//
// # Goroutines
//
// A client runs one goroutine, and one more that reads while a connection
// stands. Callbacks run on the first, one at a time. They, and functions passed
// to Do, are where the state may be read: it stands still meanwhile, so they
// should be short. Inside them do not call Do, Close, or the On functions.
// Set, Command, Wait, Status, Stats, Done, Err and Close may be called from
// anywhere at any time, but Close not from a callback.
//
// For loops of another shape, see package core, which has no goroutines. To get
// a seat from matchmaking first, see package matchmake.
package client
