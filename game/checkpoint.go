package game

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
func (m *Match[S, I]) AppendCheckpoint(b []byte) []byte {
	b = binary.LittleEndian.AppendUint64(b, m.game.schema.Hash)
	b = m.appendState(b)
	h := m.world.past
	if h == nil {
		return m.appendOrder(binary.AppendUvarint(b, 0))
	}
	b = binary.AppendUvarint(b, uint64(h.count))
	for i := h.count - 1; i >= 0; i-- {
		p := h.slot(m.world.tick - Tick(i))
		b = binary.AppendUvarint(b, uint64(p.tick))
		b = appendTables(b, m.game.schema, &p.parts)
	}
	return m.appendOrder(b)
}

func (m *Match[S, I]) appendState(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(m.world.tick))
	b, _ = m.world.pcg.AppendBinary(b)
	b = appendResult(b, m.world.result)
	b = binary.AppendUvarint(b, uint64(len(m.world.players)))
	for i, p := range m.world.players {
		h := &m.in.held[i]
		b = binary.AppendUvarint(b, uint64(p.ID))
		b = appendText(appendText(b, p.Name), p.Team)
		b = binary.AppendUvarint(b, uint64(h.seq))
		b = binary.AppendUvarint(b, uint64(h.age))
		b = appendRow(b, &m.game.schema.Input, unsafe.Pointer(&h.input))
	}
	return appendTables(b, m.game.schema, &m.parts)
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

func appendTables(b []byte, s *Schema, p *parts) []byte {
	for i, t := range p.tables {
		m := t.memory()
		b = binary.AppendUvarint(b, uint64(t.lastID()))
		b = binary.AppendUvarint(b, uint64(m.n))
		for k := range m.n {
			b = binary.AppendUvarint(b, uint64(m.ids[k]))
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
func (m *Match[S, I]) Restore(b []byte) error {
	r := reader{b: b, size: len(b), what: "checkpoint"}
	if h := r.word64(); h != m.game.schema.Hash {
		return fmt.Errorf("game: %s: checkpoint is of schema %016x, this game has %016x", m.game.name, h, m.game.schema.Hash)
	}
	m.restoreState(&r)
	m.restorePast(&r)
	m.restoreOrder(&r)
	if err := r.end(); err != nil {
		return fmt.Errorf("game: %s: %w", m.game.name, err)
	}
	return nil
}

func (m *Match[S, I]) restorePast(r *reader) {
	h, n := m.world.past, r.count(1)
	if h == nil {
		h = &history[S]{}
	}
	h.reset()
	if n > len(h.ring) {
		r.fail("a longer past than this game keeps")
	}
	for i := n - 1; i >= 0 && r.err == nil; i-- {
		t := Tick(r.uint(math.MaxUint32))
		if t != m.world.tick-Tick(i) {
			r.fail("a gap in the past")
			return
		}
		slot := h.slot(t)
		slot.tick = t
		r.tables(m.game.schema, &slot.parts)
		h.count++
	}
}

func (m *Match[S, I]) restoreState(r *reader) {
	m.world.tick = Tick(r.uint(math.MaxUint32))
	if err := m.world.pcg.UnmarshalBinary(r.bytes(20)); err != nil {
		r.fail("random source: " + err.Error())
	}
	m.world.result = r.result()
	n := r.count(7)
	if n > m.game.config.MaxPlayers {
		r.fail(fmt.Sprintf("%d players in a match of %d", n, m.game.config.MaxPlayers))
	}
	m.world.players, m.in.held = m.world.players[:0], m.in.held[:0]
	for i := 0; i < n && r.err == nil; i++ {
		p := Player{ID: r.player(), Name: r.text(), Team: r.text()}
		if p.ID == 0 || i > 0 && p.ID <= m.world.players[i-1].ID {
			r.fail("players out of order")
			return
		}
		h := held[I]{player: p.ID, seq: uint32(r.uint(math.MaxUint32)), age: uint32(r.uint(math.MaxUint32))}
		r.row(&m.game.schema.Input, unsafe.Pointer(&h.input))
		m.world.players = append(m.world.players, p)
		m.in.held = append(m.in.held, h)
	}
	r.tables(m.game.schema, &m.parts)
	for _, e := range m.parts.events {
		e.drop()
	}
}

// Hash implements [Sim].
func (m *Match[S, I]) Hash() uint64 {
	m.scratch = m.appendState(m.scratch[:0])
	if m.ordered() {
		m.scratch = binary.LittleEndian.AppendUint64(m.scratch, m.world.setupHash)
		m.scratch = m.appendCast(m.scratch)
	}
	return hashBytes(m.scratch)
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
	for i, c := range b {
		tail |= uint64(c) << (8 * i)
	}
	return mix(h^tail, 0x8ebc6af09c88c6e3)
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
