package sim_test

import (
	"testing"

	"arbiter/game"
	"arbiter/game/sim"
)

type sideRow struct {
	Owner  game.PlayerID
	X      float64 `net:"step=1/8"`
	Small  float32 `net:"step=1/8"`
	Count  int     `net:"interp=lerp"`
	Course int     `net:"wrap=360"`
	On     bool
}

type sideState struct {
	Rows  game.Table[sideRow]
	One   game.Value[sideRow]
	Bangs game.Events[sideRow]
	Asks  game.Commands[struct {
		Name string `net:"len=4"`
		N    int8   `net:"min=0,max=9"`
	}]
}

type sideRules struct{}

func (sideRules) Join(*game.World[sideState], game.Player)                    {}
func (sideRules) Leave(*game.World[sideState], game.PlayerID)                 {}
func (sideRules) Step(*game.World[sideState], *game.Inputs[struct{ A bool }]) {}

func TestClientSide(t *testing.T) {
	g := game.MustDefine("side", sideRules{}, game.Config{})
	m, other := g.New(1), g.New(1)
	s := m.State()
	if i, ok := m.Index(&s.Rows); i != 0 || !ok {
		t.Errorf("table %d, %v", i, ok)
	}
	if i, ok := m.Index(&s.One); i != 1 || !ok {
		t.Errorf("value %d, %v", i, ok)
	}
	if i, ok := m.Index(&s.Bangs); i != 0 || !ok {
		t.Errorf("events %d, %v", i, ok)
	}
	if _, ok := m.Index(&other.State().Rows); ok {
		t.Error("another match's table was found")
	}
	kind, ok := m.Index(&s.Asks)
	ask := struct {
		Name string `net:"len=4"`
		N    int8   `net:"min=0,max=9"`
	}{"longer", 12}
	row := sim.CommandRow(m.Schema(), kind, &ask)
	if !ok || row.Texts[row.Cells[0]] != "long" || row.Cells[1] != 9 {
		t.Errorf("command %+v", row)
	}
	var e sideRow
	if sim.StoreEvent(m.Schema(), 0, sim.Row{Cells: []int64{3, 12, 4, -5, 359, 1}}, &e); e != (sideRow{3, 1.5, 0.5, -5, 359, true}) {
		t.Errorf("event %+v", e)
	}
	id := s.Rows.Add(sideRow{})
	s.Rows.Add(sideRow{On: true})
	rows := m.Rows(0)
	if rows.Index(id+1) != 1 || rows.Index(9) != -1 {
		t.Errorf("rows stand at %d and %d", rows.Index(id+1), rows.Index(9))
	}
	for k, v := range []float64{0, 1.03, 2.06, 3.6, 359.7, 7} {
		rows.SetFloat(1, k, v)
	}
	if got, want := *s.Rows.Get(id + 1), (sideRow{0, 1.03, 2.06, 4, 0, true}); got != want {
		t.Errorf("row %+v, want %+v", got, want)
	}
	if *s.Rows.Get(id) != (sideRow{}) {
		t.Errorf("its neighbour is %+v", *s.Rows.Get(id))
	}
}
