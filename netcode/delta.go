package netcode

import (
	"math/bits"

	"arbiter/game"
	"arbiter/game/sim"
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

// run is flat msgpack arrays in the making, one behind the other.
type run struct {
	b     []byte
	from  int // where the current array begins
	items int // in it

	count int // where the current section's count stands
	rows  int // entries in the current section
}

// span is a finished array of a run.
type span struct {
	b     []byte
	items int
}

func (r *run) reset() { r.b, r.from, r.items = r.b[:0], 0, 0 }

// open begins another array.
func (r *run) open() { r.from, r.items = len(r.b), 0 }

// span returns the array just made, valid until reset.
func (r *run) span() span { return span{r.b[r.from:len(r.b):len(r.b)], r.items} }

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
	*sim.Schema
	codes [][]fieldCode
}

// body is the encoded difference between two frames for one visibility.
type body struct {
	update, leave, enter span
	moved                bool // some visible row is not what it was in the baseline
}

func (b *body) empty() bool { return b.update.items+b.leave.items+b.enter.items == 0 }

// encoder makes the bodies of one tick. They stay valid until renew.
type encoder struct {
	encoding
	update, leave, enter run
	books                []rowBook // books[:open] are of this tick
	open                 int
}

func (e *encoder) renew() {
	e.update.reset()
	e.leave.reset()
	e.enter.reset()
	e.open = 0
}

// encode fills b with the difference of at.now to at.base. The frame of
// at.prev, which base itself was a delta from, is nil if movement is not to be
// carried on. With books, what is found out about rows is kept for others.
func (e *encoder) encode(b *body, at *ends, books bool) {
	e.update.open()
	e.leave.open()
	e.enter.open()
	d := differ{encoder: e}
	if books {
		d.book = e.bookFor(at)
	}
	if at.prev.frame != nil {
		d.num = int64(at.now.frame.Tick.Sub(at.base.frame.Tick))
		d.den = int64(at.base.frame.Tick.Sub(at.prev.frame.Tick))
	}
	now, base, prev := at.now.walk(), at.base.walk(), at.prev.walk()
	for i := range e.Tables {
		d.now.set(&now, i)
		d.base.set(&base, i)
		d.prev.set(&prev, i)
		if d.schema = &e.Tables[i]; len(d.schema.Fields) > 0 { // else of the server alone
			d.codes = e.codes[i]
			e.update.begin(i)
			e.leave.begin(i)
			e.enter.begin(i)
			d.table()
			e.update.end()
			e.leave.end()
			e.enter.end()
		}
		d.first += 2 * len(d.now.block.IDs)
	}
	*b = body{e.update.span(), e.leave.span(), e.enter.span(), d.moved}
}

// cursor walks the visible rows of one table in order of id.
type cursor struct {
	block *sim.Block
	index []int32
	at    int
}

var noRows sim.Block

func (c *cursor) set(w *walk, table int) {
	c.at = 0
	if w.frame == nil {
		c.block, c.index = &noRows, nil
		return
	}
	c.block = &w.frame.Tables[table]
	c.index = w.table(len(c.block.IDs))
}

// differ merges two frames, table by table.
type differ struct {
	*encoder
	schema          *sim.RowSchema
	codes           []fieldCode
	now, base, prev cursor
	num, den        int64    // see lead
	book            *rowBook // nil: none
	first           int      // the table's first row in book
	moved           bool

	rest    [sim.MaxFields]int64 // residuals of the row at hand, where its mask is set
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
	var before []int64
	if len(d.prev.index) > 0 {
		before = d.before(d.now.block.IDs[i])
	}
	u := &d.update
	if d.book == nil {
		mask, moved := d.changes(i, j, before)
		d.moved = d.moved || moved
		if mask != 0 {
			d.key(mask)
			u.b = d.values(u.b, i, mask)
		}
		return
	}
	code := &d.book.rows[d.first+2*i]
	if before != nil {
		code = &d.book.rows[d.first+2*i+1]
	}
	if !code.known {
		code.known = true
		code.mask, code.moved = d.changes(i, j, before)
		code.from = int32(len(d.book.bytes))
		d.book.bytes = d.values(d.book.bytes, i, code.mask)
		code.n = int32(len(d.book.bytes)) - code.from
	}
	d.moved = d.moved || code.moved
	if code.mask != 0 {
		d.key(code.mask)
		u.b = append(u.b, d.book.bytes[code.from:code.from+code.n]...)
	}
}

// values appends the changed fields of row i.
func (d *differ) values(b []byte, i int, mask uint64) []byte {
	for m := mask; m != 0; m &= m - 1 {
		k := bits.TrailingZeros64(m)
		switch d.codes[k].mode {
		case modeDelta, modeLinear:
			b = AppendBiased(b, d.rest[k&(sim.MaxFields-1)])
		case modeAbsolute:
			b = AppendInt(b, d.now.block.Row(i)[k])
		default:
			b = appendCell(b, &d.schema.Fields[k], d.now.block.Row(i)[k], d.now.block.Texts)
		}
	}
	return b
}

// changes returns which public fields of a row must be sent, and whether it is
// not what it was, and leaves the residuals of fields that are sent so in
// d.rest. before is the row in prev, or nil.
func (d *differ) changes(i, j int, before []int64) (mask uint64, moved bool) {
	codes := d.codes
	cells, old := d.now.block.Row(i)[:len(codes)], d.base.block.Row(j)[:len(codes)]
	if before != nil {
		before = before[:len(codes)]
	}
	for k := range codes {
		c, o := cells[k], old[k]
		code := &codes[k]
		switch code.mode {
		case modeText:
			if d.now.block.Texts[c] != d.base.block.Texts[o] {
				moved = true
				mask |= 1 << k
			}
			continue
		case modeLinear:
			if before != nil && before[k] != o {
				pred := o + lead(residual(o, before[k], code.wrap), d.num, d.den)
				moved = moved || c != o
				if r := residual(c, pred, code.wrap); r != 0 {
					d.rest[k&(sim.MaxFields-1)] = r
					mask |= 1 << k
				}
				continue
			}
		}
		if c != o {
			moved = true
			mask |= 1 << k
			d.rest[k&(sim.MaxFields-1)] = residual(c, o, code.wrap)
		}
	}
	return mask, moved
}

// key appends the row key of the baseline's current row.
func (d *differ) key(mask uint64) {
	u := &d.update
	step := int64(d.base.at - d.updated - 1)
	d.updated = d.base.at
	u.rows++
	u.items += 1 + bits.OnesCount64(mask)
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
func appendCell(b []byte, f *sim.Field, c int64, texts []string) []byte {
	switch f.Kind {
	case sim.Text:
		return AppendStr(b, texts[c])
	case sim.Real:
		return AppendFloat64(b, f.Float(c))
	}
	return AppendInt(b, c)
}
