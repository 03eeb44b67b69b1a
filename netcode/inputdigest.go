package netcode

import (
	"arbiter/game/sim"
	"arbiter/netcode/internal/statehash"
)

// InputDigest sums up a seat's sequence of inputs and commands so far. The client
// keeps one over what it sent, the server one over what it applied; if at the
// same Count the Hash differs, something was lost, applied twice or changed on
// the way. Ticks and sequence numbers are not in it: a late entry is applied
// late, but it is applied.
//
// Hash is the state check's hash before its finish, begun at 0 and fed with the
// words of one entry or command after the other. An entry is the word 1 and its
// packed integers: one word each, but for a leaf that is an integer of its own
// the low and the high half of its cell. A command is the word 2, its kind, and
// its fields as the state check feeds them.
type InputDigest struct {
	Count uint32 // entries and commands
	Hash  uint32
}

// Input adds an entry's cells, as p packs them.
func (d *InputDigest) Input(p *Packing, cells []int64) {
	h := statehash.Hash(d.Hash)
	h.Word(1)
	for _, w := range p.words {
		if w.product == 0 {
			d := &p.digits[w.first]
			h.Cell(min(max(cells[w.first], d.min), d.max))
			continue
		}
		h.Word(p.pack(w, cells))
	}
	d.Count++
	d.Hash = uint32(h)
}

// Command adds a command of that kind.
func (d *InputDigest) Command(layout *InputLayout, kind int, row sim.Row) {
	h := statehash.Hash(d.Hash)
	h.Word(2)
	h.Word(uint32(kind))
	fields := layout.schema.Commands[kind].Fields
	for k := range fields {
		if f := &fields[k]; f.Kind == sim.Text {
			h.Text(cutText(row.Texts[row.Cells[k]], f.MaxLen))
		} else {
			h.Cell(sentCell(f, row.Cells[k]))
		}
	}
	d.Count++
	d.Hash = uint32(h)
}
