package view

import (
	"slices"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/internal/delta"
)

// tables is the client's half of delta compression: it copies the baseline into
// d.into and applies the three flat runs of a snapshot's body.
func (d *decoder) tables(body *netcode.Body) error {
	for i := range d.schema.Tables {
		b := &d.into.Tables[i]
		if d.base == nil {
			b.Resize(len(d.schema.Tables[i].Fields), 0)
		} else {
			b.CopyFrom(&d.base.Tables[i])
			d.extrapolate(i)
		}
	}
	if err := d.sections(&body.Update, d.update); err != nil {
		return err
	}
	if err := d.sections(&body.Leave, d.removeRows); err != nil {
		return err
	}
	if err := d.sections(&body.Enter, d.addRows); err != nil {
		return err
	}
	for i := range d.schema.Tables {
		d.disown(i)
	}
	return nil
}

// section is the head of one table's part of a flat run.
type section struct {
	*netcode.Reader
	table int
	rows  int
}

// sections calls read for each section of a flat run, tables ascending.
func (d *decoder) sections(run *netcode.FlatRun, read func(section)) error {
	if run.Items == 0 {
		return nil
	}
	d.r = netcode.NewReader(run.Bytes) // not a local: read would have it escape
	r := &d.r
	last := -1
	for r.Len() > 0 {
		if len(d.schema.Tables) == 0 {
			r.Fail(netcode.ErrRange)
			break
		}
		s := section{Reader: r, table: int(r.UintTo(uint64(len(d.schema.Tables) - 1))), rows: int(r.UintTo(maxRows))}
		if s.table <= last {
			r.Fail(netcode.ErrRange)
		}
		if r.Err() != nil {
			break
		}
		last = s.table
		read(s)
	}
	if r.Err() != nil {
		return &netcode.ParseError{Kind: netcode.KindSnapshot, At: r.Offset(), Err: r.Err()}
	}
	return nil
}

// extrapolate carries the Linear cells of a table on from the baseline.
func (d *decoder) extrapolate(i int) {
	t := &d.schema.Tables[i]
	if d.prev == nil || !slices.ContainsFunc(t.Fields[:t.Public], func(f sim.Field) bool { return f.Codec == sim.Linear }) {
		return
	}
	now, before := &d.into.Tables[i], &d.prev.Tables[i]
	k := 0
	for j, id := range now.IDs {
		for k < len(before.IDs) && before.IDs[k] < id {
			k++
		}
		if k == len(before.IDs) {
			return
		}
		if before.IDs[k] != id {
			continue
		}
		cells, old := now.Row(j), before.Row(k)
		for n := range t.Public {
			if f := &t.Fields[n]; f.Codec == sim.Linear {
				cells[n] = delta.Restore(delta.Extrapolate(delta.Residual(cells[n], old[n], f.Wrap), d.num, d.den), cells[n], f.Wrap)
			}
		}
	}
}

func (d *decoder) update(s section) {
	t, b := &d.schema.Tables[s.table], &d.into.Tables[s.table]
	var masks [delta.NewClass]uint64
	known, row := 0, -1
	for range s.rows {
		key := s.Uint()
		var mask uint64
		if n := t.Public; n <= delta.NarrowFields {
			mask, key = key&(1<<n-1), key>>n
		} else {
			class := int(key % delta.Classes)
			key /= delta.Classes
			switch {
			case class < known:
				mask = masks[class]
			case class != delta.NewClass:
				s.Fail(netcode.ErrRange)
			default:
				mask = s.mask(n)
				if known < delta.NewClass {
					masks[known] = mask
					known++
				}
			}
		}
		row = s.step(row, key, len(b.IDs))
		if mask>>t.Public != 0 || mask == 0 {
			s.Fail(netcode.ErrRange)
		}
		if s.Err() != nil {
			return
		}
		d.change(s.Reader, b, t.Fields[:t.Public], b.Row(row), mask)
	}
}

// step is the row a row step leads to.
func (s section) step(row int, step uint64, n int) int {
	if step >= uint64(n-row-1) {
		s.Fail(netcode.ErrRange)
		return row
	}
	return row + 1 + int(step)
}

// mask reads one int for each 32 of n fields.
func (s section) mask(n int) uint64 {
	m := s.UintTo(1<<32 - 1)
	if n > 32 {
		m |= s.UintTo(1<<32-1) << 32
	}
	return m
}

// change reads new values for the fields in mask. Delta and Linear cells hold
// what the residual is to be added to.
func (d *decoder) change(r *netcode.Reader, b *sim.Block, fields []sim.Field, cells []int64, mask uint64) {
	for k := range fields {
		if mask&(1<<k) == 0 {
			continue
		}
		if f := &fields[k]; f.Codec != sim.Absolute {
			cells[k] = delta.Restore(r.Biased(), cells[k], f.Wrap)
		} else {
			cells[k] = delta.ReadCell(r, f, b)
		}
	}
}

func (d *decoder) removeRows(s section) {
	b := &d.into.Tables[s.table]
	d.left = d.left[:0]
	row := -1
	for range s.rows {
		row = s.step(row, s.Uint(), len(b.IDs))
		if s.Err() != nil {
			return
		}
		d.left = append(d.left, row)
	}
	if len(d.left) == 0 {
		return
	}
	to := d.left[0]
	gone := d.left[1:]
	for i := to + 1; i < len(b.IDs); i++ {
		if len(gone) > 0 && gone[0] == i {
			gone = gone[1:]
			continue
		}
		b.IDs[to] = b.IDs[i]
		copy(b.Row(to), b.Row(i))
		to++
	}
	b.IDs, b.Cells = b.IDs[:to], b.Cells[:to*b.Width]
}

func (d *decoder) addRows(s section) {
	t, b := &d.schema.Tables[s.table], &d.into.Tables[s.table]
	id := game.ID(0)
	for range s.rows {
		step := s.UintTo(1<<32 - 2)
		next := uint64(id) + step + 1
		if next > 1<<32-1 {
			s.Fail(netcode.ErrRange)
		}
		if s.Err() != nil {
			return
		}
		id = game.ID(next)
		at, there := b.Index(id)
		if there || len(b.IDs) >= maxRows {
			s.Fail(netcode.ErrRange)
			return
		}
		cells := insertRow(b, at, id)
		for k := range t.Fields {
			if k < t.Public {
				cells[k] = delta.ReadCell(s.Reader, &t.Fields[k], b)
			} else {
				cells[k] = zeroCell(&t.Fields[k])
			}
		}
		b.Last = max(b.Last, id)
	}
}

func insertRow(b *sim.Block, at int, id game.ID) []int64 {
	b.IDs = slices.Insert(b.IDs, at, id)
	n := len(b.Cells)
	b.Cells = slices.Grow(b.Cells, b.Width)[:n+b.Width]
	copy(b.Cells[(at+1)*b.Width:], b.Cells[at*b.Width:n])
	return b.Row(at)
}

// noText is the cell of a text that was not sent: it reads as empty.
const noText = -1

func zeroCell(f *sim.Field) int64 {
	if f.Kind == sim.Text {
		return noText
	}
	return 0
}

// disown zeroes the owner fields of rows that are not, or no longer, the
// client's own, and drops texts that no row uses any more.
func (d *decoder) disown(i int) {
	t, b := &d.schema.Tables[i], &d.into.Tables[i]
	if t.Public < len(t.Fields) {
		for j := range b.IDs {
			cells := b.Row(j)
			if d.player != 0 && game.PlayerID(cells[t.Owner]) == d.player {
				continue
			}
			for k := t.Public; k < len(t.Fields); k++ {
				cells[k] = zeroCell(&t.Fields[k])
			}
		}
	}
	if len(b.Texts) > 0 {
		d.texts = packTexts(t, b, d.texts)
	}
}

// packTexts renumbers the texts of b by use. spare is memory to work with; it
// returns the memory for the next call.
func packTexts(t *sim.RowSchema, b *sim.Block, spare []string) []string {
	used := spare[:0]
	for k := range t.Fields {
		if t.Fields[k].Kind != sim.Text {
			continue
		}
		for j := range b.IDs {
			c := &b.Cells[j*b.Width+k]
			if *c != noText {
				used = append(used, b.Texts[*c])
				*c = int64(len(used) - 1)
			}
		}
	}
	old := b.Texts
	b.Texts = used
	clear(old)
	return old
}
