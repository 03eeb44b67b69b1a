package netcode

import (
	"encoding/binary"
	"math"
)

// The append half of the wire: msgpack values in their shortest form. Reader is
// the other half. The one-byte cases are kept apart so that they inline.

// bias moves the cheap range of signed values from −32…127 to −80…79, which
// suits deltas, whose sign is even.
const bias = 48

// AppendInt appends v in the shortest msgpack integer form: one byte for
// −32…127, else two, three, five or nine.
func AppendInt(b []byte, v int64) []byte {
	if uint64(v+32) < 160 {
		return append(b, byte(v))
	}
	return appendWideInt(b, v)
}

// AppendUint appends v in the shortest msgpack integer form.
func AppendUint(b []byte, v uint64) []byte {
	if v < 128 {
		return append(b, byte(v))
	}
	return appendWideUint(b, v)
}

// AppendBiased appends d+48, one byte for −80…79. The sum wraps around like
// the subtraction in [Reader.Biased], so every int64 survives.
func AppendBiased(b []byte, d int64) []byte {
	if uint64(d+bias+32) < 160 {
		return append(b, byte(d+bias))
	}
	return appendWideInt(b, d+bias)
}

// AppendNil appends nil, which stands for "no value".
func AppendNil(b []byte) []byte {
	return append(b, 0xc0)
}

// AppendArray appends the header of an array of n items; n values must follow.
func AppendArray(b []byte, n int) []byte {
	switch {
	case n < 16:
		return append(b, 0x90|byte(n))
	case n <= math.MaxUint16:
		return append(b, 0xdc, byte(n>>8), byte(n))
	}
	return binary.BigEndian.AppendUint32(append(b, 0xdd), uint32(n))
}

// AppendStr appends s, which must be valid UTF-8, as a msgpack string.
func AppendStr(b []byte, s string) []byte {
	switch n := len(s); {
	case n < 32:
		b = append(b, 0xa0|byte(n))
	case n <= math.MaxUint8:
		b = append(b, 0xd9, byte(n))
	case n <= math.MaxUint16:
		b = append(b, 0xda, byte(n>>8), byte(n))
	default:
		b = binary.BigEndian.AppendUint32(append(b, 0xdb), uint32(n))
	}
	return append(b, s...)
}

// AppendBin appends p as msgpack binary.
func AppendBin(b, p []byte) []byte {
	switch n := len(p); {
	case n <= math.MaxUint8:
		b = append(b, 0xc4, byte(n))
	case n <= math.MaxUint16:
		b = append(b, 0xc5, byte(n>>8), byte(n))
	default:
		b = binary.BigEndian.AppendUint32(append(b, 0xc6), uint32(n))
	}
	return append(b, p...)
}

// AppendFloat64 appends v as nine bytes, NaN always as the same ones. Cold
// messages only: the hot path carries integers.
func AppendFloat64(b []byte, v float64) []byte {
	return binary.BigEndian.AppendUint64(append(b, 0xcb), math.Float64bits(oneNaN(v)))
}

func appendWideInt(b []byte, v int64) []byte {
	switch {
	case v >= 0:
		return appendWideUint(b, uint64(v))
	case v >= math.MinInt8:
		return append(b, 0xd0, byte(v))
	case v >= math.MinInt16:
		return append(b, 0xd1, byte(v>>8), byte(v))
	case v >= math.MinInt32:
		return binary.BigEndian.AppendUint32(append(b, 0xd2), uint32(v))
	}
	return binary.BigEndian.AppendUint64(append(b, 0xd3), uint64(v))
}

func appendWideUint(b []byte, v uint64) []byte {
	switch {
	case v < 128:
		return append(b, byte(v))
	case v <= math.MaxUint8:
		return append(b, 0xcc, byte(v))
	case v <= math.MaxUint16:
		return append(b, 0xcd, byte(v>>8), byte(v))
	case v <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(b, 0xce), uint32(v))
	}
	return binary.BigEndian.AppendUint64(append(b, 0xcf), v)
}
