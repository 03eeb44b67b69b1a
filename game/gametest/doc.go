// Package gametest proves that a game is what the framework needs it to be: a
// pure function of its state, its inputs and its seed.
//
//	func TestDeterminism(t *testing.T) {
//		gametest.Determinism(t, mygame.Game, gametest.Options{})
//	}
//
// A [Script] invents the match: who joins and leaves, what they press, what
// they ask for, all of it from a seed and within the bounds of the schema.
package gametest
