package netcode

import (
	"encoding/binary"
	"math"
)

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
