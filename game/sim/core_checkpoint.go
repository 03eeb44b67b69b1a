package sim

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
	"unsafe"
)

// A checkpoint is
//
//	schema hash (8 bytes, little endian)
//	the state now: tick, random source, result, players and their inputs, tables
//	number of remembered states, oldest first: tick, tables
//	the order, if the match has any of it: setup, players wanted, and role and
//	attributes of those players who have them
//
// with varints, length-prefixed strings, and rows with hidden fields.

// AppendCheckpoint implements [Sim].
func (c *Core) AppendCheckpoint(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, c.schema.Hash)
	b = c.appendState(b)
	h := &c.past
	b = binary.AppendUvarint(b, uint64(h.count))
	for i := h.count - 1; i >= 0; i-- {
		p := &h.ring[h.index(c.tick-Tick(i))]
		b = binary.AppendUvarint(b, uint64(p.tick))
		b = appendTables(b, c.schema, &p.parts)
	}
	return c.appendOrder(b)
}

func (c *Core) appendState(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(c.tick))
	b, _ = c.source.AppendBinary(b)
	b = appendResult(b, c.result)
	b = binary.AppendUvarint(b, uint64(len(c.players)))
	inputs := c.inputs.Memory()
	for i, p := range c.players {
		h := &c.held[i]
		b = binary.AppendUvarint(b, uint64(p.ID))
		b = appendText(appendText(b, p.Name), p.Team)
		b = binary.AppendUvarint(b, uint64(h.Seq))
		b = binary.AppendUvarint(b, uint64(h.Age))
		b = appendRow(b, &c.schema.Input, inputs.row(i, c.schema.Input.size))
	}
	return appendTables(b, c.schema, &c.parts)
}

func appendResult(b []byte, r *Result) []byte {
	if r == nil {
		return append(b, 0)
	}
	b = appendText(append(b, 1), r.Reason)
	b = binary.AppendUvarint(b, uint64(len(r.Scores)))
	for _, s := range r.Scores {
		b = binary.AppendUvarint(b, uint64(s.Player))
		b = binary.AppendVarint(b, int64(s.Points))
	}
	return b
}

func appendTables(b []byte, s *Schema, p *Parts) []byte {
	for i, t := range p.Tables {
		m := t.Memory()
		b = binary.AppendUvarint(b, uint64(t.LastID()))
		b = binary.AppendUvarint(b, uint64(m.N))
		for k := range m.N {
			b = binary.AppendUvarint(b, uint64(m.IDs[k]))
			b = appendRow(b, &s.Tables[i], m.row(k, s.Tables[i].size))
		}
	}
	return b
}

// appendRow writes every leaf, hidden ones too. Floats keep their exact bits,
// but for NaN, of which there is one.
func appendRow(b []byte, s *RowSchema, row unsafe.Pointer) []byte {
	for i := range s.leaves {
		f := &s.leaves[i]
		p := unsafe.Add(row, f.offset)
		switch f.mem {
		case memString:
			b = appendText(b, *(*string)(p))
		case memFloat32:
			b = binary.LittleEndian.AppendUint32(b, realBits32(*(*float32)(p)))
		case memFloat64:
			b = binary.LittleEndian.AppendUint64(b, realBits(*(*float64)(p)))
		default:
			b = binary.AppendVarint(b, f.load(row))
		}
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// Restore implements [Sim].
func (c *Core) Restore(b []byte) error {
	r := reader{b: b, size: len(b), what: "checkpoint"}
	if h := r.word64(); h != c.schema.Hash {
		return fmt.Errorf("game: %s: checkpoint is of schema %016x, this game has %016x", c.schema.Game, h, c.schema.Hash)
	}
	c.restoreState(&r)
	c.restorePast(&r)
	c.restoreOrder(&r)
	if err := r.end(); err != nil {
		return fmt.Errorf("game: %s: %w", c.schema.Game, err)
	}
	return nil
}

func (c *Core) restorePast(r *reader) {
	h, n := &c.past, r.count(1)
	h.count = 0
	if n > len(h.ring) {
		r.fail("a longer past than this game keeps")
	}
	for i := n - 1; i >= 0 && r.err == nil; i-- {
		t := Tick(r.uint(math.MaxUint32))
		if t != c.tick-Tick(i) {
			r.fail("a gap in the past")
			return
		}
		slot := &h.ring[h.index(t)]
		slot.tick = t
		r.tables(c.schema, &slot.parts)
		h.count++
	}
}

func (c *Core) restoreState(r *reader) {
	c.tick = Tick(r.uint(math.MaxUint32))
	if err := c.source.UnmarshalBinary(r.bytes(20)); err != nil {
		r.fail("random source: " + err.Error())
	}
	c.result = r.result()
	n := r.count(7)
	if n > c.maxPlayers {
		r.fail(fmt.Sprintf("%d players in a match of %d", n, c.maxPlayers))
	}
	c.players, c.held = c.players[:0], c.held[:0]
	if r.err == nil {
		c.inputs.Reset(n)
	}
	inputs := c.inputs.Memory()
	for i := 0; i < n && r.err == nil; i++ {
		p := Player{ID: r.player(), Name: r.text(), Team: r.text()}
		if p.ID == 0 || i > 0 && p.ID <= c.players[i-1].ID {
			r.fail("players out of order")
			return
		}
		h := Held{Player: p.ID, Seq: uint32(r.uint(math.MaxUint32)), Age: uint32(r.uint(math.MaxUint32))}
		r.row(&c.schema.Input, inputs.row(i, c.schema.Input.size))
		c.players = append(c.players, p)
		c.held = append(c.held, h)
	}
	r.tables(c.schema, &c.parts)
	for _, e := range c.parts.Events {
		e.Drop()
	}
}

// ordered reports whether anything of an order is known: a setup, a number of
// players wanted, or roles and attributes. A match that nobody ordered adds nothing
// of it to its checkpoint and hash.
func (c *Core) ordered() bool {
	if c.setupHash != 0 || c.wanted != notSaid {
		return true
	}
	for i := range c.players {
		if c.players[i].fromRoster() {
			return true
		}
	}
	return false
}

// fromRoster reports whether the roster said more of p than their team.
func (p *Player) fromRoster() bool { return p.Role != "" || len(p.Attributes) > 0 }

// appendOrder appends the last part of a checkpoint.
func (c *Core) appendOrder(b []byte) []byte {
	if !c.ordered() {
		return b
	}
	return c.appendRoles(appendSetup(b, &c.setup))
}

// appendRoles appends the number of players wanted, and the roles and attributes of
// those who have a seat.
func (c *Core) appendRoles(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(c.wanted-notSaid))
	for i := range c.players {
		if p := &c.players[i]; p.fromRoster() {
			b = binary.AppendUvarint(b, uint64(p.ID))
			b = appendAttributes(appendText(b, p.Role), p.Attributes)
		}
	}
	return binary.AppendUvarint(b, 0)
}

// restoreOrder reads the last part of a checkpoint.
func (c *Core) restoreOrder(r *reader) {
	c.wanted = notSaid
	if len(r.b) == 0 {
		c.SetUp(Setup{})
		return
	}
	c.SetUp(r.setup())
	c.wanted = int(r.uint(math.MaxInt32)) + notSaid
	for {
		id := r.player()
		if id == 0 {
			return
		}
		i, there := c.Seat(id)
		role, attributes := r.text(), r.attributes()
		if !there {
			r.fail("a role of somebody who has no seat")
			return
		}
		c.players[i].Role, c.players[i].Attributes = role, attributes
	}
}

// Hash implements [Sim].
func (c *Core) Hash() uint64 {
	c.scratch = c.appendState(c.scratch[:0])
	if c.ordered() {
		c.scratch = binary.LittleEndian.AppendUint64(c.scratch, c.setupHash)
		c.scratch = c.appendRoles(c.scratch)
	}
	return hashBytes(c.scratch)
}

// hashBytes mixes eight bytes at a time by the 128-bit product of wyhash
// (Wang Yi, 2019), with fixed keys so that every machine gets the same.
func hashBytes(b []byte) uint64 {
	h := uint64(len(b)) ^ 0xa0761d6478bd642f
	for len(b) >= 8 {
		h = mix(h^binary.LittleEndian.Uint64(b), 0xe7037ed1a0b428db)
		b = b[8:]
	}
	var tail uint64
	for i, x := range b {
		tail |= uint64(x) << (8 * i)
	}
	return mix(h^tail, 0x8ebc6af09c88c6e3)
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
