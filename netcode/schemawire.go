package netcode

import (
	"fmt"
	"math"

	"arbiter/game/sim"
)

// Limits of a schema on the wire, beside those of package game.
const (
	maxSchemaItems = 1 << 16
	maxSchemaName  = 1024 // bytes of a name or path
)

// AppendSchema appends what a client needs to read a game's messages without
// having its rules:
//
//	schema: [game, tickRate, snapshotRate, rewinds, hash, tables, events, commands, input]
//	row:    [name, public, owner, single, fields]
//	field:  [path, kind, step, wrap, min, max, codec, owner, interp, maxLen, unsigned?]
//
// tables, events and commands are arrays of rows, input is one row, fields an
// array of fields in wire order. rewinds, single and a field's owner are 0 or 1.
// hash is 8 bytes of binary. public is the number of fields everyone receives,
// owner the index of the field that names the row's owner, or nil. kind: 1 bool,
// 2 int, 3 float in steps, 4 float, 5 text. step is a float or nil; wrap, min and
// max are integers or nil; codec: 0 delta, 1 linear, 2 absolute; interp: 0 hold,
// 1 lerp, 2 angle, 3 snap; maxLen is a text's bytes, else nil. unsigned is 1 if
// the cell's 64 bits are an unsigned integer, so that −1 stands for 2^64−1; else
// it is left out.
func AppendSchema(b []byte, s *sim.Schema) []byte {
	b = AppendStr(AppendArray(b, 9), s.Game)
	b = AppendUint(b, uint64(s.TickRate))
	b = AppendUint(b, uint64(s.SnapshotRate))
	b = appendFlag(b, s.Rewinds)
	b = appendHash(b, s.Hash)
	for _, rows := range [][]sim.RowSchema{s.Tables, s.Events, s.Commands} {
		b = AppendArray(b, len(rows))
		for i := range rows {
			b = appendRowSchema(b, &rows[i])
		}
	}
	return appendRowSchema(b, &s.Input)
}

func appendRowSchema(b []byte, s *sim.RowSchema) []byte {
	b = AppendStr(AppendArray(b, 5), s.Name)
	b = AppendUint(b, uint64(s.Public))
	if s.Owner < 0 {
		b = AppendNil(b)
	} else {
		b = AppendUint(b, uint64(s.Owner))
	}
	b = appendFlag(b, s.Single)
	b = AppendArray(b, len(s.Fields))
	for i := range s.Fields {
		b = appendField(b, &s.Fields[i])
	}
	return b
}

func appendField(b []byte, f *sim.Field) []byte {
	items := 10
	if f.Unsigned {
		items = 11
	}
	b = AppendStr(AppendArray(b, items), f.Path)
	b = AppendUint(b, uint64(f.Kind))
	if f.Step == 0 {
		b = AppendNil(b)
	} else {
		b = AppendFloat64(b, f.Step)
	}
	b = appendUnless0(b, int64(f.Wrap))
	if f.Bounded {
		b = AppendInt(AppendInt(b, f.Min), f.Max)
	} else {
		b = AppendNil(AppendNil(b))
	}
	b = AppendUint(b, uint64(f.Codec))
	b = appendFlag(b, f.Owner)
	b = AppendUint(b, uint64(f.Interp))
	b = appendUnless0(b, int64(f.MaxLen))
	if f.Unsigned {
		b = appendFlag(b, true)
	}
	return b
}

func appendUnless0(b []byte, v int64) []byte {
	if v == 0 {
		return AppendNil(b)
	}
	return AppendInt(b, v)
}

// ParseSchema parses a welcome's schema. The result is good for decoding; no
// match can be run from it. Its errors are as a [ParseError]'s.
func ParseSchema(b []byte) (*sim.Schema, error) {
	p := schemaParser{Reader: NewReader(b)}
	s := p.schema()
	if p.Len() > 0 {
		p.Fail(ErrTrailing)
	}
	if p.err != nil {
		return nil, fmt.Errorf("netcode: schema, byte %d: %w", p.pos, p.err)
	}
	return s, nil
}

// schemaParser reads nested arrays, each of which may have items this version
// does not know.
type schemaParser struct{ Reader }

// array calls read for an array's known items, and more, if it is given, for one
// behind them; it passes over the others.
func (p *schemaParser) array(known int, read func(), more ...func()) {
	n := p.Array(maxUnknownItems)
	if n < known {
		p.Fail(ErrTruncated)
	}
	if p.err == nil {
		read()
	}
	for _, read := range more {
		if n > known && p.err == nil {
			read()
			n--
		}
	}
	for ; n > known && p.err == nil; n-- {
		p.Skip(maxUnknownItems)
	}
}

func (p *schemaParser) schema() *sim.Schema {
	s := new(sim.Schema)
	p.array(9, func() {
		s.Game = string(p.Str(maxSchemaName))
		s.TickRate = int(p.UintTo(1000))
		s.SnapshotRate = int(p.UintTo(1000))
		s.Rewinds = p.flag()
		m := items{Reader: p.Reader, left: 1}
		s.Hash = readHash(&m)
		p.Reader = m.Reader
		s.Tables = p.rows(sim.MaxTables)
		s.Events = p.rows(sim.MaxQueues)
		s.Commands = p.rows(sim.MaxQueues)
		s.Input = p.row()
		if p.err == nil && !isInput(&s.Input) {
			p.Fail(ErrRange)
		}
	})
	return s
}

// isInput reports whether a row can be packed.
func isInput(s *sim.RowSchema) bool {
	for i := range s.Fields {
		if k := s.Fields[i].Kind; k == sim.Text || k == sim.Real {
			return false
		}
	}
	return len(s.Fields) <= sim.MaxInputCells
}

func (p *schemaParser) rows(max int) []sim.RowSchema {
	var rows []sim.RowSchema
	for range p.Array(max) {
		rows = append(rows, p.row())
	}
	return rows
}

func (p *schemaParser) row() sim.RowSchema {
	s := sim.RowSchema{Owner: -1}
	p.array(5, func() {
		s.Name = string(p.Str(maxSchemaName))
		s.Public = int(p.UintTo(sim.MaxFields))
		if !p.Nil() {
			s.Owner = int(p.UintTo(sim.MaxFields))
		}
		s.Single = p.flag()
		for range p.Array(sim.MaxFields) {
			s.Fields = append(s.Fields, p.field())
		}
		if s.Public > len(s.Fields) || s.Owner >= s.Public {
			p.Fail(ErrRange)
		}
	})
	return s
}

func (p *schemaParser) field() sim.Field {
	var f sim.Field
	p.array(10, func() {
		f.Path = string(p.Str(maxSchemaName))
		f.Kind = sim.Kind(p.UintTo(uint64(sim.Text)))
		if !p.Nil() {
			f.Step = p.Float64()
		}
		if !p.Nil() {
			f.Wrap = int64(p.UintTo(math.MaxInt32 + 1))
		}
		if p.Nil() {
			p.nilToo()
		} else {
			f.Min, f.Max, f.Bounded = p.Int(), p.Int(), true
		}
		f.Codec = sim.Codec(p.UintTo(uint64(sim.Absolute)))
		f.Owner = p.flag()
		f.Interp = sim.Interp(p.UintTo(uint64(sim.Snap)))
		if !p.Nil() {
			f.MaxLen = int(p.UintTo(sim.MaxTextLen))
		}
		if f.Kind == 0 || f.Min > f.Max || (f.Kind == sim.Fixed) != (f.Step > 0) || math.IsInf(f.Step, 1) || (f.Kind == sim.Text) != (f.MaxLen > 0) {
			p.Fail(ErrRange)
		}
	}, func() {
		f.Unsigned = !p.Nil() && p.flag()
	})
	return f
}

func (p *schemaParser) flag() bool { return p.UintTo(1) == 1 }

// nilToo reads the second of two items that are nil together.
func (p *schemaParser) nilToo() {
	switch {
	case p.Nil():
	case p.Len() == 0:
		p.Fail(ErrTruncated)
	default:
		p.Fail(ErrType)
	}
}
