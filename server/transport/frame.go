package transport

import (
	"encoding/binary"
	"unicode/utf8"

	"github.com/gobwas/ws"
)

// AppendHeader appends the header of an unmasked, unfragmented binary frame
// with n payload bytes (RFC 6455, 5.2):
//
//	82 n            n <= 125
//	82 7e n n       n <= 65,535, big endian
//	82 7f n×8       larger, big endian
func AppendHeader(b []byte, n int) []byte {
	return appendHeader(b, ws.OpBinary, n)
}

// AppendTextHeader is AppendHeader for a text frame; the payload must be UTF-8.
func AppendTextHeader(b []byte, n int) []byte {
	return appendHeader(b, ws.OpText, n)
}

func appendHeader(b []byte, op ws.OpCode, n int) []byte {
	first := 0x80 | byte(op)
	switch {
	case n <= 125:
		return append(b, first, byte(n))
	case n <= 0xffff:
		return binary.BigEndian.AppendUint16(append(b, first, 126), uint16(n))
	default:
		return binary.BigEndian.AppendUint64(append(b, first, 127), uint64(n))
	}
}

// appendControl appends a control frame; payload is at most 125 bytes.
func appendControl(b []byte, op ws.OpCode, payload []byte) []byte {
	return append(appendHeader(b, op, len(payload)), payload...)
}

// appendClose appends a close frame. Without a code its payload is empty; a
// reason is cut to 123 bytes at a rune's edge.
func appendClose(b []byte, code uint16, reason string) []byte {
	if code == CodeNoStatus {
		return appendHeader(b, ws.OpClose, 0)
	}
	if max := ws.MaxControlFramePayloadSize - 2; len(reason) > max {
		for max > 0 && !utf8.RuneStart(reason[max]) {
			max--
		}
		reason = reason[:max]
	}
	b = appendHeader(b, ws.OpClose, 2+len(reason))
	return append(binary.BigEndian.AppendUint16(b, code), reason...)
}

// headerSize is the length of a masked frame's header, from its second byte.
func headerSize(second byte) int {
	switch second & 0x7f {
	case 126:
		return 2 + 2 + 4
	case 127:
		return 2 + 8 + 4
	default:
		return 2 + 4
	}
}

// validCloseCode reports whether a peer may send the code. ws has a check of
// its own, but it refuses the registered 1012 to 1014 and accepts 5000 and up.
func validCloseCode(code uint16) bool {
	switch {
	case code >= 3000 && code <= 4999:
		return true
	case code >= 1000 && code <= 1003, code >= 1007 && code <= 1014:
		return true
	default:
		return false
	}
}
