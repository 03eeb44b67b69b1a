// Package statehash is the hash by which the two ends of a connection compare
// what they have: the state check of snapshots, and the digest of inputs.
//
// It is MurmurHash3 (x86, 32 bit; Austin Appleby, 2011) fed with words in place
// of bytes: 32-bit products only, so that JavaScript computes it with Math.imul.
// Package netcode's documentation says which words are fed, in what order.
package statehash

import (
	"encoding/binary"
	"math/bits"

	"arbiter/game/sim"
)

// Hash is a hash in the making; [Hash.Sum] finishes it.
type Hash uint32

// Word adds one word.
func (h *Hash) Word(w uint32) {
	w *= 0xcc9e2d51
	w = bits.RotateLeft32(w, 15)
	w *= 0x1b873593
	*h = Hash(bits.RotateLeft32(uint32(*h)^w, 13)*5 + 0xe6546b64)
}

// Cell adds a cell, its low word before its high one.
func (h *Hash) Cell(c int64) {
	h.Word(uint32(c))
	h.Word(uint32(uint64(c) >> 32))
}

// Text adds a text: its length, and its bytes four at a time, little endian.
func (h *Hash) Text(s string) {
	h.Word(uint32(len(s)))
	for ; len(s) >= 4; s = s[4:] {
		h.Word(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24)
	}
	var tail [4]byte
	if copy(tail[:], s) > 0 {
		h.Word(binary.LittleEndian.Uint32(tail[:]))
	}
}

// Fields adds the cells of those fields.
func (h *Hash) Fields(fields []sim.Field, cells []int64, texts []string) {
	for k := range fields {
		if fields[k].Kind == sim.Text {
			h.Text(textOf(texts, cells[k]))
		} else {
			h.Cell(cells[k])
		}
	}
}

// textOf is the text of a cell; one that was not sent is empty.
func textOf(texts []string, c int64) string {
	if uint64(c) < uint64(len(texts)) {
		return texts[c]
	}
	return ""
}

// Table adds a table's number and how many of its rows follow.
func (h *Hash) Table(number, rows int) {
	h.Word(uint32(number))
	h.Word(uint32(rows))
}

// Row adds what everyone may see of row i of b.
func (h *Hash) Row(t *sim.RowSchema, b *sim.Block, i int) {
	h.Word(uint32(b.IDs[i]))
	h.Fields(t.Fields[:t.Public], b.Row(i), b.Texts)
}

// OwnRow adds the owner fields of row i of b, of the table of that number.
func (h *Hash) OwnRow(number int, t *sim.RowSchema, b *sim.Block, i int) {
	h.Word(uint32(number))
	h.Word(uint32(b.IDs[i]))
	h.Fields(t.Fields[t.Public:], b.Row(i)[t.Public:], b.Texts)
}

// Sum is the finished hash.
func (h Hash) Sum() uint32 {
	x := uint32(h)
	x = (x ^ x>>16) * 0x85ebca6b
	x = (x ^ x>>13) * 0xc2b2ae35
	return x ^ x>>16
}

// Join is the state check of a client: the sum over the rows it sees, joined
// with the sum over the owner fields of its own rows.
func Join(public, own uint32) uint32 {
	h := Hash(public)
	h.Word(own)
	return h.Sum()
}
