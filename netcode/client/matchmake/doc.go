// Package matchmake gets a player a seat in a match from an Arbiter server's
// matchmaking.
//
//	seat, err := matchmake.Find(ctx, matchmake.Config{
//		URL: "http://127.0.0.1:8080", Queue: "ladder", Token: token,
//		Attributes: map[string]any{"skill": 1540},
//	})
//	…
//	c, err := client.Dial(ctx, arena.Game, client.Config{URL: seat.URL, Token: seat.Token})
//
// # Model
//
// A ticket waits in a queue until the queue's rules make a match with it.
// [Find] puts one in, follows it by long polling, and returns the seat. It goes
// on over lost connections, with exponential backoff, over busy servers, and over
// a server that was restarted and has forgotten the ticket: then it queues again.
// Where players are asked to accept before a match begins, Config.Accept answers
// for them.
//
// Players who want to play together meet in a [Party] first: one makes it, the
// others join by its code, all say that they are ready, its leader starts, and
// each of them calls [Party.Find].
//
// # The caller's duties
//
// A seat's token admits its player once, within half a minute unless the server
// is configured otherwise: connect at once. Reconnecting afterwards works with
// the same token. A player has one ticket at a time; end the context of a Find that is
// not wanted any more, which takes the ticket out of the queue.
//
// # Goroutines
//
// Find and the methods of Party run on the caller's goroutine and call back on
// it, except for Config.Accept, which may wait for the player and so has a
// goroutine of its own. Nothing is left running when they return.
package matchmake
