// Package rules is a game in a module of its own: runners collect coins.
package rules

import "arbiter/game"

type Runner struct {
	Player game.PlayerID
	X, Y   float64 `net:"step=1/8,min=0,max=50"`
	Coins  int
}
type Coin struct {
	X, Y float64 `net:"step=1/8,min=0,max=50"`
}
type State struct {
	Runners game.Table[Runner]
	Coins   game.Table[Coin]
}
type Input struct {
	X, Y int8 `net:"min=-1,max=1"`
}
type rules struct{}

// Game is the definition that a server hosts.
var Game = game.MustDefine[State, Input]("coins", rules{}, game.Config{TickRate: 20, MaxPlayers: 8})

func (rules) Join(w *game.World[State], p game.Player) {
	w.State.Runners.Add(Runner{Player: p.ID, X: 25, Y: 25})
}

func (rules) Leave(w *game.World[State], p game.PlayerID) {
	id, _ := w.State.Runners.Find(func(r *Runner) bool { return r.Player == p })
	w.State.Runners.Delete(id)
}

func (rules) Step(w *game.World[State], in *game.Inputs[Input]) {
	if !w.Predicting() && w.State.Coins.Len() < 20 {
		w.State.Coins.Add(Coin{w.Rand.Float64() * 50, w.Rand.Float64() * 50})
	}
	for _, r := range w.State.Runners.All() {
		move := in.Of(r.Player)
		r.X, r.Y = r.X+float64(move.X)/2, r.Y+float64(move.Y)/2
		near := func(c *Coin) bool { return max(c.X-r.X, r.X-c.X, c.Y-r.Y, r.Y-c.Y) < 1 }
		if id, c := w.State.Coins.Find(near); c != nil && !w.Predicting() {
			w.State.Coins.Delete(id)
			r.Coins++
		}
	}
}
