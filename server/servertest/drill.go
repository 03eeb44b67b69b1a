package servertest

import (
	"arbiter/game"
)

// Drill is a game whose state says which inputs it was given: each of them
// moves its player's soldier and is counted once.
type Drill struct {
	// Orders make the rules misbehave; see Input.Order.
	Orders bool
	// Walkers are soldiers without a player, which move every tick.
	Walkers int
}

// DrillState is the state of [Drill].
type DrillState struct {
	Soldiers game.Table[Soldier]
	Secret   game.Value[Secret]
	Shouts   game.Events[Shout]
	Renames  game.Commands[Rename]
}

// Soldier is one player's piece, or a walker's.
type Soldier struct {
	Player game.PlayerID
	Name   string `net:"len=16"`
	X, Y   int
	Count  int // inputs and commands applied
	Sum    int // of their marks
}

// Secret never leaves the server.
type Secret struct {
	Seed uint64 `net:"-"`
}

// Shout is an event.
type Shout struct{ Mark int }

// Rename is a command.
type Rename struct {
	Name string `net:"len=16"`
}

// DrillInput is the input of [Drill].
type DrillInput struct {
	DX, DY int8 `net:"min=-1,max=1"`
	Mark   int16
	Order  Order `net:"min=0,max=3"`
}

// Order is what an input makes the rules do, if Drill.Orders allows it.
type Order uint8

// The orders.
const (
	Carry  Order = iota
	Finish       // end the match with a result
	Panic        // panic in Step
	Yell         // send an event to everyone
)

// Join implements [game.Rules]. The soldiers of a team are named name/team/role.
func (Drill) Join(w *game.World[DrillState], p game.Player) {
	if p.Team != "" {
		p.Name += "/" + p.Team + "/" + p.Role
	}
	w.State.Soldiers.Add(Soldier{Player: p.ID, Name: p.Name})
}

// Leave implements [game.Rules].
func (Drill) Leave(w *game.World[DrillState], p game.PlayerID) {
	id, _ := w.State.Soldiers.Find(func(s *Soldier) bool { return s.Player == p })
	w.State.Soldiers.Delete(id)
}

// Start sets the walkers up. A match ordered with the parameter wants asks for
// so many players.
func (d Drill) Start(w *game.World[DrillState]) {
	if n, ok := w.Setup().Parameters.Number("wants"); ok {
		w.Wants(int(n))
	}
	for i := range d.Walkers {
		w.State.Soldiers.Add(Soldier{X: i})
	}
}

// Step implements [game.Rules].
func (d Drill) Step(w *game.World[DrillState], in *game.Inputs[DrillInput]) {
	for _, s := range w.State.Soldiers.All() {
		if s.Player == 0 {
			s.X++
			s.Y -= 2
			continue
		}
		i := in.Of(s.Player)
		s.X += int(i.DX)
		s.Y += int(i.DY)
		if !in.Fresh(s.Player) {
			continue
		}
		s.Count++
		s.Sum += int(i.Mark)
		if d.Orders {
			obey(w, i)
		}
	}
	for from, c := range w.State.Renames.All() {
		for _, s := range w.State.Soldiers.All() {
			if s.Player == from {
				s.Name = c.Name
				s.Count++
			}
		}
	}
}

func obey(w *game.World[DrillState], i DrillInput) {
	switch i.Order {
	case Finish:
		r := game.Result{Reason: "the drill is over"}
		for _, s := range w.State.Soldiers.All() {
			r.Scores = append(r.Scores, game.Score{Player: s.Player, Points: s.Sum})
		}
		w.Finish(r)
	case Panic:
		panic("ordered to panic")
	case Yell:
		w.State.Shouts.Emit(Shout{Mark: int(i.Mark)})
	}
}
