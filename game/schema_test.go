package game

import (
	"math"
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

func TestSchemaOfFields(t *testing.T) {
	type inner struct{ Suit, Rank uint8 }
	type row struct {
		Secret float64 `net:"-"`
		Ammo   int16   `net:"owner"`
		Who    PlayerID
		X      float64 `net:"step=1/64,linear"`
		Angle  float32 `net:"step=tau/256,wrap"`
		Course int     `net:"wrap=360"`
		Speed  float64 `net:"step=0.01,min=-2,max=2"`
		Hand   [2]inner
		Real   float64
		Name   string `net:"len=8"`
		_      int
	}
	type State struct {
		A Table[row]
		B Value[struct{ On bool }]
	}
	g := MustDefine[State, tInput]("test", any3[State, tInput]{}, Config{})
	s := g.Schema()
	want := []Field{
		{Path: "Who", Kind: Int, Max: math.MaxUint16, Bounded: true},
		{Path: "X", Kind: Fixed, Step: 1.0 / 64, Codec: Linear, Interp: Lerp},
		{Path: "Angle", Kind: Fixed, Step: 2 * math.Pi / 256, Wrap: 256, Max: 255, Bounded: true, Interp: Angle},
		{Path: "Course", Kind: Int, Wrap: 360, Max: 359, Bounded: true, Interp: Angle},
		{Path: "Speed", Kind: Fixed, Step: 0.01, Min: -200, Max: 200, Bounded: true, Interp: Lerp},
		{Path: "Hand.0.Suit", Kind: Int, Max: 255, Bounded: true},
		{Path: "Hand.0.Rank", Kind: Int, Max: 255, Bounded: true},
		{Path: "Hand.1.Suit", Kind: Int, Max: 255, Bounded: true},
		{Path: "Hand.1.Rank", Kind: Int, Max: 255, Bounded: true},
		{Path: "Real", Kind: Real, Codec: Absolute, Interp: Lerp},
		{Path: "Name", Kind: Text, Codec: Absolute, MaxLen: 8},
		{Path: "Ammo", Kind: Int, Min: math.MinInt16, Max: math.MaxInt16, Bounded: true, Owner: true},
	}
	a := s.Tables[0]
	if len(a.Fields) != len(want) || a.Public != 11 || a.Owner != 0 || a.Single || len(a.leaves) != 13 {
		t.Fatalf("%d fields, %d public, owner %d, %d leaves", len(a.Fields), a.Public, a.Owner, len(a.leaves))
	}
	for i, f := range a.Fields {
		f.mem, f.offset, f.clamp, f.inv = 0, 0, false, 0
		if f != want[i] {
			t.Errorf("field %d is %+v\n want %+v", i, f, want[i])
		}
	}
	if !s.Tables[1].Single || s.Tables[1].Owner != -1 || s.Rewinds {
		t.Errorf("%+v", s.Tables[1])
	}
	other, err := g.WithRates(20, 10)
	if err != nil || other.Schema().Hash == s.Hash || other.Config().TickRate != 20 || other.Config().SnapshotRate != 10 {
		t.Errorf("%+v, %v", other.Config(), err)
	}
}
