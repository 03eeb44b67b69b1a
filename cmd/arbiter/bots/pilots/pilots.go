// Package pilots has the pilots of the demo games: what their bots do.
package pilots

import (
	"arbiter/cmd/arbiter/bots"
	"arbiter/game/arena"
)

// All are the pilots of all demo games.
func All() []bots.Pilot {
	return []bots.Pilot{Arena(arena.Game), Arena(arena.Large), Arena(arena.Uncompensated), Tag()}
}
