package game

import (
	"strings"
	"testing"
	"time"
)

type any3[S, I any] struct{}

func (any3[S, I]) Join(*World[S], Player)     {}
func (any3[S, I]) Leave(*World[S], PlayerID)  {}
func (any3[S, I]) Step(*World[S], *Inputs[I]) {}

// refusal is why a state of one table of T, and an input I, are not a game.
func refusal[T, I any]() error {
	type State struct{ Rows Table[T] }
	_, err := Define[State, I]("test", any3[State, I]{}, Config{})
	return err
}

type none struct{}

func TestSchemaRefusals(t *testing.T) {
	cases := []struct {
		name string
		err  error
		says []string // the path first
	}{
		{"pointer", refusal[struct{ P *int }, none](), []string{"Rows.P", "*int", "plain data"}},
		{"map", refusal[struct{ M map[int]int }, none](), []string{"Rows.M", "map[int]int"}},
		{"slice", refusal[struct{ S []int }, none](), []string{"Rows.S", "[]int"}},
		{"slice in a nested array", refusal[struct{ A [2]struct{ B []byte } }, none](), []string{"Rows.A.0.B"}},
		{"interface", refusal[struct{ E error }, none](), []string{"Rows.E", "error"}},
		{"func", refusal[struct{ F func() }, none](), []string{"Rows.F"}},
		{"chan", refusal[struct{ C chan int }, none](), []string{"Rows.C"}},
		{"complex", refusal[struct{ C complex128 }, none](), []string{"Rows.C"}},
		{"uintptr", refusal[struct{ U uintptr }, none](), []string{"Rows.U"}},
		{"time", refusal[struct{ At time.Time }, none](), []string{"Rows.At.wall", "unexported"}},
		{"hidden map", refusal[struct {
			M map[int]int `net:"-"`
		}, none](), []string{"Rows.M", "plain data"}},
		{"unexported", refusal[struct{ x int }, none](), []string{"Rows.x", "unexported", `net:"-"`}},
		{"row no struct", refusal[int, none](), []string{"].Rows", "int", "struct"}},
		{"unknown option", refusal[struct {
			X int `net:"stepp=1"`
		}, none](), []string{"Rows.X", `"stepp"`, "known are"}},
		{"step on int", refusal[struct {
			X int `net:"step=1"`
		}, none](), []string{"Rows.X", "floats"}},
		{"step zero", refusal[struct {
			X float64 `net:"step=0"`
		}, none](), []string{"Rows.X", "above 0"}},
		{"step negative", refusal[struct {
			X float64 `net:"step=-1"`
		}, none](), []string{"Rows.X", "above 0"}},
		{"step nonsense", refusal[struct {
			X float64 `net:"step=1/0"`
		}, none](), []string{"Rows.X", "is not a number"}},
		{"step nan", refusal[struct {
			X float64 `net:"step=nan"`
		}, none](), []string{"Rows.X", "is not a number"}},
		{"linear real", refusal[struct {
			X float64 `net:"linear"`
		}, none](), []string{"Rows.X", "with a step"}},
		{"linear and abs", refusal[struct {
			X int `net:"linear,abs"`
		}, none](), []string{"Rows.X", "choose one"}},
		{"len on int", refusal[struct {
			X int `net:"len=3"`
		}, none](), []string{"Rows.X", "strings"}},
		{"len too long", refusal[struct {
			X string `net:"len=257"`
		}, none](), []string{"Rows.X", "1 to 256"}},
		{"wrap without circle", refusal[struct {
			X int `net:"wrap"`
		}, none](), []string{"Rows.X", "wrap=360"}},
		{"wrap not whole", refusal[struct {
			X float64 `net:"step=0.1,wrap"`
		}, none](), []string{"Rows.X", "whole number of steps"}},
		{"wrap beyond type", refusal[struct {
			X int8 `net:"wrap=360"`
		}, none](), []string{"Rows.X", "does not fit"}},
		{"min alone", refusal[struct {
			X int `net:"min=1"`
		}, none](), []string{"Rows.X", "go together"}},
		{"min above max", refusal[struct {
			X int `net:"min=2,max=1"`
		}, none](), []string{"Rows.X", "not a range"}},
		{"max beyond type", refusal[struct {
			X int8 `net:"min=0,max=128"`
		}, none](), []string{"Rows.X", "not a range"}},
		{"max beyond everything", refusal[struct {
			X float64 `net:"step=1,min=0,max=1e300"`
		}, none](), []string{"Rows.X", "not a range"}},
		{"interp unknown", refusal[struct {
			X int `net:"interp=spline"`
		}, none](), []string{"Rows.X", "spline", "known are"}},
		{"interp angle without circle", refusal[struct {
			X float64 `net:"step=1,interp=angle"`
		}, none](), []string{"Rows.X", "does not fit"}},
		{"interp of a bool", refusal[struct {
			X bool `net:"interp=lerp"`
		}, none](), []string{"Rows.X", "does not fit"}},
		{"step on a struct", refusal[struct {
			P struct{ X float64 } `net:"step=1"`
		}, none](), []string{"Rows.P", "tag its fields"}},
		{"owner field without owner", refusal[struct {
			X int `net:"owner"`
		}, none](), []string{"Rows.X", "game.PlayerID"}},
		{"too many fields", refusal[struct{ X [65]int }, none](), []string{"Rows", "65", "at most 64"}},
		{"input with a string", refusal[none, struct{ S string }](), []string{".S", "game.Commands"}},
		{"input with a real", refusal[none, struct{ F float64 }](), []string{".F", "step"}},
		{"input with hidden", refusal[none, struct {
			X int `net:"-"`
		}](), []string{"cannot have owner or hidden"}},
		{"input too wide", refusal[none, struct{ X [17]int }](), []string{"17", "16"}},
		{"input no struct", refusal[none, int](), []string{"must be a struct"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if c.err == nil {
				t.Fatal("accepted")
			}
			for _, s := range append(c.says, "game: test: ") {
				if !strings.Contains(c.err.Error(), s) {
					t.Errorf("%q is not in %q", s, c.err)
				}
			}
		})
	}
}

func TestStateRefusals(t *testing.T) {
	refuse := func(err error, says ...string) {
		t.Helper()
		for _, s := range says {
			if err == nil || !strings.Contains(err.Error(), s) {
				t.Errorf("%q is not in %v", s, err)
			}
		}
	}
	type Plain struct{ N int }
	type Hidden struct{ rows Table[none] }
	type Secret struct {
		E Events[struct {
			P PlayerID
			X int `net:"owner"`
		}]
	}
	_, err := Define[Plain, none]("test", any3[Plain, none]{}, Config{})
	refuse(err, "Plain.N", "int", "game.Table")
	_, err = Define[Hidden, none]("test", any3[Hidden, none]{}, Config{})
	refuse(err, "Hidden.rows", "unexported")
	_ = Hidden{}.rows
	_, err = Define[Secret, none]("test", any3[Secret, none]{}, Config{})
	refuse(err, "Secret.E", "owner or hidden")
	_, err = Define[int, none]("test", any3[int, none]{}, Config{})
	refuse(err, "int", "must be a struct")
	for _, name := range []string{"", "Tag", "1st", "a b", strings.Repeat("a", 33), "../x"} {
		_, err = Define[none, none](name, any3[none, none]{}, Config{})
		refuse(err, "name", "a-z")
	}
	for says, c := range map[string]Config{
		"tick rate": {TickRate: 129}, "snapshot rate": {TickRate: 10, SnapshotRate: 11},
		"players": {MaxPlayers: 1025}, "rewind": {Rewind: 2 * time.Second},
	} {
		_, err = Define[none, none]("test", any3[none, none]{}, c)
		refuse(err, says)
	}
}

func TestWithRates(t *testing.T) {
	g := MustDefine[tState, tInput]("test", tRules{}, Config{})
	other, err := g.WithRates(20, 10)
	if err != nil || other.Schema().Hash == g.Schema().Hash || other.Config().TickRate != 20 || other.Config().SnapshotRate != 10 {
		t.Errorf("%+v, %v", other.Config(), err)
	}
}
