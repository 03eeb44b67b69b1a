// Package tag is the small game: one player is it until they touch another.
package tag

import "arbiter/game"

type Runner struct {
	Player game.PlayerID
	Name   string  `net:"len=16"`
	X, Y   float64 `net:"step=1/8,min=0,max=100"`
	Score  int     // seconds spent free
}
type Chase struct {
	It   game.PlayerID // 0 while nobody plays
	Safe game.Tick     // until then nobody can be touched
}
type Touch struct{ By, Who game.PlayerID }

type State struct {
	Runners game.Table[Runner]
	Chase   game.Value[Chase]
	Touches game.Events[Touch]
}
type Input struct {
	X, Y int8 `net:"min=-1,max=1"`
}
type rules struct{}

// Game is the definition that a server hosts.
var Game = game.MustDefine[State, Input]("tag", rules{}, game.Config{TickRate: 20})

func (rules) Join(w *game.World[State], p game.Player) {
	w.State.Runners.Add(Runner{Player: p.ID, Name: p.Name, X: w.Rand.Float64() * 100, Y: w.Rand.Float64() * 100})
}

func (rules) Leave(w *game.World[State], p game.PlayerID) {
	id, _ := w.State.Runners.Find(func(r *Runner) bool { return r.Player == p })
	w.State.Runners.Delete(id)
}

func (rules) Step(w *game.World[State], in *game.Inputs[Input]) {
	chase, second := w.State.Chase.Get(), int(w.Tick())%w.Rate() == 0
	_, it := w.State.Runners.Find(func(r *Runner) bool { return r.Player == chase.It })
	for _, r := range w.State.Runners.All() {
		move := in.Of(r.Player)
		r.X += float64(move.X)
		r.Y += float64(move.Y)
		switch {
		case it == nil:
			it, chase.It = r, r.Player
		case r == it:
		case chase.Safe.Before(w.Tick()) && max(r.X-it.X, it.X-r.X, r.Y-it.Y, it.Y-r.Y) < 2:
			w.State.Touches.Emit(Touch{By: it.Player, Who: r.Player})
			it, chase.It, chase.Safe = r, r.Player, w.Tick()+game.Tick(w.Ticks(1))
		case second:
			r.Score++
		}
	}
}
