package wasm

import (
	"encoding/binary"

	"arbiter/game"
	"arbiter/game/sim"
)

const header = 8 // bytes before a message's content

// begin starts the message of a tick.
func (m *Module) begin(t game.Tick) {
	m.out = binary.LittleEndian.AppendUint32(m.out[:0], 0)
	m.out = binary.LittleEndian.AppendUint32(m.out, uint32(t))
}

// end writes the size and returns the message.
func (m *Module) end() []byte {
	binary.LittleEndian.PutUint32(m.out, uint32(len(m.out)-header))
	return m.out
}

// state is the message of a match's rows that belong to p, or of all if p is 0.
func (m *Module) state(x *match, p game.PlayerID) []byte {
	m.begin(x.Tick())
	for i := range x.schema.Tables {
		s := &x.schema.Tables[i]
		if p != 0 && s.Owner < 0 {
			m.out = append(m.out, make([]byte, blockHead)...)
			continue
		}
		x.Rows(i).Capture(&x.table)
		m.out = appendBlock(m.out, s, &x.table, p)
	}
	return m.end()
}

const blockHead = 16 // bytes of a block before its cells

// appendBlock appends the rows of b that belong to p, or all if p is 0.
func appendBlock(b []byte, s *sim.RowSchema, from *sim.Block, p game.PlayerID) []byte {
	mine := func(i int) bool { return p == 0 || game.PlayerID(from.Row(i)[s.Owner]) == p }
	start := len(b)
	b = append(b, make([]byte, blockHead)...)
	rows, texts := 0, 0
	for i := range from.IDs {
		if !mine(i) {
			continue
		}
		rows++
		for k, c := range from.Row(i) {
			if s.Fields[k].Kind == sim.Text {
				c = int64(texts)
				texts++
			}
			b = binary.LittleEndian.AppendUint64(b, uint64(c))
		}
	}
	for i, id := range from.IDs {
		if mine(i) {
			b = binary.LittleEndian.AppendUint32(b, uint32(id))
		}
	}
	b = pad(b)
	body := len(b)
	for i := 0; texts > 0 && i < len(from.IDs); i++ {
		if !mine(i) {
			continue
		}
		for k, c := range from.Row(i) {
			if s.Fields[k].Kind == sim.Text {
				b = appendText(b, from.Texts[c])
			}
		}
	}
	b = pad(b)
	for i, n := range [...]int{rows, int(from.Last), texts, len(b) - body} {
		binary.LittleEndian.PutUint32(b[start+4*i:], uint32(n))
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
}

// pad fills up to a multiple of 8.
func pad(b []byte) []byte {
	for len(b)%8 != 0 {
		b = append(b, 0)
	}
	return b
}
