package module

import (
	"arbiter/game"
)

// Rules are those of one game with its types erased.
type Rules struct {
	def  game.Definition
	rate func(tick, snapshot uint32) (rated, error)
}

// rated is a game at the rates that its host asked for.
type rated struct {
	schema                 *game.Schema
	tickRate, snapshotRate uint32 // as asked for; 0 is the game's own
	predict                func(game.Player) prediction
}

// prediction is the Match of [game.Game.NewPrediction].
type prediction interface {
	Load(t game.Tick, blocks []game.Block, input []int64)
	Step(in *game.TickInput)
	Tick() game.Tick
	Rows(i int) game.Rows
	Hash() uint64
}

// Of erases the types of a game.
func Of[S, I any](g *game.Game[S, I]) Rules {
	return Rules{g, func(tick, snapshot uint32) (rated, error) {
		at, err := g.WithRates(int(tick), int(snapshot))
		if err != nil {
			return rated{}, err
		}
		return rated{at.Schema(), tick, snapshot, func(p game.Player) prediction { return at.NewPrediction(p) }}, nil
	}}
}
