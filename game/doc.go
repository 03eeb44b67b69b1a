// Package game is where a multiplayer game is written: once, as a deterministic
// function from (state, inputs) to state, over plain data. The server steps it
// at a fixed rate, clients run it ahead for their own player (client-side
// prediction), and everything else (replication, lag compensation, replay,
// checkpoints) comes from the framework, because all state is data.
//
// # A game
//
// A game has a State, an Input and [Rules]. State is a struct whose fields are
//
//   - [Table]: the rows of one kind of entity, each with an [ID]
//   - [Value]: one row, such as the round or the score
//   - [Events]: one-shot facts that a step tells to clients
//   - [Commands]: what clients ask for besides their input
//
// and rows are structs of numbers, bools, strings, fixed arrays and structs of
// those. Input is such a struct too, without strings: what one player does, such
// as the keys they hold. [Define] makes a [Game] of them, and refuses anything
// else, naming the field:
//
//	type Ship struct {
//		Player game.PlayerID
//		X, Y   float64 `net:"step=1/64,linear"`
//		Angle  float64 `net:"step=tau/256,wrap"`
//		HP     int8
//		Reload int `net:"owner"`
//	}
//	type State struct{ Ships game.Table[Ship] }
//	type Input struct {
//		Thrust, Turn int8 `net:"min=-1,max=1"`
//	}
//	var Game = game.MustDefine[State, Input]("ships", rules{}, game.Config{})
//
// The example of this package is a whole game.
//
// # What the rules must keep to
//
// The rules work on a [World] and [Inputs], and on nothing else: no clock, no
// globals, no maps in iteration order, no goroutines. A Rules value is shared by
// all matches and remembers nothing; pointers into the State are not kept from
// one call to the next. Time is counted in ticks.
//
// Of package math, Sqrt, Floor, Sin, Cos, Atan2 and the like give the same bits
// on amd64 and wasm; Exp, Log, Pow and Hypot may not. Where compilers fuse a
// product with a sum (arm64, GOAMD64=v3), write float64(a*b) + c, which forbids
// it. After each step every replicated field is rounded to its wire step, so
// server and clients compute from the same numbers.
//
// Hence a match is its seed and what reached it: the server can record that,
// and "arbiter replay" runs it again and compares the state of every tick.
// Package game/gametest proves all of it for a game with one call, and steps
// matches by hand in tests.
//
// # Tags
//
// A field's tag says what of it goes over the wire:
//
//	step=1/64     precision of a float on the wire (also 0.01, tau/256, pi/2);
//	              without it all 64 bits are sent, of NaN always the same
//	wrap, wrap=N  the value is a circle (of tau, or of N)
//	min=,max=     bounds; values beyond are brought to the nearer one
//	linear        send how far the value is from where its last movement leads
//	abs           send the value itself, not its difference
//	len=N         longest string in bytes (default 64, at most 256)
//	interp=       how clients draw it: hold, lerp, angle, snap
//	owner         only the owner's client ever receives it
//	-             never leaves the server
//
// A row belongs to the player named by its first visible field of type
// [PlayerID]. A State has at most 32 tables and values, 32 kinds of events and
// 32 of commands, a row at most 64 replicated fields, an Input 16.
//
// # Who may see what
//
// Besides the owner and - tags, a row type with a method
//
//	VisibleTo(p game.PlayerID) bool
//
// decides for each player (0: spectators). Rules with a method
//
//	Eye(w *game.World[State], p game.PlayerID) (game.Area, bool)
//
// limit a player's client to the rows in that circle (interest management),
// among those tables whose rows have a method Position() (x, y float64). A
// player's own rows are always sent to them. Events that are emitted with
// [Events.EmitAt] are limited to the circle too, those of [Events.Emit] are sent to
// everybody. What a client may not see is never
// encoded for it.
//
// # What a player was looking at
//
// A player aims at what their screen shows, which is some ticks old. An Input
// with a method Rewinds() bool says for which inputs that matters; then
// [Inputs.View] is the tick the player was looking at, and [World.At] the state
// of that tick, as far back as Config.Rewind (lag compensation).
//
// # Players who are away
//
// Rules with a method
//
//	Away(w *game.World[State], p game.PlayerID)
//	Back(w *game.World[State], p game.PlayerID)
//
// or one of them, are told when the connection of a player is lost and when they have
// one again, after joins and before the inputs of the tick; what is over within a
// tick they are not told. The seat waits for Config.ResumeWindow, then Leave
// follows. Config.ReleaseInput says how long the input of before is held meanwhile.
// All this is part of the match like joins and leaves, so recordings have it.
//
// # Cheats
//
// A cheat gains nothing by sending inputs wrongly: the server drops or bounds
// each before the rules see it. Rules with a method
//
//	Suspect(w *game.World[State], p game.PlayerID, kind game.Suspicion, n int)
//
// are told so, before the inputs of the tick, once for each player and kind in
// this order, and with how often since the tick before: more inputs than ticks,
// or for ticks too far ahead, views that cannot have been, inputs again, or out
// of order. The rules decide what follows: a warning, a handicap, nothing. It is
// part of the match like joins and leaves, so recordings have it; clients that
// predict never run it. Package game/arena shows a use.
//
// # How a match was ordered
//
// Rules with a method Start(w *game.World[State]) set up a new match. There and
// later, [World.Setup] tells what the match was ordered with: the parameters,
// and the roster of those who are expected. A [Player] who comes has the team,
// the role and the attributes of the roster; [World.Wants] asks for more players,
// and [World.Finish] ends the match with a result that is reported. All of it is
// in recordings and checkpoints.
//
// Clients have none of it. So what a player's own rows do should not depend on
// it, nor on [World.Rand], or that player's client predicts it wrongly until the
// server's state arrives.
//
// # What is not here
//
// The framework's side of a game (schema, rows with their types erased,
// checkpoints, recordings) is package game/sim. Rules and their tests never need
// it. Some types are declared there and are aliases here; their documentation
// here is complete.
package game
