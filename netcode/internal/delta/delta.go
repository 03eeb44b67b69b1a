// Package delta is what the two ends of delta compression must do alike: how a
// cell is predicted from the baseline, what is left to send of it, and how the
// flat runs of a snapshot are laid out. Package netcode's documentation is its
// specification; package replicate encodes, package view decodes.
package delta

import (
	"math"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
)

// The layout of a row key; see "Flat runs" in package netcode's documentation.
const (
	NarrowFields = 4           // tables of at most so many public fields have the mask in the key
	Classes      = 8           // of masks, of the others
	NewClass     = Classes - 1 // says that a mask follows
)

// Residual is what is sent for a cell that is expected to be pred: on a circle
// of wrap steps the shorter way round.
func Residual(cell, pred, wrap int64) int64 {
	r := cell - pred
	if wrap > 0 {
		if r < 0 || r >= wrap {
			if r %= wrap; r < 0 {
				r += wrap
			}
		}
		if 2*r >= wrap {
			r -= wrap
		}
	}
	return r
}

// Restore is the inverse of [Residual].
func Restore(r, pred, wrap int64) int64 {
	c := pred + r
	if wrap > 0 && (c < 0 || c >= wrap) {
		if c %= wrap; c < 0 {
			c += wrap
		}
	}
	return c
}

// maxExtrapolation bounds the ticks over which a movement is extrapolated, so that
// both ends may forget older frames.
const maxExtrapolation = netcode.MinFrames/2 - 1

// Extrapolates reports whether movement from prev to base is extrapolated to now. Both
// ends decide it alike, from ticks only.
func Extrapolates(prev, base, now game.Tick) bool {
	return prev != 0 && base.Sub(prev) > 0 && base.Sub(prev) <= maxExtrapolation && now.Sub(base) <= maxExtrapolation
}

// Extrapolate carries on a movement of d over den ticks for num more ticks.
func Extrapolate(d, num, den int64) int64 {
	if num == den {
		return d
	}
	d *= num
	q := d / den
	if d%den < 0 { // floor, as every language can
		q--
	}
	return q
}

// AppendCell appends a cell as it is: a text as a string, a float without a step
// as a float64, anything else as an integer.
func AppendCell(b []byte, f *sim.Field, c int64, texts []string) []byte {
	switch f.Kind {
	case sim.Text:
		return netcode.AppendStr(b, texts[c])
	case sim.Real:
		return netcode.AppendFloat64(b, f.Float(c))
	}
	return netcode.AppendInt(b, c)
}

// ReadCell reads what [AppendCell] wrote. A text is added to those of b.
func ReadCell(r *netcode.Reader, f *sim.Field, b *sim.Block) int64 {
	switch f.Kind {
	case sim.Text:
		b.Texts = append(b.Texts, string(r.Str(f.MaxLen)))
		return int64(len(b.Texts) - 1)
	case sim.Real:
		return int64(math.Float64bits(r.Float64()))
	}
	return r.Int()
}
