package sim

import (
	"math"
	"reflect"
	"testing"
)

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
	s, err := NewSchema("test", []Part{
		{Name: "A", Path: "State.A", Kind: TablePart, Row: reflect.TypeFor[row]()},
		{Name: "B", Path: "State.B", Kind: ValuePart, Row: reflect.TypeFor[struct{ On bool }]()},
	}, reflect.TypeFor[struct{ Fire bool }]())
	if err != nil {
		t.Fatal(err)
	}
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
}
