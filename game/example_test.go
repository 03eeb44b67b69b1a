package game_test

import (
	"fmt"

	"arbiter/game"
	"arbiter/game/gametest"
)

// The game: who is first to carry three coins to the right end of a line wins.

type Carrier struct {
	Player game.PlayerID
	Name   string  `net:"len=16"`
	X      float64 `net:"step=1/8,min=0,max=10"`
	Coins  int
}

type Delivery struct{ By game.PlayerID }

type LineState struct {
	Carriers   game.Table[Carrier]
	Deliveries game.Events[Delivery]
}

type LineInput struct {
	Move int8 `net:"min=-1,max=1"`
}

type lineRules struct{}

func (lineRules) Join(w *game.World[LineState], p game.Player) {
	w.State.Carriers.Add(Carrier{Player: p.ID, Name: p.Name})
}

func (lineRules) Leave(w *game.World[LineState], p game.PlayerID) {
	id, _ := w.State.Carriers.Find(func(c *Carrier) bool { return c.Player == p })
	w.State.Carriers.Delete(id)
}

func (lineRules) Step(w *game.World[LineState], in *game.Inputs[LineInput]) {
	for _, c := range w.State.Carriers.All() {
		c.X += float64(in.Of(c.Player).Move) * 5 * w.Dt() // 5 units a second
		if c.X < 10 {
			continue
		}
		c.X = 0
		c.Coins++
		w.State.Deliveries.Emit(Delivery{By: c.Player})
		if c.Coins == 3 {
			w.Finish(game.Result{Reason: c.Name + " has three coins", Scores: []game.Score{{Player: c.Player, Points: 3}}})
		}
	}
}

// Line is what a server hosts, a Go client joins, and a browser predicts with.
var Line = game.MustDefine[LineState, LineInput]("line", lineRules{}, game.Config{TickRate: 10, MaxPlayers: 4})

// A whole game, and a match of it that is stepped by hand. Positions are rounded
// to the precision of the wire, 1/8, after each step.
func Example() {
	m := gametest.NewMatch(Line, 1, game.Setup{})
	m.Join(game.Player{ID: 1, Name: "ann"}, game.Player{ID: 2, Name: "bob"})
	m.Input(1, LineInput{Move: 1})
	for range 3 {
		m.Step(1)
		fmt.Println("tick", m.Tick())
		for id, c := range m.State().Carriers.All() {
			fmt.Printf("  row %d: %s at %v\n", id, c.Name, c.X)
		}
	}
	for m.Result() == nil {
		m.Step(1)
	}
	fmt.Println(m.Result().Reason, "at tick", m.Tick())
	// Output:
	// tick 1
	//   row 1: ann at 0.5
	//   row 2: bob at 0
	// tick 2
	//   row 1: ann at 1
	//   row 2: bob at 0
	// tick 3
	//   row 1: ann at 1.5
	//   row 2: bob at 0
	// ann has three coins at tick 60
}

// Define says which field is not plain data, and what to use instead.
func ExampleDefine() {
	type Bag struct{ Items []string }
	type State struct{ Bags game.Table[Bag] }
	_, err := game.Define[State, LineInput]("bags", nil, game.Config{})
	fmt.Println(err)
	// Output: game: bags: State.Bags.Items has type []string, which is not plain data; use numbers, bools, strings, fixed arrays, structs of those, or a game.ID
}
