package netcode

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"arbiter/game/sim"
)

func TestGoldenPacking(t *testing.T) {
	var out []goldenCase
	for _, c := range []struct {
		name  string
		on    *sim.Schema
		cells []int64
	}{
		{"at rest", pilot, []int64{0, 0, 0, 0}},
		{"all least", pilot, []int64{-1, -1, 0, 0}},
		{"all most", pilot, []int64{1, 1, 1, 255}},
		{"back, right and fire at half a turn", pilot, []int64{-1, 1, 1, 128}},
		{"zeros", counter, make([]int64, 8)},
		{"all least", counter, []int64{-32768, -32768, -1 << 53, 0, -sim.MaxCell, 0, 0, 0}},
		{"all most", counter, []int64{32767, 32767, 1 << 53, 1, sim.MaxCell, 5e9, 255, 255}},
		{"one byte each where it can", counter, []int64{-32768 + 127, -32768, -80, 0, 79, -0, 1, 0}},
	} {
		p := NewPacking(&c.on.Input)
		b := p.Append(nil, c.cells)
		r := NewReader(b)
		got := make([]int64, p.Leaves())
		if err := p.Read(&r, got); err != nil || !slices.Equal(got, c.cells) || r.Len() != 0 {
			t.Errorf("%s %s: %v came back as %v, %v", c.on.Game, c.name, c.cells, got, err)
		}
		for n := range b {
			r := NewReader(b[:n])
			if err := p.Read(&r, got); !errors.Is(err, ErrTruncated) {
				t.Errorf("%s %s: first %d bytes: %v", c.on.Game, c.name, n, err)
			}
		}
		out = append(out, goldenCase{Name: c.name, On: c.on.Game, Hex: hex.EncodeToString(b), Fields: map[string]any{"cells": c.cells}})
	}
	checkGolden(t, "packing.json", out)
}

func TestPackingGroups(t *testing.T) {
	wants(t, "pilot's integers", NewPacking(&pilot.Input).Len(), 1)
	// A · B | C · D | E | F | G·H: A and B together would be 2^32
	wants(t, "counter's integers", NewPacking(&counter.Input).Len(), 7)
	p := NewPacking(&pilot.Input)
	for aim := range int64(4) { // n = (thrust+1) + 3(turn+1) + 9·fire + 18·aim
		b := p.Append(nil, []int64{1, 0, 1, aim})
		if want := AppendUint(nil, uint64(2+3*1+9+18*aim)); !bytes.Equal(b, want) {
			t.Errorf("aim %d is %x, want %x", aim, b, want)
		}
	}
}

// TestPackingUpToItsProduct: ranges whose product is exactly 2^31 share an
// integer, one more does not.
func TestPackingUpToItsProduct(t *testing.T) {
	field := func(n int64) sim.Field { return sim.Field{Kind: sim.Int, Bounded: true, Min: 5, Max: 4 + n} }
	for _, c := range []struct {
		ranges []int64
		words  int
	}{
		{[]int64{1 << 16, 1 << 15}, 1},
		{[]int64{1 << 16, 1<<15 + 1}, 2},
		{[]int64{1 << 31}, 1},
		{[]int64{1 << 31, 1, 1}, 1},
		{[]int64{1 << 31, 2}, 2},
		{[]int64{1<<31 + 1, 2, 2}, 2},
		{[]int64{2, 1<<31 + 1, 2}, 3},
		{nil, 0},
	} {
		var s sim.RowSchema
		var least, most []int64
		for _, n := range c.ranges {
			s.Fields = append(s.Fields, field(n))
			least, most = append(least, 5), append(most, 4+n)
		}
		p := NewPacking(&s)
		wants(t, "integers", p.Len(), c.words)
		for _, cells := range [][]int64{least, most} {
			r := NewReader(p.Append(nil, cells))
			got := make([]int64, len(cells))
			if err := p.Read(&r, got); err != nil || !slices.Equal(got, cells) {
				t.Errorf("ranges %v: %v came back as %v, %v", c.ranges, cells, got, err)
			}
		}
	}
}

// TestWideLeavesAreBiased: one that is too wide to pack is an integer of its
// own, though it has bounds.
func TestWideLeavesAreBiased(t *testing.T) {
	for span, want := range map[int64][]byte{1<<31 - 1: {3}, 1 << 31: {48 + 3}} {
		s := sim.RowSchema{Fields: []sim.Field{{Kind: sim.Int, Bounded: true, Max: span}}}
		wants(t, "3", string(NewPacking(&s).Append(nil, []int64{3})), string(want))
	}
}

func TestPackingRefuses(t *testing.T) {
	full := uint64(3 * 3 * 2 * 256)
	for name, c := range map[string]struct {
		on   *sim.Schema
		b    []byte
		want error
	}{
		"largest":             {pilot, AppendUint(nil, full-1), nil},
		"the product itself":  {pilot, AppendUint(nil, full), ErrRange},
		"beyond 32 bits":      {pilot, AppendUint(nil, 1<<32), ErrRange}, // would be 0 if cut
		"negative":            {pilot, AppendInt(nil, -1), ErrRange},
		"a float":             {pilot, AppendFloat64(nil, 1), ErrType},
		"nil":                 {pilot, AppendNil(nil), ErrType},
		"E beyond exact":      {counter, AppendBiased([]byte{0, 0, 0, 0}, sim.MaxCell+1), ErrRange},
		"E below exact":       {counter, AppendBiased([]byte{0, 0, 0, 0}, -sim.MaxCell-1), ErrRange},
		"F above its bound":   {counter, AppendBiased([]byte{0, 0, 0, 0, 48}, 5e9+1), ErrRange},
		"F below its bound":   {counter, AppendBiased([]byte{0, 0, 0, 0, 48}, -1), ErrRange},
		"C that wraps around": {counter, append(AppendBiased([]byte{0, 0}, math.MinInt64), 0, 48, 48, 0), nil},
	} {
		p := NewPacking(&c.on.Input)
		r := NewReader(c.b)
		if err := p.Read(&r, make([]int64, p.Leaves())); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

// Hazards: numbers.
func TestPackingBringsCellsIntoBounds(t *testing.T) {
	p := NewPacking(&pilot.Input)
	r := NewReader(p.Append(nil, []int64{-5, 99, 7, 1 << 40}))
	got := make([]int64, 4)
	if err := p.Read(&r, got); err != nil || !slices.Equal(got, []int64{-1, 1, 1, 255}) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestPackingIsExactForRandomRows(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, s := range []*sim.Schema{pilot, counter} {
		p := NewPacking(&s.Input)
		cells, got := make([]int64, p.Leaves()), make([]int64, p.Leaves())
		for range 2000 {
			for i := range cells {
				lo, hi := bounds(&s.Input.Fields[i])
				cells[i] = min(max(int64(rnd.Uint64())>>rnd.IntN(64), lo), hi)
			}
			r := NewReader(p.Append(nil, cells))
			if err := p.Read(&r, got); err != nil || !slices.Equal(got, cells) {
				t.Fatalf("%v came back as %v, %v", cells, got, err)
			}
		}
	}
}

func BenchmarkPackingRead(b *testing.B) {
	p := NewPacking(&pilot.Input)
	msg := p.Append(nil, []int64{1, -1, 1, 200})
	cells := make([]int64, p.Leaves())
	b.ReportAllocs()
	for b.Loop() {
		r := NewReader(msg)
		if p.Read(&r, cells) != nil {
			b.Fatal(r.Err())
		}
	}
}
