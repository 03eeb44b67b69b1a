package sim

import (
	"math"
	"unicode/utf8"
	"unsafe"
)

// Kind says how a field's cell is to be read.
type Kind uint8

// A cell is an int64. These are its meanings.
const (
	Bool  Kind = iota + 1 // 0 or 1
	Int                   // the number itself; uint64 keeps its bits
	Fixed                 // a float in whole steps: value = cell × Step
	Real                  // a float's IEEE 754 bits, as float64
	Text                  // an index into the row's texts
)

// Codec says how a field's change is sent.
type Codec uint8

const (
	Delta    Codec = iota // difference to the baseline
	Linear                // difference to where its last movement leads
	Absolute              // the new cell
)

// Interp says how a client draws the field between two snapshots.
type Interp uint8

const (
	Hold  Interp = iota // keep the earlier value until the later one's time
	Lerp                // straight line
	Angle               // the shorter way round
	Snap                // the newest value at once
)

// MaxCell bounds a Fixed cell either way: 2^53, exact in a JavaScript number.
const MaxCell = 1 << 53

// Field is one leaf of a row: a plain value with a place on the wire.
type Field struct {
	Path     string  // "X", "Hand.2.Suit"
	Kind     Kind    //
	Step     float64 // Fixed: the wire's precision, in the field's units
	Wrap     int64   // Fixed: the field is a circle of that many steps; else 0
	Min, Max int64   // bounds of the cell, if Bounded
	Bounded  bool    // declared by tag, or given by an 8- or 16-bit type
	Unsigned bool    // Int: the cell's bits are those of a uint64
	Codec    Codec
	Owner    bool   // sent to the row's owner only
	Interp   Interp //
	MaxLen   int    // Text: bytes; longer ones are cut at a character

	mem    memKind
	offset uintptr
	hidden bool    // never leaves the server
	clamp  bool    // Min and Max come from the tag
	inv    float64 // 1/Step if that is a power of two, else 0
}

type memKind uint8

const (
	memBool memKind = iota
	memInt8
	memInt16
	memInt32
	memInt64
	memUint8
	memUint16
	memUint32
	memUint64
	memFloat32
	memFloat64
	memString
)

func (f *Field) load(row unsafe.Pointer) int64 {
	p := unsafe.Add(row, f.offset)
	switch f.mem {
	case memBool:
		if *(*bool)(p) {
			return 1
		}
		return 0
	case memInt8:
		return int64(*(*int8)(p))
	case memInt16:
		return int64(*(*int16)(p))
	case memInt32:
		return int64(*(*int32)(p))
	case memInt64:
		return *(*int64)(p)
	case memUint8:
		return int64(*(*uint8)(p))
	case memUint16:
		return int64(*(*uint16)(p))
	case memUint32:
		return int64(*(*uint32)(p))
	case memUint64:
		return int64(*(*uint64)(p))
	case memFloat32:
		return f.cell(float64(*(*float32)(p)))
	case memFloat64:
		return f.cell(*(*float64)(p))
	}
	return 0
}

// store gives the row's field the value of a cell, or the nearest that its type
// can hold: the wire does not know the bounds of every type.
func (f *Field) store(row unsafe.Pointer, c int64) {
	p := unsafe.Add(row, f.offset)
	switch f.mem {
	case memBool:
		*(*bool)(p) = c != 0
	case memInt8:
		*(*int8)(p) = int8(min(max(c, math.MinInt8), math.MaxInt8))
	case memInt16:
		*(*int16)(p) = int16(min(max(c, math.MinInt16), math.MaxInt16))
	case memInt32:
		*(*int32)(p) = int32(min(max(c, math.MinInt32), math.MaxInt32))
	case memInt64:
		*(*int64)(p) = c
	case memUint8:
		*(*uint8)(p) = uint8(min(max(c, 0), math.MaxUint8))
	case memUint16:
		*(*uint16)(p) = uint16(min(max(c, 0), math.MaxUint16))
	case memUint32:
		*(*uint32)(p) = uint32(min(max(c, 0), math.MaxUint32))
	case memUint64:
		*(*uint64)(p) = uint64(c)
	case memFloat32:
		*(*float32)(p) = float32(f.Float(c))
	case memFloat64:
		*(*float64)(p) = f.Float(c)
	}
}

// cell rounds v to the wire. The explicit conversions keep compilers from
// fusing operations, so that every machine gets the same bits.
func (f *Field) cell(v float64) int64 {
	if f.Kind == Real {
		return int64(realBits(v))
	}
	var q float64
	if f.inv != 0 {
		q = math.RoundToEven(float64(v * f.inv))
	} else {
		q = math.RoundToEven(float64(v / f.Step))
	}
	var c int64
	switch {
	case q >= MaxCell:
		c = MaxCell
	case q <= -MaxCell:
		c = -MaxCell
	case q == q: // not NaN, which becomes 0
		c = int64(q)
	}
	return f.bound(c)
}

// NaN is the cell of a Real field that is not a number. Which NaN an operation
// gives differs between machines, so all of them count as this one.
const NaN = 0x7ff8000000000000

// realBits are the bits of v.
func realBits(v float64) uint64 {
	if v != v {
		return NaN
	}
	return math.Float64bits(v)
}

func realBits32(v float32) uint32 {
	if v != v {
		return 0x7fc00000
	}
	return math.Float32bits(v)
}

// bound brings a cell into its circle, its declared bounds, or its type.
func (f *Field) bound(c int64) int64 {
	if f.Wrap > 0 {
		if c %= f.Wrap; c < 0 {
			c += f.Wrap
		}
		return c
	}
	if f.Bounded {
		return min(max(c, f.Min), f.Max)
	}
	return c
}

// Float is the value of a Fixed or Real cell, in the field's units.
func (f *Field) Float(c int64) float64 {
	if f.Kind == Real {
		return math.Float64frombits(uint64(c))
	}
	return float64(float64(c) * f.Step)
}

// integer is the cell of an Int field nearest to v, which is whole.
func (f *Field) integer(v float64) int64 {
	switch {
	case f.Unsigned && v >= 1<<64:
		return -1 // all bits
	case f.Unsigned && v >= 0:
		return int64(uint64(v))
	case f.Unsigned, v != v:
		return 0
	case v >= 1<<63:
		return math.MaxInt64
	case v < -1<<63:
		return math.MinInt64
	}
	return int64(v)
}

func (f *Field) text(row unsafe.Pointer) *string { return (*string)(unsafe.Add(row, f.offset)) }

// round gives the row's field the value that clients will have.
func (f *Field) round(row unsafe.Pointer) {
	if f.Kind == Text {
		s := f.text(row)
		*s = cut(*s, f.MaxLen)
		return
	}
	c := f.load(row)
	f.store(row, f.bound(c))
}

// cut shortens s to at most n bytes of valid UTF-8.
func cut(s string, n int) string {
	if len(s) <= n && utf8.ValidString(s) {
		return s
	}
	end := 0
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			if _, w := utf8.DecodeRuneInString(s[i:]); w == 1 {
				break // not UTF-8 from here on
			}
		}
		if i+size > n {
			break
		}
		end = i + size
	}
	return s[:end]
}
