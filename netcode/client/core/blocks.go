package core

import (
	"arbiter/game"
	"arbiter/game/sim"
)

// owned reports whether row i of b belongs to p.
func owned(s *sim.RowSchema, b *sim.Block, i int, p game.PlayerID) bool {
	return s.Owner >= 0 && p != 0 && game.PlayerID(b.Cells[i*b.Width+s.Owner]) == p
}

// blockWriter builds a block row by row out of others.
type blockWriter struct {
	schema *sim.RowSchema
	to     *sim.Block
}

func newBlock(s *sim.RowSchema, to *sim.Block) blockWriter {
	to.Resize(len(s.Fields), 0)
	to.Last = 0
	return blockWriter{s, to}
}

// row appends row i of from, which must have a higher id than those before.
func (w blockWriter) row(from *sim.Block, i int) {
	n := len(w.to.Cells)
	w.to.IDs = append(w.to.IDs, from.IDs[i])
	w.to.Cells = append(w.to.Cells, from.Row(i)...)
	w.to.Last = max(w.to.Last, from.IDs[i])
	for k := range w.schema.Fields {
		if w.schema.Fields[k].Kind != sim.Text {
			continue
		}
		if c := &w.to.Cells[n+k]; *c >= 0 && *c < int64(len(from.Texts)) {
			w.to.Texts = append(w.to.Texts, from.Texts[*c])
			*c = int64(len(w.to.Texts) - 1)
		}
	}
}

// copyOwn makes to the rows of from that belong to p.
func copyOwn(s *sim.RowSchema, from, to *sim.Block, p game.PlayerID) {
	w := newBlock(s, to)
	for i := range from.IDs {
		if owned(s, from, i, p) {
			w.row(from, i)
		}
	}
}

// replaceOwn makes to the rows of others that do not belong to p, and all of
// own. It goes over both in order of id: one's, the other's, or both.
func replaceOwn(s *sim.RowSchema, others, own, to *sim.Block, p game.PlayerID) {
	w := newBlock(s, to)
	i, k := 0, 0
	for i < len(others.IDs) || k < len(own.IDs) {
		switch {
		case k == len(own.IDs) || i < len(others.IDs) && others.IDs[i] < own.IDs[k]:
			if !owned(s, others, i, p) {
				w.row(others, i)
			}
			i++
		case i == len(others.IDs) || own.IDs[k] < others.IDs[i]:
			w.row(own, k)
			k++
		default: // a row guessed under a number that was given to another
			if owned(s, others, i, p) {
				w.row(own, k)
			} else {
				w.row(others, i)
			}
			i++
			k++
		}
	}
	w.to.Last = max(w.to.Last, others.Last)
}

// sameRow reports whether two rows are equal in every field.
func sameRow(s *sim.RowSchema, a *sim.Block, i int, b *sim.Block, k int) bool {
	x, y := a.Row(i), b.Row(k)
	for n := range x {
		if s.Fields[n].Kind != sim.Text {
			if x[n] != y[n] {
				return false
			}
		} else if text(a, x[n]) != text(b, y[n]) {
			return false
		}
	}
	return true
}

func text(b *sim.Block, cell int64) string {
	if cell < 0 || cell >= int64(len(b.Texts)) {
		return ""
	}
	return b.Texts[cell]
}
