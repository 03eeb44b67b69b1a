package module

import "arbiter/game"

// Rules are those of one game with its types erased.
type Rules struct {
	name string
	rate func(tick, snapshot uint32) (rated, error)
}

// rated is a game at the rates that its host asked for.
type rated struct {
	schema                 *game.Schema
	tickRate, snapshotRate uint32 // as asked for; 0 is the game's own
	predict                func(game.PlayerID) simulation
	begin                  func(seed uint64) simulation
}

// simulation is a game.Match.
type simulation interface {
	Load(t game.Tick, blocks []game.Block, input []int64)
	Step(in *game.TickInput)
	Tick() game.Tick
	Rows(i int) game.Rows
	Hash() uint64
}

// Of erases the types of a game.
func Of[S, I any](g *game.Game[S, I]) Rules {
	return Rules{g.Name(), func(tick, snapshot uint32) (rated, error) {
		at, err := g.WithRates(int(tick), int(snapshot))
		if err != nil {
			return rated{}, err
		}
		return rated{
			schema: at.Schema(), tickRate: tick, snapshotRate: snapshot,
			predict: func(p game.PlayerID) simulation { return at.NewPrediction(game.Player{ID: p}) },
			begin:   func(seed uint64) simulation { return at.New(seed) },
		}, nil
	}}
}
