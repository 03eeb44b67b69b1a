package netcode

import (
	"math"

	"arbiter/game/sim"
)

// maxProduct bounds one packed integer, so that it is a small positive number
// for every language.
const maxProduct = 1 << 31

// Packing is how the cells of an input become as few integers as possible.
//
// Leaves are taken in order. A leaf with bounds (a bool, a type of 8 or 16
// bits, declared min and max, a circle) is a digit of a mixed-radix number, the
// first leaf the least significant: with c = cell − min and r = max − min + 1,
//
//	n = c0 + r0·(c1 + r1·(c2 + …))
//
// as long as the product of the ranges is at most 2^31; the leaf that would
// exceed it begins the next integer. A leaf without bounds, or whose own range
// exceeds 2^31, is an integer of its own, biased by 48.
//
// Thrust −1…1, Turn −1…1 and Fire are one byte: n = (thrust+1) + 3·(turn+1) + 9·fire.
//
// A Packing is immutable and safe for concurrent use.
type Packing struct {
	words  []word
	digits []digit // one per leaf
	fields []sim.Field
}

// word is one integer on the wire, made of n leaves from first on.
type word struct {
	first, n int
	product  uint32 // of the ranges; 0 = one leaf, biased
}

type digit struct {
	min, max int64
	radix    uint32 // max−min+1, at most 2^31
}

// NewPacking computes the packing of an input's row.
func NewPacking(s *sim.RowSchema) *Packing {
	p := &Packing{fields: s.Fields, digits: make([]digit, len(s.Fields))}
	for i := range s.Fields {
		f := &s.Fields[i]
		d := &p.digits[i]
		d.min, d.max = bounds(f)
		span := uint64(d.max) - uint64(d.min) // max−min without overflow
		if !f.Bounded || span >= maxProduct {
			p.words = append(p.words, word{first: i, n: 1})
			continue
		}
		d.radix = uint32(span + 1)
		if last := len(p.words) - 1; last >= 0 {
			w := &p.words[last]
			if product := uint64(w.product) * uint64(d.radix); product > 0 && product <= maxProduct {
				w.n++
				w.product = uint32(product)
				continue
			}
		}
		p.words = append(p.words, word{first: i, n: 1, product: d.radix})
	}
	return p
}

// Len is the number of integers a row becomes.
func (p *Packing) Len() int { return len(p.words) }

// Leaves is the number of cells of a row.
func (p *Packing) Leaves() int { return len(p.digits) }

// Append appends the integers of a row of Leaves cells. A cell outside its
// bounds is brought to the nearer one.
func (p *Packing) Append(b []byte, cells []int64) []byte {
	for _, w := range p.words {
		if w.product == 0 {
			d := &p.digits[w.first]
			b = AppendBiased(b, min(max(cells[w.first], d.min), d.max))
			continue
		}
		b = AppendUint(b, uint64(p.pack(w, cells)))
	}
	return b
}

// Bound brings each cell outside its bounds to the nearer one, as Append does.
func (p *Packing) Bound(cells []int64) {
	for i := range p.digits {
		d := &p.digits[i]
		cells[i] = min(max(cells[i], d.min), d.max)
	}
}

func (p *Packing) pack(w word, cells []int64) (n uint32) {
	for i := w.first + w.n - 1; i >= w.first; i-- {
		d := &p.digits[i]
		n = n*d.radix + uint32(min(max(cells[i], d.min), d.max)-d.min)
	}
	return n
}

// Read reads the integers of a row into Leaves cells. One that no row packs
// to, and a cell outside its bounds, is ErrRange; what cells then holds is
// unspecified. The error also sticks to r.
func (p *Packing) Read(r *Reader, cells []int64) error {
	for _, w := range p.words {
		start := r.pos
		if w.product == 0 {
			d := &p.digits[w.first]
			c := r.Biased()
			if c < d.min || c > d.max {
				r.failAt(start, ErrRange)
			}
			cells[w.first] = c
			continue
		}
		v := r.Uint()
		if v >= uint64(w.product) {
			r.failAt(start, ErrRange)
			return r.err
		}
		n := uint32(v)
		for i := w.first; i < w.first+w.n; i++ {
			d := &p.digits[i]
			cells[i] = d.min + int64(n%d.radix)
			n /= d.radix
		}
	}
	return r.err
}

// bounds is the range of a field's cell, declared or given by its kind.
func bounds(f *sim.Field) (lo, hi int64) {
	switch {
	case f.Bounded:
		return f.Min, f.Max
	case f.Kind == sim.Fixed:
		return -sim.MaxCell, sim.MaxCell
	}
	return math.MinInt64, math.MaxInt64
}
