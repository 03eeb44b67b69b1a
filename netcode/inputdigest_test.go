package netcode

import (
	"encoding/hex"
	"fmt"
	"testing"

	"arbiter/game/sim"
)

// step is what a digest is fed with: an entry's cells or a command.
type step struct {
	cells   []int64
	command *Command
}

func digestOf(s *sim.Schema, steps []step) (l InputDigest) {
	layout := NewInputLayout(s)
	for _, st := range steps {
		if st.command != nil {
			l.Command(layout, st.command.Kind, st.command.Row)
		} else {
			l.Input(layout.Packing, st.cells)
		}
	}
	return l
}

func TestGoldenInputDigest(t *testing.T) {
	var out []goldenCase
	for _, c := range []struct {
		on    *sim.Schema
		steps []step
	}{
		{pilot, []step{{cells: []int64{0, 0, 0, 0}}, {cells: []int64{1, -1, 1, 255}}, {command: rename(3, "Ümit")},
			{command: tune(4, []int64{4, 1, bitsOf(-0.5), -1, 0, 1}, "label", "note")}, {cells: []int64{0, 0, 0, 0}}}},
		{counter, []step{{cells: []int64{-32768, 32767, -1 << 53, 1, 1 << 40, 5e9, 255, 0}}, {cells: make([]int64, 8)}}},
	} {
		for n := range c.steps {
			l := digestOf(c.on, c.steps[:n+1])
			wants(t, "count", l.Count, uint32(n+1))
			f := map[string]any{"count": l.Count, "hash": l.Hash}
			var b []byte
			if st := c.steps[n]; st.command != nil {
				layout := NewInputLayout(c.on)
				b = layout.appendCommand(nil, st.command.Kind, st.command.Row)
				f["kind"], f["cells"], f["texts"] = st.command.Kind, st.command.Row.Cells, st.command.Row.Texts
				if st.command.Kind == 1 {
					f["cells"] = nil // has a float's bits; read the bytes
				}
			} else {
				b = NewPacking(&c.on.Input).Append(nil, st.cells)
				f["cells"] = st.cells
			}
			out = append(out, goldenCase{Name: fmt.Sprintf("after %d", n+1), On: c.on.Game, Hex: hex.EncodeToString(b), Fields: f})
		}
	}
	checkGolden(t, "inputdigest.json", out)
}

// TestInputDigestNoticesEveryChange: losing, repeating, swapping or changing any
// one step changes the sum.
func TestInputDigestNoticesEveryChange(t *testing.T) {
	steps := []step{
		{cells: []int64{0, 0, 0, 0}}, {cells: []int64{1, 0, 0, 0}}, {command: rename(3, "a")}, {command: rename(4, "b")},
		{cells: []int64{0, 0, 0, 1}}, {command: tune(6, []int64{1, 0, 0, 0, 0, 1}, "x", "")}, {cells: []int64{0, 0, 0, 0}},
	}
	whole := digestOf(pilot, steps)
	seen := map[uint32]string{whole.Hash: "the whole"}
	check := func(what string, changed []step) {
		l := digestOf(pilot, changed)
		if other, ok := seen[l.Hash]; ok {
			t.Errorf("%s has the hash of %s", what, other)
		}
		seen[l.Hash] = what
	}
	for i := range steps {
		check(fmt.Sprint("without ", i), append(steps[:i:i], steps[i+1:]...))
		check(fmt.Sprint("with ", i, " twice"), append(steps[:i+1:i+1], steps[i:]...))
		if i > 0 {
			swapped := append([]step(nil), steps...)
			swapped[i-1], swapped[i] = swapped[i], swapped[i-1]
			check(fmt.Sprint("with ", i, " before ", i-1), swapped)
		}
	}
	moved := append([]step(nil), steps...)
	moved[5] = step{command: tune(6, []int64{1, 0, 0, 0, 0, 1}, "", "x")}
	check("with a text in the next field", moved)
	wants(t, "variants", len(seen), 1+7+7+6+1)
}

func BenchmarkInputDigest(b *testing.B) {
	p := NewPacking(&pilot.Input)
	cells := []int64{1, -1, 1, 200}
	var l InputDigest
	b.ReportAllocs()
	for b.Loop() {
		l.Input(p, cells)
	}
}
