package game

import (
	"testing"

	"arbiter/game/sim"
)

type tShip struct {
	Player PlayerID
	X, Y   float64 `net:"step=1/64,linear"`
	Angle  float64 `net:"step=tau/256,wrap"`
	HP     int8
	Name   string `net:"len=8"`
	Ammo   int    `net:"owner"`
	Secret int    `net:"-"`
}
type tState struct {
	Ships Table[tShip]
	Round Value[struct{ N int }]
	Boom  Events[struct{ X, Y float64 }]
	Say   Commands[struct{ Text string }]
}
type tInput struct {
	Thrust, Turn int8 `net:"min=-1,max=1"`
	Fire         bool
}
type tRules struct{}

func (tRules) Join(w *World[tState], p Player) {
	w.State.Ships.Add(tShip{Player: p.ID, Name: p.Name, HP: 100, X: w.Rand.Float64() * 100})
}
func (tRules) Leave(w *World[tState], p PlayerID) {
	id, _ := w.State.Ships.Find(func(s *tShip) bool { return s.Player == p })
	w.State.Ships.Delete(id)
}
func (tRules) Step(w *World[tState], in *Inputs[tInput]) {
	for _, s := range w.State.Ships.All() {
		i := in.Of(s.Player)
		s.Angle += float64(i.Turn) * 0.1
		s.X += float64(i.Thrust) * 1.37
		s.Secret++
		if i.Fire {
			w.State.Boom.Emit(struct{ X, Y float64 }{s.X, s.Y})
		}
	}
	for p, c := range w.State.Say.All() {
		_, s := w.State.Ships.Find(func(s *tShip) bool { return s.Player == p })
		s.Name = c.Text
	}
}

func TestStepReachesState(t *testing.T) {
	g := MustDefine("test", tRules{}, Config{Rewind: defaultRewind})
	m := g.New(1)
	m.Step(&sim.TickInput{Joins: []Player{{ID: 1, Name: "a"}, {ID: 2, Name: "a long name"}}})
	m.Step(&sim.TickInput{Inputs: []sim.PlayerInput{{Player: 2, Seq: 1, Cells: []int64{1, -1, 1}}},
		Commands: []sim.PlayerCommand{{Player: 1, Kind: 0, Row: sim.Row{Cells: []int64{0}, Texts: []string{"zoë"}}}}})
	var names []string
	for _, s := range m.State().Ships.All() {
		names = append(names, s.Name)
	}
	if names[0] != "zoë" || names[1] != "a long n" {
		t.Fatalf("names %q", names)
	}
	if m.Posted(0).Len() != 1 {
		t.Fatal("no event")
	}
	h := m.Hash()
	cp := m.AppendCheckpoint(nil)
	m2 := g.New(2)
	if err := m2.Restore(cp); err != nil {
		t.Fatal(err)
	}
	if m2.Hash() != h {
		t.Fatal("hash differs after restore")
	}
	for range 20 {
		m.Step(&sim.TickInput{})
		m2.Step(&sim.TickInput{})
		if m.Hash() != m2.Hash() {
			t.Fatal("diverged")
		}
	}
	for i := range cp {
		if g.New(2).Restore(cp[:i]) == nil {
			t.Fatalf("prefix of %d bytes restored", i)
		}
	}
	var b sim.Block
	m.Rows(0).Capture(&b)
	if b.Width != 7 || len(b.IDs) != 2 {
		t.Fatalf("%+v", b)
	}
	p := g.NewPrediction(Player{ID: 2})
	blocks := make([]sim.Block, 2)
	m.Rows(0).Capture(&blocks[0])
	m.Rows(1).Capture(&blocks[1])
	p.Load(m.Tick(), blocks, []int64{1, -1, 1})
	p.Step(&sim.TickInput{})
	m.Step(&sim.TickInput{})
	_, a := m.State().Ships.Find(func(s *tShip) bool { return s.Player == 2 })
	_, c := p.State().Ships.Find(func(s *tShip) bool { return s.Player == 2 })
	if a.X != c.X || a.Angle != c.Angle {
		t.Fatalf("%+v %+v", a, c)
	}
}
