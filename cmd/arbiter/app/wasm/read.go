package wasm

import (
	"encoding/binary"
	"fmt"

	"arbiter/game"
	"arbiter/game/sim"
)

// reader takes apart what the host wrote. After its first error it reads zeros.
type reader struct {
	b    []byte
	size int
	what string // for messages
	err  error
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("rules: %s of %d bytes: at %d: %s", r.what, r.size, r.size-len(r.b), what)
	}
	r.b = nil
}

// bytes returns the next n bytes, or nil.
func (r *reader) bytes(n int) []byte {
	if n < 0 || n > len(r.b) {
		r.fail("cut short")
		return nil
	}
	p := r.b[:n]
	r.b = r.b[n:]
	return p
}

func (r *reader) word() uint32 {
	if p := r.bytes(4); p != nil {
		return binary.LittleEndian.Uint32(p)
	}
	return 0
}

// count reads a number of things of at least size bytes each, so that a wrong
// one cannot ask for more memory than the host filled.
func (r *reader) count(size int) int {
	n := r.word()
	if uint64(n)*uint64(size) > uint64(len(r.b)) {
		r.fail(fmt.Sprintf("%d items cannot fit", n))
		return 0
	}
	return int(n)
}

func (r *reader) cells(to []int64, n int) []int64 {
	from := r.bytes(8 * n)
	for len(from) > 0 {
		to = append(to, int64(binary.LittleEndian.Uint64(from)))
		from = from[8:]
	}
	return to
}

// texts reads n of them in size bytes into to, keeping those that are equal.
func (r *reader) texts(to []string, n, size int) []string {
	if n > size/4 {
		r.fail(fmt.Sprintf("%d texts in %d bytes", n, size))
		return to[:0]
	}
	old := to[:cap(to)]
	to = to[:0]
	body := reader{b: r.bytes(size), size: size, what: r.what}
	for i := range n {
		text := body.bytes(body.count(1))
		if i < len(old) && old[i] == string(text) {
			to = append(to, old[i])
		} else {
			to = append(to, string(text))
		}
	}
	if body.err == nil && len(body.b) > 7 {
		body.fail("trailing bytes")
	}
	if r.err == nil {
		r.err = body.err
	}
	return to
}

func (r *reader) end() error {
	if r.err == nil && len(r.b) > 0 {
		r.fail("trailing bytes")
	}
	return r.err
}

func (x *match) readLoad(b []byte) error {
	r := reader{b: b, size: len(b), what: "load"}
	x.held = r.cells(x.held[:0], len(x.schema.Input.Fields))
	for i := range x.blocks {
		r.block(&x.schema.Tables[i], &x.blocks[i])
	}
	return r.end()
}

func (r *reader) block(s *sim.RowSchema, to *sim.Block) {
	width := len(s.Fields)
	rows, last, texts, size := r.count(8*width+4), game.ID(r.word()), r.count(4), r.count(1)
	to.Resize(width, 0)
	to.Cells = r.cells(to.Cells, rows*width)
	previous := game.ID(0)
	for range rows {
		id := game.ID(r.word())
		if id <= previous && r.err == nil {
			r.fail(fmt.Sprintf("table %s: id %d after %d; ids ascend from 1", s.Name, id, previous))
		}
		to.IDs = append(to.IDs, id)
		previous = id
	}
	if rows%2 == 1 {
		r.word() // pad
	}
	to.Last = max(last, previous)
	to.Texts = r.texts(to.Texts, texts, size)
}
