package gametest_test

import (
	"reflect"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/gametest"
)

func TestScriptKeepsToTheSchema(t *testing.T) {
	s := arena.Game.Schema()
	script := gametest.NewScript(s, gametest.ScriptConfig{Players: 5})
	seated := map[game.PlayerID]uint32{}
	var joins, leaves, inputs, commands, views int
	for tick := game.Tick(1); tick <= 2000; tick++ {
		in := script.Next()
		for _, p := range in.Leaves {
			if _, ok := seated[p]; !ok {
				t.Fatalf("tick %d: player %d leaves without a seat", tick, p)
			}
			delete(seated, p)
		}
		for _, p := range in.Joins {
			if _, ok := seated[p.ID]; ok {
				t.Fatalf("tick %d: player %d joins twice", tick, p.ID)
			}
			seated[p.ID] = 0
		}
		for _, i := range in.Inputs {
			last, ok := seated[i.Player]
			if !ok || i.Seq <= last || i.View > tick {
				t.Fatalf("tick %d: %+v after seq %d", tick, i, last)
			}
			seated[i.Player] = i.Seq
			for k, c := range i.Cells {
				if f := s.Input.Fields[k]; c < f.Min || c > f.Max {
					t.Fatalf("tick %d: %s is %d", tick, f.Path, c)
				}
			}
			if i.View != 0 {
				views++
			}
		}
		for _, c := range in.Commands {
			if _, ok := seated[c.Player]; !ok || len(c.Row.Cells) != len(s.Commands[c.Kind].Fields) {
				t.Fatalf("tick %d: %+v", tick, c)
			}
		}
		joins, leaves = joins+len(in.Joins), leaves+len(in.Leaves)
		inputs, commands = inputs+len(in.Inputs), commands+len(in.Commands)
	}
	if joins < 20 || leaves < 20 || inputs < 500 || commands < 50 || views < 100 {
		t.Errorf("%d joins, %d leaves, %d inputs, %d commands, %d views", joins, leaves, inputs, commands, views)
	}
}

func TestScriptsOfOneSeedAreEqual(t *testing.T) {
	s := arena.Game.Schema()
	a, b := gametest.NewScript(s, gametest.ScriptConfig{Seed: 4}), gametest.NewScript(s, gametest.ScriptConfig{Seed: 4})
	c, equal := gametest.NewScript(s, gametest.ScriptConfig{Seed: 5}), 0
	for tick := range 200 {
		x, y, z := gametest.Clone(a.Next()), gametest.Clone(b.Next()), gametest.Clone(c.Next())
		if !reflect.DeepEqual(x, y) {
			t.Fatalf("tick %d: %+v\n%+v", tick+1, x, y)
		}
		if reflect.DeepEqual(x, z) {
			equal++
		}
	}
	if equal > 20 {
		t.Errorf("another seed gives the same in %d of 200 ticks", equal)
	}
}

func TestScriptThatStaysAndIsStill(t *testing.T) {
	script := gametest.NewScript(arena.Game.Schema(), gametest.ScriptConfig{Players: 3, Stay: true, Still: true})
	if in := script.Next(); len(in.Joins) != 3 {
		t.Errorf("%+v", in)
	}
	for range 500 {
		if in := script.Next(); !in.Empty() {
			t.Fatalf("%+v", in)
		}
	}
}
