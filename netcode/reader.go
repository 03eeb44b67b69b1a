package netcode

import (
	"encoding/binary"
	"errors"
	"math"
	"unicode/utf8"

	"arbiter/game/sim"
)

// What a message can be refused for. Every parser of this package returns one
// of these inside a [ParseError].
var (
	// ErrTruncated: the bytes end inside a value, or a required item is missing.
	ErrTruncated = errors.New("value is cut short or missing")
	// ErrType: the value is of another msgpack type than the message has there.
	ErrType = errors.New("value is of the wrong type")
	// ErrRange: the number, or the string's contents, is not allowed here.
	ErrRange = errors.New("value is out of range")
	// ErrLimit: too many items, too many bytes or too deep.
	ErrLimit = errors.New("value exceeds a limit")
)

// MaxDepth is how deep [Reader.Skip] follows arrays and maps.
const MaxDepth = 8

// Reader reads msgpack values from a slice it does not own. The first error
// sticks: from then on every method returns a zero value, so that a parser may
// check once, at its end. A Reader never allocates, and checks lengths against
// what is left before believing them. The zero Reader is empty.
type Reader struct {
	b   []byte // cut to b[:pos] at the first error, so that fast paths need no second check
	pos int
	err error
}

// NewReader returns a reader over b, which must not change while it is used.
func NewReader(b []byte) Reader { return Reader{b: b} }

// Len is the number of bytes left; 0 after an error.
func (r *Reader) Len() int { return len(r.b) - r.pos }

// Offset is the position of the next byte, or of the value that failed.
func (r *Reader) Offset() int { return r.pos }

// Err is the first error, one of the four of this file; nil if there was none.
func (r *Reader) Err() error { return r.err }

// Fail makes err stick unless an error already does. Parsers use it for
// violations the Reader can't know of.
func (r *Reader) Fail(err error) {
	if r.err == nil {
		r.err = err
		r.b = r.b[:r.pos]
	}
}

// failAt is Fail for a value that began at start.
func (r *Reader) failAt(start int, err error) {
	if r.err == nil {
		r.pos = start
		r.Fail(err)
	}
}

// Int reads an integer in any form; one above the largest int64 is ErrRange.
func (r *Reader) Int() int64 {
	if r.pos < len(r.b) {
		if c := int8(r.b[r.pos]); c >= -32 {
			r.pos++
			return int64(c)
		}
	}
	return r.wideInt()
}

// Biased reads what [AppendBiased] wrote.
func (r *Reader) Biased() int64 { return r.Int() - bias }

// Uint reads an integer in any form; a negative one is ErrRange.
func (r *Reader) Uint() uint64 {
	if r.pos < len(r.b) {
		if c := r.b[r.pos]; c < 128 {
			r.pos++
			return uint64(c)
		}
	}
	return r.wideUint()
}

// UintTo reads an integer in 0…max; another is ErrRange.
func (r *Reader) UintTo(max uint64) uint64 {
	start := r.pos
	v := r.Uint()
	if v > max {
		r.failAt(start, ErrRange)
		return 0
	}
	return v
}

// rate reads a number from 1 to max.
func (r *Reader) rate(max uint64) int {
	start := r.pos
	v := r.UintTo(max)
	if v == 0 {
		r.failAt(start, ErrRange)
	}
	return int(v)
}

// Nil reports whether the next value is nil, and reads it if so.
func (r *Reader) Nil() bool {
	if r.pos < len(r.b) && r.b[r.pos] == 0xc0 {
		r.pos++
		return true
	}
	return false
}

// Array reads an array header. More than max items is ErrLimit; more than
// there are bytes left is ErrTruncated.
func (r *Reader) Array(max int) int {
	if r.pos < len(r.b) {
		if n := int(r.b[r.pos]) - 0x90; n >= 0 && n < min(16, max+1, len(r.b)-r.pos) {
			r.pos++
			return n
		}
	}
	return r.wideArray(max)
}

// Str reads a string of at most max bytes as a sub-slice of the message.
// Longer is ErrLimit, invalid UTF-8 is ErrRange.
func (r *Reader) Str(max int) []byte {
	start := r.pos
	c, n := r.head()
	if r.err == nil && c&0xe0 != 0xa0 && (c < 0xd9 || c > 0xdb) {
		r.failAt(start, ErrType)
	}
	p := r.slice(start, n, max)
	if !utf8.Valid(p) {
		r.failAt(start, ErrRange)
		return nil
	}
	return p
}

// Bin reads binary of at most max bytes as a sub-slice of the message. Longer
// is ErrLimit.
func (r *Reader) Bin(max int) []byte {
	start := r.pos
	c, n := r.head()
	if r.err == nil && (c < 0xc4 || c > 0xc6) {
		r.failAt(start, ErrType)
	}
	return r.slice(start, n, max)
}

// Float64 reads a float or, because some encoders write whole numbers so, an
// integer. All 64 bits of a float64 arrive, infinities and the sign of zero
// too; of NaN there is one, as in package game/sim.
func (r *Reader) Float64() float64 {
	start := r.pos
	if r.Len() == 0 || (r.b[r.pos] != 0xca && r.b[r.pos] != 0xcb) {
		c, v := r.integer()
		if c == 0xcf {
			return float64(uint64(v))
		}
		return float64(v)
	}
	c, n := r.head()
	p := r.slice(start, n, n)
	var v float64
	switch {
	case r.err != nil:
		return 0
	case c == 0xca:
		v = float64(math.Float32frombits(binary.BigEndian.Uint32(p)))
	default:
		v = math.Float64frombits(binary.BigEndian.Uint64(p))
	}
	return oneNaN(v)
}

// oneNaN makes one NaN of all, so that equal states have equal bits.
func oneNaN(v float64) float64 {
	if v != v {
		return math.Float64frombits(sim.NaN)
	}
	return v
}

// Skip passes over one value of any type and returns its bytes. More than
// maxItems values in it, itself included, or nesting beyond [MaxDepth], is ErrLimit.
func (r *Reader) Skip(maxItems int) []byte {
	start := r.pos
	var open [MaxDepth]int // items still to come, per nesting level
	depth, budget := 0, maxItems
	for {
		at := r.pos
		c, n := r.head()
		if r.err != nil {
			return nil
		}
		children := childrenOf(c, n)
		switch budget--; {
		case budget < 0, children > budget, children > 0 && depth == MaxDepth:
			r.failAt(at, ErrLimit)
			return nil
		case children > 0:
			open[depth] = children
			depth++
			continue
		case children < 0: // no container: n bytes of payload follow
			if r.slice(at, n, math.MaxInt); r.err != nil {
				return nil
			}
		}
		for depth > 0 {
			if open[depth-1]--; open[depth-1] > 0 {
				break
			}
			depth--
		}
		if depth == 0 {
			return r.b[start:r.pos]
		}
	}
}

// slice returns the n bytes at pos, blaming the value at start if there are fewer.
func (r *Reader) slice(start, n, max int) []byte {
	if r.err != nil {
		return nil
	}
	if n > max || n > r.Len() {
		err := ErrLimit
		if n <= max {
			err = ErrTruncated
		}
		r.failAt(start, err)
		return nil
	}
	r.pos += n
	return r.b[r.pos-n : r.pos : r.pos]
}

// head reads a value's first byte and the length that stands in or behind it:
// items of an array or pairs of a map, else bytes of payload. For integers the
// payload is the integer itself.
func (r *Reader) head() (c byte, n int) {
	if r.pos >= len(r.b) {
		r.Fail(ErrTruncated)
		return 0, 0
	}
	c = r.b[r.pos]
	width := 0 // bytes of the length field
	switch {
	case c < 0x80 || c >= 0xe0 || c == 0xc0 || c == 0xc2 || c == 0xc3:
	case c < 0xa0: // fixmap, fixarray
		n = int(c & 15)
	case c < 0xc0: // fixstr
		n = int(c & 31)
	case c == 0xc1: // never used
		r.Fail(ErrType)
		return 0, 0
	case c == 0xc4 || c == 0xc7 || c == 0xd9: // bin, ext, str
		width = 1
	case c == 0xc5 || c == 0xc8 || c == 0xda || c == 0xdc || c == 0xde: // and array, map
		width = 2
	case c == 0xc6 || c == 0xc9 || c == 0xdb || c == 0xdd || c == 0xdf:
		width = 4
	default: // float32, float64, uint8…64, int8…64, fixext1…16
		n = payload[c-0xca]
	}
	if r.Len() < 1+width {
		r.Fail(ErrTruncated)
		return 0, 0
	}
	switch p := r.b[r.pos+1:]; width {
	case 1:
		n = int(p[0])
	case 2:
		n = int(binary.BigEndian.Uint16(p))
	case 4:
		n = int(min(binary.BigEndian.Uint32(p), math.MaxInt32)) // no message is that long
	}
	if c >= 0xc7 && c <= 0xc9 {
		n++ // the ext's type byte
	}
	r.pos += 1 + width
	return c, n
}

// payload is the number of bytes behind the heads 0xca…0xd8.
var payload = [...]int{4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17}

// childrenOf is the number of values inside the container with this head, or
// −1 if it is no container.
func childrenOf(c byte, n int) int {
	switch {
	case c&0xf0 == 0x90 || c == 0xdc || c == 0xdd:
		return n
	case c&0xf0 == 0x80 || c == 0xde || c == 0xdf:
		return 2 * n
	}
	return -1
}

// wideArray is Array beyond 15 items, and its refusals.
func (r *Reader) wideArray(max int) int {
	start := r.pos
	c, n := r.head()
	switch {
	case r.err != nil:
	case c&0xf0 != 0x90 && c != 0xdc && c != 0xdd:
		r.failAt(start, ErrType)
	case n > max:
		r.failAt(start, ErrLimit)
	case n > r.Len():
		r.failAt(start, ErrTruncated)
	default:
		return n
	}
	return 0
}

// wideInt is Int beyond one byte.
func (r *Reader) wideInt() int64 {
	start := r.pos
	c, v := r.integer()
	if c == 0xcf && v < 0 {
		r.failAt(start, ErrRange)
		return 0
	}
	return v
}

// wideUint is Uint beyond one byte.
func (r *Reader) wideUint() uint64 {
	start := r.pos
	c, v := r.integer()
	if c != 0xcf && v < 0 {
		r.failAt(start, ErrRange)
		return 0
	}
	return uint64(v)
}

// integer reads an integer of any form. With head 0xcf its bits are a uint64.
func (r *Reader) integer() (c byte, v int64) {
	if r.pos >= len(r.b) {
		r.Fail(ErrTruncated)
		return 0, 0
	}
	c = r.b[r.pos]
	if c < 0x80 || c >= 0xe0 {
		r.pos++
		return c, int64(int8(c))
	}
	if c < 0xcc || c > 0xd3 {
		r.Fail(ErrType)
		return 0, 0
	}
	width := 1 << (c & 3)
	if r.Len() < 1+width {
		r.Fail(ErrTruncated)
		return 0, 0
	}
	p := r.b[r.pos+1:]
	switch c {
	case 0xcc:
		v = int64(p[0])
	case 0xcd:
		v = int64(binary.BigEndian.Uint16(p))
	case 0xce:
		v = int64(binary.BigEndian.Uint32(p))
	case 0xd0:
		v = int64(int8(p[0]))
	case 0xd1:
		v = int64(int16(binary.BigEndian.Uint16(p)))
	case 0xd2:
		v = int64(int32(binary.BigEndian.Uint32(p)))
	default: // 0xcf, 0xd3
		v = int64(binary.BigEndian.Uint64(p))
	}
	r.pos += 1 + width
	return c, v
}
