package netcode

import (
	"math"
	"slices"

	"arbiter/game/sim"
)

// Command is a rare request to the rules, such as a new name. It shares the
// seat's sequence numbers with the entries of inputs.
type Command struct {
	Seq  uint32
	Kind int     // index into the schema's Commands
	Row  sim.Row // its fields; Text cells index Texts
}

// AppendCommand appends a command message:
//
//	[4, seq, kind, fields…]
//	 94 04 c0 00 a3 …          continues: seq +1, kind 0, one text
//
// seq is as in inputs; a command has no tick and leaves the last entry's alone.
// Numbers are plain integers, one outside its field's bounds brought to the
// nearer one; a float without a step is a msgpack float, a text a string of at
// most its field's length, cut if it is longer.
func (w *InputWriter) AppendCommand(b []byte, c Command) []byte {
	s := &w.layout.schema.Commands[c.Kind]
	b = append(AppendArray(b, 3+len(s.Fields)), byte(KindCommand))
	if w.at.seq != 0 && c.Seq == w.at.seq+1 {
		b = AppendNil(b)
	} else {
		b = AppendUint(b, uint64(c.Seq))
	}
	w.at.seq = c.Seq
	return w.layout.appendCommand(b, c.Kind, c.Row)
}

// Fit returns a copy of a command's row as the wire can carry it, which is what
// the server counts as applied: numbers in their bounds, texts cut to their length.
func (l *InputLayout) Fit(kind int, row sim.Row) sim.Row {
	fit := sim.Row{Cells: slices.Clone(row.Cells), Texts: slices.Clone(row.Texts)}
	for i := range fit.Cells {
		switch f := &l.schema.Commands[kind].Fields[i]; f.Kind {
		case sim.Text:
			t := &fit.Texts[fit.Cells[i]]
			*t = cutText(*t, f.MaxLen)
		case sim.Real:
		default:
			lo, hi := bounds(f)
			fit.Cells[i] = min(max(fit.Cells[i], lo), hi)
		}
	}
	return fit
}

// appendCommand appends kind and fields.
func (l *InputLayout) appendCommand(b []byte, kind int, row sim.Row) []byte {
	return appendFields(AppendUint(b, uint64(kind)), l.schema.Commands[kind].Fields, row)
}

// ParseCommand parses a command message. An unknown kind and a number outside
// its field's bounds are ErrRange, too long a text is ErrLimit. A float without a
// step may be any, an infinity or NaN too.
// After an error the reader stands where it stood.
func (r *InputReader) ParseCommand(b []byte) (Command, error) {
	var m items
	m.open(b, KindCommand, maxItems+sim.MaxFields)
	at := r.at
	at.seq, _ = readSeq(&m, at)
	c := Command{Seq: at.seq}
	commands := r.layout.schema.Commands
	start := m.need().pos
	if kind := m.UintTo(math.MaxUint16); kind < uint64(len(commands)) {
		c.Kind = int(kind)
		c.Row = readFields(&m, commands[kind].Fields)
	} else {
		m.failAt(start, ErrRange)
	}
	if err := m.close(); err != nil {
		return Command{}, err
	}
	r.at = at
	return c, nil
}

func appendFields(b []byte, fields []sim.Field, row sim.Row) []byte {
	for i := range fields {
		f, c := &fields[i], row.Cells[i]
		switch f.Kind {
		case sim.Text:
			b = AppendStr(b, cutText(row.Texts[c], f.MaxLen))
		case sim.Real:
			b = AppendFloat64(b, f.Float(c))
		default:
			b = AppendInt(b, sentCell(f, c))
		}
	}
	return b
}

// sentCell is what of a cell that is no text is sent, and counted in the digest
// of inputs.
func sentCell(f *sim.Field, c int64) int64 {
	if f.Kind == sim.Real {
		return int64(math.Float64bits(oneNaN(f.Float(c))))
	}
	lo, hi := bounds(f)
	return min(max(c, lo), hi)
}

func readFields(m *items, fields []sim.Field) sim.Row {
	row := sim.Row{Cells: make([]int64, len(fields))}
	for i := range fields {
		f, r := &fields[i], m.need()
		start := r.pos
		switch f.Kind {
		case sim.Text:
			row.Cells[i] = int64(len(row.Texts))
			row.Texts = append(row.Texts, string(r.Str(f.MaxLen)))
		case sim.Real:
			row.Cells[i] = int64(math.Float64bits(r.Float64()))
		default:
			c := r.Int()
			if lo, hi := bounds(f); c < lo || c > hi {
				r.failAt(start, ErrRange)
			}
			row.Cells[i] = c
		}
	}
	return row
}
