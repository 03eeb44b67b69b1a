package core

import (
	"math"
	"testing"

	"arbiter/game/sim"
)

func TestLerpByHint(t *testing.T) {
	x := &sim.Field{Kind: sim.Fixed, Step: 0.5, Interp: sim.Lerp}
	angle := &sim.Field{Kind: sim.Fixed, Step: math.Pi / 128, Wrap: 256, Min: 0, Max: 255, Bounded: true, Interp: sim.Angle}
	course := &sim.Field{Kind: sim.Int, Wrap: 360, Min: 0, Max: 359, Bounded: true, Interp: sim.Angle}
	bounded := &sim.Field{Kind: sim.Int, Min: 0, Max: 10, Bounded: true, Interp: sim.Lerp}
	real := &sim.Field{Kind: sim.Real, Interp: sim.Lerp}
	bits := func(v float64) int64 { return int64(math.Float64bits(v)) }
	for i, c := range []struct {
		f    *sim.Field
		a, b int64
		t    float64
		want float64
	}{
		{x, 10, 20, 0.25, 6.25},
		{x, 10, 20, 1.5, 12.5}, // beyond
		{x, -3, -3, 7, -1.5},
		{angle, 250, 10, 0.5, 2 * math.Pi / 256 * 2},   // over the top, not back
		{angle, 10, 250, 0.5, 2 * math.Pi / 256 * 2},   //
		{angle, 10, 250, 1.5, 2 * math.Pi / 256 * 242}, // on beyond
		{course, 350, 20, 0.5, 5},
		{course, 20, 350, 2, 320},
		{bounded, 8, 10, 3, 10}, // bounds hold in extrapolation
		{bounded, 2, 0, 3, 0},
		{real, bits(1), bits(2), 0.75, 1.75},
		{real, bits(1), bits(math.Inf(1)), 0.75, 1}, // no line leads there: held
		{real, bits(1), bits(math.Inf(1)), 1, math.Inf(1)},
		{real, bits(math.Inf(-1)), bits(2), 1.5, 2},
		{real, bits(math.MaxFloat64), bits(-math.MaxFloat64), 0.5, math.MaxFloat64},
		{&sim.Field{Kind: sim.Int, Unsigned: true, Interp: sim.Lerp}, math.MinInt64, -1, 0.5, 1.5 * (1 << 63)},
		{&sim.Field{Kind: sim.Int, Interp: sim.Lerp}, math.MinInt64, math.MaxInt64, 0.75, 1 << 62},
	} {
		if got := lerp(c.f, c.a, c.b, c.t); got != c.want && !(math.Abs(got-c.want) <= 1e-9) {
			t.Errorf("case %d: between %d and %d at %v is %v, want %v", i, c.a, c.b, c.t, got, c.want)
		}
	}
}

func TestCoastNeverTurnsBackAndStops(t *testing.T) {
	last := 0.0
	for x := -1.0; x < 20; x += 0.01 {
		c := coast(x, 7.5)
		if c < last || c > 3.75 || c > max(x, 0) {
			t.Fatalf("coasting %v gives %v after %v", x, c, last)
		}
		last = c
	}
	if last != 3.75 || coast(0.01, 7.5) < 0.00999 {
		t.Errorf("coasting ends at %v and begins with %v", last, coast(0.01, 7.5))
	}
}
