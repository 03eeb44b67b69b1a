// Package game is where a multiplayer game is written: once, as a
// deterministic function over plain data. The server steps it, clients predict
// with it, and everything else (replication, rewind, replay, checkpoints) comes
// from the framework because all state is data.
//
// # A game
//
// A game has a State, an Input and [Rules]. State is a struct whose fields are
// [Table], [Value], [Events] and [Commands]; rows are structs of numbers,
// bools, strings, fixed arrays and structs of those. [Define] refuses anything
// else and names the field.
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
//
// # Tags
//
//	step=1/64     precision of a float on the wire (also 0.01, tau/256, pi/2)
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
// [PlayerID].
//
// # What a step may use
//
// The World and the Inputs, nothing else: no clock, no globals, no maps in
// iteration order, no goroutines. Time is counted in ticks. Of package math,
// Sqrt, Floor, Sin, Cos, Atan2 and the like give the same bits on amd64 and
// wasm; Exp, Log, Pow and Hypot may not. Where compilers fuse a product with a
// sum (arm64, GOAMD64=v3), write float64(a*b) + c, which forbids it. After each
// step every replicated field is rounded to its wire step, so server and
// clients compute from the same numbers. Package gametest proves all of it for
// a game.
//
// Hence a match is its seed and what reached it: [Recorder] writes that down,
// and [Replay] runs it again and compares the state of every tick.
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
// limit a player's client to the rows in that circle, among those tables whose
// rows have a method Position() (x, y float64). A player's own rows are always
// sent to him. What a client may not see is never encoded for it.
//
// # Cheats
//
// What a cheat gains by sending his inputs wrongly is nothing: the server drops
// or bounds each before the rules see it. Rules with a method
//
//	Suspect(w *game.World[State], p game.PlayerID, kind game.Suspicion, n int)
//
// are told so, before the inputs of the tick, once for each player and kind in
// this order, and with how often since the tick before: more inputs than ticks,
// or for ticks too far ahead, views that cannot have been, inputs again, or out
// of order. What follows is theirs to say: a warning, a handicap, nothing. It is
// part of the match like joins and leaves, so recordings have it; clients that
// predict never run it. Package arena shows a use.
//
// # How a match was ordered
//
// Rules with a method Start(w) set up a new match. There and later, World.Setup
// tells what the match was ordered with: the parameters, and the roster of those
// who are expected. A [Player] who comes has the team, the role and the
// attributes of the roster; World.Wants asks for more players, and World.Finish
// ends the match with a result that is reported. All of it is in recordings and
// checkpoints. Clients have none of it, so, as with Rand, what a player's own
// rows do should not depend on it, or his client predicts it wrongly until the
// server's word arrives.
package game
