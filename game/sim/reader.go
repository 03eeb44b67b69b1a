package sim

import (
	"encoding/binary"
	"fmt"
	"math"
	"unsafe"
)

// reader reads a checkpoint or a part of a recording; after its first error
// everything reads as zero.
type reader struct {
	b    []byte
	size int
	what string // for messages
	err  error
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("damaged %s at byte %d of %d: %s", r.what, r.size-len(r.b), r.size, what)
	}
	r.b = nil
}

// end fails if something is left.
func (r *reader) end() error {
	if r.err == nil && len(r.b) > 0 {
		r.fail("trailing bytes")
	}
	return r.err
}

func (r *reader) player() PlayerID { return PlayerID(r.uint(math.MaxUint16)) }

func (r *reader) bytes(n int) []byte {
	if n < 0 || len(r.b) < n {
		r.fail("truncated")
		return nil
	}
	p := r.b[:n]
	r.b = r.b[n:]
	return p
}

func (r *reader) word64() uint64 {
	if p := r.bytes(8); p != nil {
		return binary.LittleEndian.Uint64(p)
	}
	return 0
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail("truncated number")
		return 0
	}
	r.b = r.b[n:]
	return v
}

// uint reads a number of at most limit.
func (r *reader) uint(limit uint64) uint64 {
	v := r.uvarint()
	if v > limit {
		r.fail(fmt.Sprintf("%d is above %d", v, limit))
		return 0
	}
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if n <= 0 {
		r.fail("truncated number")
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads a number of items of at least size bytes each, so that a
// damaged count cannot ask for more memory than the input could fill.
func (r *reader) count(size int) int {
	n := r.uvarint()
	if n > uint64(len(r.b)/max(size, 1)) {
		r.fail(fmt.Sprintf("%d items cannot fit", n))
		return 0
	}
	return int(n)
}

func (r *reader) text() string { return string(r.bytes(r.count(1))) }

func (r *reader) result() *Result {
	if b := r.bytes(1); b == nil || b[0] == 0 {
		return nil
	}
	res := &Result{Reason: r.text()}
	for n := r.count(2); n > 0; n-- {
		res.Scores = append(res.Scores, Score{r.player(), int(r.varint())})
	}
	return res
}

func (r *reader) tables(s *Schema, p *Parts) {
	var ids []ID
	for i, t := range p.Tables {
		last := ID(r.uint(math.MaxUint32))
		n := r.count(1 + len(s.Tables[i].leaves))
		rows := r.b
		ids = ids[:0]
		for range n { // once for the ids, once for the rows
			id := ID(r.uint(uint64(last)))
			if id == 0 || len(ids) > 0 && id <= ids[len(ids)-1] {
				r.fail("ids out of order")
				return
			}
			ids = append(ids, id)
			r.row(&s.Tables[i], nil)
		}
		if r.err != nil {
			return
		}
		if s.Tables[i].Single && n != 1 {
			r.fail("a value with " + fmt.Sprint(n) + " rows")
			return
		}
		again := reader{b: rows, size: r.size, what: r.what}
		t.Resize(ids, last)
		m := t.Memory()
		for k := range n {
			again.uvarint()
			again.row(&s.Tables[i], m.row(k, s.Tables[i].size))
		}
	}
}

// row reads every leaf into row, or skips them if row is nil.
func (r *reader) row(s *RowSchema, row unsafe.Pointer) {
	for i := range s.leaves {
		f := &s.leaves[i]
		switch f.mem {
		case memString:
			if v := r.text(); row != nil {
				*f.text(row) = v
			}
		case memFloat32:
			if b := r.bytes(4); b != nil && row != nil {
				*(*float32)(unsafe.Add(row, f.offset)) = math.Float32frombits(binary.LittleEndian.Uint32(b))
			}
		case memFloat64:
			if v := r.word64(); row != nil {
				*(*float64)(unsafe.Add(row, f.offset)) = math.Float64frombits(v)
			}
		default:
			if v := r.varint(); row != nil {
				f.store(row, v)
			}
		}
	}
}
