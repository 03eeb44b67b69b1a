// Package gametest tests the rules of games. It has three tools:
//
//   - [Determinism] proves that a game is what the framework needs it to be: a
//     pure function of its state, its inputs and its seed. Every game needs this
//     test, and it is one call.
//   - [Match] is a match that a test steps by hand, with typed inputs, to look at
//     what rules do.
//   - [Script] invents the input of a whole match: who joins and leaves, what they
//     press, what they ask for, all of it from a seed and within the bounds of the
//     schema. Determinism plays one; tests of the framework do too.
//
// A game's own test of determinism is
//
//	func TestDeterminism(t *testing.T) {
//		gametest.Determinism(t, mygame.Game, gametest.Options{})
//	}
package gametest
