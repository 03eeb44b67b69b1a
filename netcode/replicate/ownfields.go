package replicate

import (
	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/internal/delta"
	"arbiter/netcode/internal/statehash"
)

// ownFields encodes what only f's player may know of its rows: for each of them
// with a changed owner field (id step, mask…, values), as residuals to what it
// had.
func (r *Replicator) ownFields(f *Feed, base *record) netcode.FlatRun {
	now := r.now
	var old *Frame
	if base != nil {
		old = base.frame
	}
	own := &r.owned
	own.open()
	for i := range r.schema.Tables {
		t := &r.schema.Tables[i]
		if t.Public == len(t.Fields) {
			continue
		}
		var before []ownedRow
		if old != nil {
			before = old.owned(i, f.player)
		}
		own.begin(i)
		last := game.ID(0)
		for _, o := range now.owned(i, f.player) {
			id := now.Tables[i].IDs[o.index]
			for len(before) > 0 && old.Tables[i].IDs[before[0].index] < id {
				before = before[1:]
			}
			var was sim.Row
			if len(before) > 0 && old.Tables[i].IDs[before[0].index] == id {
				was = sim.Row{Cells: old.Tables[i].Row(int(before[0].index)), Texts: old.Tables[i].Texts}
			}
			is := sim.Row{Cells: now.Tables[i].Row(int(o.index)), Texts: now.Tables[i].Texts}
			if own.ownRow(t, int64(id-last-1), is, was) {
				last = id
			}
		}
		own.end()
	}
	return own.run()
}

// ownRow appends one row's changed owner fields and reports whether any were.
// Without an earlier row every field counts as zero.
func (w *sectionWriter) ownRow(t *sim.RowSchema, step int64, is, was sim.Row) bool {
	var mask uint64
	fields := t.Fields[t.Public:]
	for k := range fields {
		if ownChanged(&fields[k], t.Public+k, is, was) {
			mask |= 1 << k
		}
	}
	if mask == 0 {
		return false
	}
	w.b = netcode.AppendInt(w.b, step)
	w.items++
	for n, m := len(fields), mask; n > 0; n -= 32 {
		w.b = netcode.AppendInt(w.b, int64(uint32(m)))
		m >>= 32
		w.items++
	}
	for k := range fields {
		if mask&(1<<k) == 0 {
			continue
		}
		w.items++
		f, c := &fields[k], is.Cells[t.Public+k]
		if f.Codec == sim.Absolute {
			w.b = delta.AppendCell(w.b, f, c, is.Texts)
			continue
		}
		var pred int64
		if was.Cells != nil {
			pred = was.Cells[t.Public+k]
		}
		w.b = netcode.AppendBiased(w.b, delta.Residual(c, pred, f.Wrap))
	}
	w.rows++
	return true
}

func ownChanged(f *sim.Field, k int, is, was sim.Row) bool {
	if f.Kind == sim.Text {
		before := ""
		if was.Cells != nil {
			before = was.Texts[was.Cells[k]]
		}
		return is.Texts[is.Cells[k]] != before
	}
	var before int64
	if was.Cells != nil {
		before = was.Cells[k]
	}
	return is.Cells[k] != before
}

// ownSum hashes the owner fields of p's rows in the newest frame.
func (r *Replicator) ownSum(p game.PlayerID) uint32 {
	var h statehash.Hash
	for i := range r.schema.Tables {
		t := &r.schema.Tables[i]
		if p == 0 || t.Public == len(t.Fields) {
			continue
		}
		for _, o := range r.now.owned(i, p) {
			h.OwnRow(i, t, &r.now.Tables[i], int(o.index))
		}
	}
	return h.Sum()
}
