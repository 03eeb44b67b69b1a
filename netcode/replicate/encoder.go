package replicate

import (
	"math/bits"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/internal/delta"
)

// encoding is a game's schema with what encoding needs worked out.
type encoding struct {
	*sim.Schema
	codes [][]fieldCode
}

// bodyEncoder makes the bodies of one tick. They stay valid until reset.
type bodyEncoder struct {
	encoding
	update, leave, enter sectionWriter
	caches               []rowCache // caches[:open] are of this tick
	open                 int
}

// reset begins another tick.
func (e *bodyEncoder) reset() {
	e.update.reset()
	e.leave.reset()
	e.enter.reset()
	e.open = 0
}

// encode fills b with the difference of at.now to at.base, and reports whether
// some visible row is not what it was in the baseline. The frame of at.prev,
// which base itself was a delta from, is nil if movement is not extrapolated.
// With cached, what is found out about rows is kept for others.
func (e *bodyEncoder) encode(b *netcode.Body, at *bodyKey, cached bool) (changed bool) {
	e.update.open()
	e.leave.open()
	e.enter.open()
	d := deltaEncoder{bodyEncoder: e}
	if cached {
		d.cache = e.cacheFor(at)
	}
	if at.prev.frame != nil {
		d.num = int64(at.now.frame.Tick.Sub(at.base.frame.Tick))
		d.den = int64(at.base.frame.Tick.Sub(at.prev.frame.Tick))
	}
	now, base, prev := at.now.rows(), at.base.rows(), at.prev.rows()
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
	*b = netcode.Body{Update: e.update.run(), Leave: e.leave.run(), Enter: e.enter.run()}
	return d.changed
}

// cursor goes through the visible rows of one table in order of id.
type cursor struct {
	block *sim.Block
	index []int32
	at    int
}

var noRows sim.Block

func (c *cursor) set(rows *rowIterator, table int) {
	c.at = 0
	if rows.frame == nil {
		c.block, c.index = &noRows, nil
		return
	}
	c.block = &rows.frame.Tables[table]
	c.index = rows.table(len(c.block.IDs))
}

// deltaEncoder is delta compression: it merges two frames, table by table, and
// writes what the newer one has that the baseline has not.
type deltaEncoder struct {
	*bodyEncoder
	schema          *sim.RowSchema
	codes           []fieldCode
	now, base, prev cursor
	num, den        int64     // ticks to extrapolate for, and the ticks of the movement
	cache           *rowCache // nil: none
	first           int       // the table's first row in cache
	changed         bool

	residuals [sim.MaxFields]int64 // residuals of the row at hand, where its mask is set
	masks     [delta.NewClass]uint64
	nMasks    int
	updated   int // baseline row last named in update
	left      int // and in leave
	entered   game.ID
}

// table is the merge loop of three cases: same, gone, new.
func (d *deltaEncoder) table() {
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
func (d *deltaEncoder) before(id game.ID) []int64 {
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

func (d *deltaEncoder) same(i, j int) {
	var before []int64
	if len(d.prev.index) > 0 {
		before = d.before(d.now.block.IDs[i])
	}
	u := &d.update
	if d.cache == nil {
		mask, changed := d.changes(i, j, before)
		d.changed = d.changed || changed
		if mask != 0 {
			d.key(mask)
			u.b = d.values(u.b, i, mask)
		}
		return
	}
	row := &d.cache.rows[d.first+2*i]
	if before != nil {
		row = &d.cache.rows[d.first+2*i+1]
	}
	if !row.known {
		row.known = true
		row.mask, row.changed = d.changes(i, j, before)
		row.from = int32(len(d.cache.bytes))
		d.cache.bytes = d.values(d.cache.bytes, i, row.mask)
		row.n = int32(len(d.cache.bytes)) - row.from
	}
	d.changed = d.changed || row.changed
	if row.mask != 0 {
		d.key(row.mask)
		u.b = append(u.b, d.cache.bytes[row.from:row.from+row.n]...)
	}
}

// values appends the changed fields of row i.
func (d *deltaEncoder) values(b []byte, i int, mask uint64) []byte {
	for m := mask; m != 0; m &= m - 1 {
		k := bits.TrailingZeros64(m)
		switch d.codes[k].mode {
		case modeDelta, modeLinear:
			b = netcode.AppendBiased(b, d.residuals[k&(sim.MaxFields-1)])
		case modeAbsolute:
			b = netcode.AppendInt(b, d.now.block.Row(i)[k])
		default:
			b = delta.AppendCell(b, &d.schema.Fields[k], d.now.block.Row(i)[k], d.now.block.Texts)
		}
	}
	return b
}

// changes returns which public fields of a row must be sent, and whether it is
// not what it was, and leaves the residuals of fields that are sent so in
// d.residuals. before is the row in prev, or nil.
func (d *deltaEncoder) changes(i, j int, before []int64) (mask uint64, changed bool) {
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
				changed = true
				mask |= 1 << k
			}
			continue
		case modeLinear:
			if before != nil && before[k] != o {
				pred := o + delta.Extrapolate(delta.Residual(o, before[k], code.wrap), d.num, d.den)
				changed = changed || c != o
				if r := delta.Residual(c, pred, code.wrap); r != 0 {
					d.residuals[k&(sim.MaxFields-1)] = r
					mask |= 1 << k
				}
				continue
			}
		}
		if c != o {
			changed = true
			mask |= 1 << k
			d.residuals[k&(sim.MaxFields-1)] = delta.Residual(c, o, code.wrap)
		}
	}
	return mask, changed
}

// key appends the row key of the baseline's current row.
func (d *deltaEncoder) key(mask uint64) {
	u := &d.update
	step := int64(d.base.at - d.updated - 1)
	d.updated = d.base.at
	u.rows++
	u.items += 1 + bits.OnesCount64(mask)
	if n := d.schema.Public; n <= delta.NarrowFields {
		u.b = netcode.AppendInt(u.b, step<<n|int64(mask))
		return
	}
	for c, m := range d.masks[:d.nMasks] {
		if m == mask {
			u.b = netcode.AppendInt(u.b, step*delta.Classes+int64(c))
			return
		}
	}
	if d.nMasks < delta.NewClass {
		d.masks[d.nMasks] = mask
		d.nMasks++
	}
	u.b = netcode.AppendInt(u.b, step*delta.Classes+delta.NewClass)
	for n := d.schema.Public; n > 0; n -= 32 {
		u.b = netcode.AppendInt(u.b, int64(uint32(mask)))
		mask >>= 32
		u.items++
	}
}

func (d *deltaEncoder) gone() {
	l := &d.leave
	l.b = netcode.AppendInt(l.b, int64(d.base.at-d.left-1))
	d.left = d.base.at
	l.items++
	l.rows++
	d.changed = true
}

func (d *deltaEncoder) new(i int) {
	e, id := &d.enter, d.now.block.IDs[i]
	e.b = netcode.AppendInt(e.b, int64(id-d.entered-1))
	d.entered = id
	cells := d.now.block.Row(i)
	for k := range d.schema.Public {
		e.b = delta.AppendCell(e.b, &d.schema.Fields[k], cells[k], d.now.block.Texts)
	}
	e.items += 1 + d.schema.Public
	e.rows++
	d.changed = true
}
