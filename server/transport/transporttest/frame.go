// Package transporttest has what tests of a WebSocket server need to write
// frames byte by byte, right or wrong, and to read its answers strictly. It uses
// no WebSocket library, which might be wrong in the same way as the server.
package transporttest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Frame makes a masked frame, as clients send them (RFC 6455, section 5.2).
// first is its first byte: the FIN bit, the reserved bits and the opcode.
func Frame(first byte, payload string) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n <= 125:
		b = append(b, 0x80|byte(n))
	case n <= 0xffff:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	mask := [4]byte{0x12, 0xff, 0x00, 0x80}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return b
}

// CloseFrame makes a masked close frame with a code and a reason.
func CloseFrame(code uint16, reason string) []byte {
	return Frame(0x88, string(binary.BigEndian.AppendUint16(nil, code))+reason)
}

// ErrHeader is wrapped by what ReadFrame returns for a frame that no server may send.
var ErrHeader = errors.New("want final, unmasked, no reserved bits")

// ReadFrame reads one frame of a server. It fails with ErrHeader if the frame is
// masked, is not final or has a reserved bit, and with the reader's error.
func ReadFrame(r io.Reader) (op byte, payload []byte, err error) {
	var h [10]byte
	if _, err := io.ReadFull(r, h[:2]); err != nil {
		return 0, nil, err
	}
	if h[0]&0xf0 != 0x80 || h[1]&0x80 != 0 {
		return 0, nil, fmt.Errorf("header % x: %w", h[:2], ErrHeader)
	}
	n := int(h[1])
	switch n {
	case 126:
		_, err = io.ReadFull(r, h[2:4])
		n = int(binary.BigEndian.Uint16(h[2:]))
	case 127:
		_, err = io.ReadFull(r, h[2:10])
		n = int(binary.BigEndian.Uint64(h[2:]))
	}
	payload = make([]byte, n)
	if err == nil {
		_, err = io.ReadFull(r, payload)
	}
	return h[0] & 0xf, payload, err
}
