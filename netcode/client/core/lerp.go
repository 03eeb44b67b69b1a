package core

import (
	"math"

	"arbiter/game/sim"
)

// moves reports whether a field is drawn between its values.
func moves(f *sim.Field) bool { return f.Interp == sim.Lerp || f.Interp == sim.Angle }

// distance is how far it is from cell a to cell b, in the field's units; on a
// circle the shorter way.
func distance(f *sim.Field, a, b int64) float64 {
	if f.Kind == sim.Real {
		return f.Float(b) - f.Float(a)
	}
	d := b - a
	if f.Wrap == 0 && !f.Unsigned && (b < a) != (d < 0) { // beyond what an int64 holds
		return value(f, b) - value(f, a)
	}
	if f.Wrap > 0 {
		if d %= f.Wrap; d < 0 {
			d += f.Wrap
		}
		if 2*d >= f.Wrap {
			d -= f.Wrap
		}
	}
	return float64(d) * unit(f)
}

// unit is what one step of a cell is worth.
func unit(f *sim.Field) float64 {
	if f.Kind == sim.Fixed {
		return f.Step
	}
	return 1
}

func value(f *sim.Field, c int64) float64 {
	if f.Kind == sim.Fixed || f.Kind == sim.Real {
		return f.Float(c)
	}
	if f.Unsigned {
		return float64(uint64(c))
	}
	return float64(c)
}

// lerp, linear interpolation, is the value at t between cell a (t = 0) and cell
// b (t = 1), or beyond them. Where no line leads from one to the other, because
// one of them is NaN or an infinity, it is a until t = 1.
func lerp(f *sim.Field, a, b int64, t float64) float64 {
	d := distance(f, a, b)
	if !finite(d) {
		if t < 1 {
			b = a
		}
		return value(f, b)
	}
	return within(f, value(f, a)+d*t)
}

func finite(v float64) bool { return v-v == 0 }

// within brings a value back onto its field's circle or into its bounds.
func within(f *sim.Field, v float64) float64 {
	switch {
	case f.Wrap > 0:
		circle := float64(f.Wrap) * unit(f)
		if v = math.Mod(v, circle); v < 0 {
			v += circle
		}
	case f.Bounded:
		v = min(max(v, value(f, f.Min)), value(f, f.Max))
	}
	return v
}

// coast is how far something has come x after the last that is known of it,
// if its speed goes down to nothing evenly over limit: it never turns back, and
// never gets further than half of limit.
func coast(x, limit float64) float64 {
	x = min(max(x, 0), limit)
	return x - x*x/(2*limit)
}
