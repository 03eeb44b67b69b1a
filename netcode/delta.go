package netcode

import (
	"math/bits"

	"arbiter/game"
)

// The body of a snapshot is three flat runs of values, each made of sections
// (table, count, count entries) for those tables that have any:
//
//	update   row key, [mask…], the changed fields' values
//	leave    row step
//	enter    id step, every public field absolute
//
// A row step is the distance from the row named before (or from just before
// the first) to this one in the baseline's table, less one; an id step is the
// same in ids. A row key merges the row step with what changed:
//
//	up to 4 public fields:  step·2^fields + mask
//	more:                   step·8 + class
//
// where class 0…6 is one of the masks seen before in this section, in order of
// first appearance, and 7 says that a mask of one int per 32 fields follows,
// which becomes the next class while there are fewer than seven.
//
// A changed field is sent by its codec: Delta and Linear as a biased residual
// to the baseline or to where the last movement leads; Absolute as the cell,
// a float or a string.

const (
	narrowFields = 4
	classes      = 8
	newClass     = classes - 1
)

// lens is one end of a delta: a frame and the rows of it that count, as
// indices per table. A nil frame has no rows.
type lens struct {
	frame *Frame
	sight *sight
}

// run is a flat msgpack array in the making.
type run struct {
	b     []byte
	items int

	count int // where the current section's count stands
	rows  int // entries in the current section
}

func (r *run) reset() { r.b, r.items = r.b[:0], 0 }

func (r *run) begin(table int) {
	r.b = AppendInt(r.b, int64(table))
	r.count, r.rows = len(r.b), 0
	r.b = append(r.b, 0)
	r.items += 2
}

// end writes the section's count, or takes an empty section back.
func (r *run) end() {
	switch {
	case r.rows == 0:
		r.b = r.b[:r.count-1] // table numbers are one byte
		r.items -= 2
	case r.rows < 128:
		r.b[r.count] = byte(r.rows)
	default:
		var wide [9]byte
		n := AppendInt(wide[:0], int64(r.rows))
		r.b = append(r.b, n[1:]...)
		copy(r.b[r.count+len(n):], r.b[r.count+1:])
		copy(r.b[r.count:], n)
	}
}

// encoding is a game's schema with what encoding needs worked out.
type encoding struct {
	*game.Schema
	codes [][]fieldCode
}

// body is the encoded difference between two frames for one visibility.
type body struct {
	update, leave, enter run
	moved                bool // some visible row is not what it was in the baseline
}

// encode fills b with the difference of now to base. prev is the frame base
// itself was a delta from; its frame is nil if movement is not to be carried on.
func (b *body) encode(s *encoding, now, base, prev lens) {
	b.update.reset()
	b.leave.reset()
	b.enter.reset()
	b.moved = false
	d := differ{body: b}
	if prev.frame != nil {
		d.num = int64(now.frame.Tick.Sub(base.frame.Tick))
		d.den = int64(base.frame.Tick.Sub(prev.frame.Tick))
	}
	for i := range s.Tables {
		if d.schema = &s.Tables[i]; len(d.schema.Fields) == 0 {
			continue // of the server alone
		}
		d.codes = s.codes[i]
		d.now.set(now, i)
		d.base.set(base, i)
		d.prev.set(prev, i)
		b.update.begin(i)
		b.leave.begin(i)
		b.enter.begin(i)
		d.table()
		b.update.end()
		b.leave.end()
		b.enter.end()
	}
}

func (b *body) empty() bool { return b.update.items+b.leave.items+b.enter.items == 0 }

// cursor walks the visible rows of one table in order of id.
type cursor struct {
	block *game.Block
	index []int32
	at    int
}

var noRows game.Block

func (c *cursor) set(l lens, table int) {
	c.at = 0
	if l.frame == nil {
		c.block, c.index = &noRows, nil
		return
	}
	c.block = &l.frame.Tables[table]
	c.index = l.sight.rows(table, len(c.block.IDs))
}

// differ merges one table of two frames.
type differ struct {
	*body
	schema          *game.RowSchema
	codes           []fieldCode
	now, base, prev cursor
	num, den        int64 // see lead

	rest    [game.MaxFields]int64 // residuals of the row at hand, where its mask is set
	masks   [newClass]uint64
	nMasks  int
	updated int // baseline row last named in update
	left    int // and in leave
	entered game.ID
}

// table is the merge loop of three cases: same, gone, new.
func (d *differ) table() {
	d.nMasks, d.updated, d.left, d.entered = 0, -1, -1, 0
	now, base := &d.now, &d.base
	for now.at < len(now.index) && base.at < len(base.index) {
		i, j := int(now.index[now.at]), int(base.index[base.at])
		switch a, b := now.block.IDs[i], base.block.IDs[j]; {
		case a == b:
			d.same(i, j)
			now.at++
			base.at++
		case a > b:
			d.gone()
			base.at++
		default:
			d.new(i)
			now.at++
		}
	}
	for ; base.at < len(base.index); base.at++ {
		d.gone()
	}
	for ; now.at < len(now.index); now.at++ {
		d.new(int(now.index[now.at]))
	}
}

// before returns the cells of the row with that id in prev, or nil.
func (d *differ) before(id game.ID) []int64 {
	p := &d.prev
	for p.at < len(p.index) {
		k := int(p.index[p.at])
		if p.block.IDs[k] >= id {
			if p.block.IDs[k] == id {
				return p.block.Row(k)
			}
			return nil
		}
		p.at++
	}
	return nil
}

func (d *differ) same(i, j int) {
	cells, old := d.now.block.Row(i), d.base.block.Row(j)
	var before []int64
	if len(d.prev.index) > 0 {
		before = d.before(d.now.block.IDs[i])
	}
	mask := d.changes(cells, old, before)
	if mask == 0 {
		return
	}
	d.key(mask)
	u := &d.update
	for m := mask; m != 0; m &= m - 1 {
		k := bits.TrailingZeros64(m)
		switch d.codes[k].mode {
		case modeDelta, modeLinear:
			u.b = AppendBiased(u.b, d.rest[k&(game.MaxFields-1)])
		case modeAbsolute:
			u.b = AppendInt(u.b, cells[k])
		default:
			u.b = appendCell(u.b, &d.schema.Fields[k], cells[k], d.now.block.Texts)
		}
	}
	u.items += bits.OnesCount64(mask)
	u.rows++
}

// changes returns which public fields must be sent, and leaves the residuals
// of those that are sent so in d.rest. before is the row in prev, or nil.
func (d *differ) changes(cells, old, before []int64) (mask uint64) {
	codes := d.codes
	cells, old = cells[:len(codes)], old[:len(codes)]
	if before != nil {
		before = before[:len(codes)]
	}
	for k := range codes {
		c, o := cells[k], old[k]
		code := &codes[k]
		switch code.mode {
		case modeText:
			if d.now.block.Texts[c] != d.base.block.Texts[o] {
				mask |= 1 << k
				d.moved = true
			}
			continue
		case modeLinear:
			if before != nil && before[k] != o {
				pred := o + lead(residual(o, before[k], code.wrap), d.num, d.den)
				d.moved = d.moved || c != o
				if r := residual(c, pred, code.wrap); r != 0 {
					d.rest[k&(game.MaxFields-1)] = r
					mask |= 1 << k
				}
				continue
			}
		}
		if c != o {
			d.moved = true
			mask |= 1 << k
			d.rest[k&(game.MaxFields-1)] = residual(c, o, code.wrap)
		}
	}
	return mask
}

// key appends the row key of the baseline's current row.
func (d *differ) key(mask uint64) {
	u := &d.update
	step := int64(d.base.at - d.updated - 1)
	d.updated = d.base.at
	u.items++
	if n := d.schema.Public; n <= narrowFields {
		u.b = AppendInt(u.b, step<<n|int64(mask))
		return
	}
	for c, m := range d.masks[:d.nMasks] {
		if m == mask {
			u.b = AppendInt(u.b, step*classes+int64(c))
			return
		}
	}
	if d.nMasks < newClass {
		d.masks[d.nMasks] = mask
		d.nMasks++
	}
	u.b = AppendInt(u.b, step*classes+newClass)
	for n := d.schema.Public; n > 0; n -= 32 {
		u.b = AppendInt(u.b, int64(uint32(mask)))
		mask >>= 32
		u.items++
	}
}

func (d *differ) gone() {
	l := &d.leave
	l.b = AppendInt(l.b, int64(d.base.at-d.left-1))
	d.left = d.base.at
	l.items++
	l.rows++
	d.moved = true
}

func (d *differ) new(i int) {
	e, id := &d.enter, d.now.block.IDs[i]
	e.b = AppendInt(e.b, int64(id-d.entered-1))
	d.entered = id
	cells := d.now.block.Row(i)
	for k := range d.schema.Public {
		e.b = appendCell(e.b, &d.schema.Fields[k], cells[k], d.now.block.Texts)
	}
	e.items += 1 + d.schema.Public
	e.rows++
	d.moved = true
}

// appendCell appends a cell as it is.
func appendCell(b []byte, f *game.Field, c int64, texts []string) []byte {
	switch f.Kind {
	case game.Text:
		return AppendStr(b, texts[c])
	case game.Real:
		return AppendFloat64(b, f.Float(c))
	}
	return AppendInt(b, c)
}
