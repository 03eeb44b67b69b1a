package netcode

import (
	"encoding/binary"
	"math/bits"

	"arbiter/game/sim"
)

// The state check is MurmurHash3 (x86, 32 bit; Austin Appleby, 2011) fed with
// words in place of bytes: 32-bit products only, so that JavaScript computes
// it with Math.imul. For each table with visible rows, in order: its number
// and count, then for each row its id and public cells, low word before high;
// a text as its length and its bytes four at a time, little endian. Owner
// fields follow in a hash of their own: table, id and cells of each own row.

type checksum uint32

func (h *checksum) word(w uint32) {
	w *= 0xcc9e2d51
	w = bits.RotateLeft32(w, 15)
	w *= 0x1b873593
	*h = checksum(bits.RotateLeft32(uint32(*h)^w, 13)*5 + 0xe6546b64)
}

func (h *checksum) cell(c int64) {
	h.word(uint32(c))
	h.word(uint32(uint64(c) >> 32))
}

func (h *checksum) text(s string) {
	h.word(uint32(len(s)))
	for ; len(s) >= 4; s = s[4:] {
		h.word(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24)
	}
	var tail [4]byte
	if copy(tail[:], s) > 0 {
		h.word(binary.LittleEndian.Uint32(tail[:]))
	}
}

func (h *checksum) fields(fields []sim.Field, cells []int64, texts []string) {
	for k := range fields {
		if fields[k].Kind == sim.Text {
			h.text(textOf(texts, cells[k]))
		} else {
			h.cell(cells[k])
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

func (h checksum) sum() uint32 {
	x := uint32(h)
	x = (x ^ x>>16) * 0x85ebca6b
	x = (x ^ x>>13) * 0xc2b2ae35
	return x ^ x>>16
}

// publicSum hashes what l shows of the fields everyone may see.
func publicSum(s *sim.Schema, l lens) uint32 {
	var h checksum
	w := l.walk()
	for i := range s.Tables {
		t, b := &s.Tables[i], &l.frame.Tables[i]
		rows := w.table(len(b.IDs))
		if len(rows) == 0 || len(t.Fields) == 0 {
			continue
		}
		h.word(uint32(i))
		h.word(uint32(len(rows)))
		for _, k := range rows {
			h.word(uint32(b.IDs[k]))
			h.fields(t.Fields[:t.Public], b.Row(int(k)), b.Texts)
		}
	}
	return h.sum()
}

// joinSums is the check of a client whose own rows hash to own.
func joinSums(public, own uint32) uint32 {
	h := checksum(public)
	h.word(own)
	return h.sum()
}
