package client

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"time"

	"arbiter/netcode"

	"github.com/gobwas/ws"
)

var (
	errFrame = errors.New("client: the server broke the WebSocket rules")
	errLarge = fmt.Errorf("client: the server sent a message of more than %d bytes", maxMessage)
)

// frame is a data or control frame's payload, joined if it came in fragments.
type frame struct {
	op   ws.OpCode
	data []byte
}

// readFrame reads the next message or control frame into buf, which may hold
// the beginning of a fragmented message before it.
func readFrame(r *bufio.Reader, conn net.Conn, part *frame, buf []byte) (frame, error) {
	for {
		if err := conn.SetReadDeadline(time.Now().Add(silence)); err != nil {
			return frame{}, err
		}
		h, err := ws.ReadHeader(r)
		if err != nil {
			return frame{}, err
		}
		begun := part.op != 0
		switch {
		case h.Masked || h.Rsv != 0 || h.OpCode.IsReserved():
			return frame{}, errFrame
		case h.OpCode.IsControl() && (h.Length > 125 || !h.Fin):
			return frame{}, errFrame
		case !h.OpCode.IsControl() && begun != (h.OpCode == ws.OpContinuation):
			return frame{}, errFrame
		case h.Length > maxMessage-int64(len(part.data)):
			return frame{}, errLarge
		}
		if h.OpCode.IsControl() || !begun && h.Fin {
			buf = grow(buf[:0], int(h.Length))
			err := readFull(r, conn, buf)
			return frame{h.OpCode, buf}, err
		}
		if h.OpCode != ws.OpContinuation {
			part.op = h.OpCode
		}
		n := len(part.data)
		part.data = grow(part.data, int(h.Length))
		if err := readFull(r, conn, part.data[n:]); err != nil {
			return frame{}, err
		}
		if h.Fin {
			done := frame{part.op, append(buf[:0], part.data...)}
			*part = frame{data: part.data[:0]}
			return done, nil
		}
	}
}

// readFull fills b, which may take long on a slow link: the connection counts as
// lost when no byte comes for a while.
func readFull(r *bufio.Reader, conn net.Conn, b []byte) error {
	for len(b) > 0 {
		n := min(len(b), readPiece)
		if _, err := io.ReadFull(r, b[:n]); err != nil {
			return err
		}
		if b = b[n:]; len(b) > 0 {
			if err := conn.SetReadDeadline(time.Now().Add(silence)); err != nil {
				return err
			}
		}
	}
	return nil
}

// grow lengthens b by n bytes.
func grow(b []byte, n int) []byte {
	if need := len(b) + n; need > cap(b) {
		b = append(make([]byte, 0, max(need, 2*cap(b))), b...)
	}
	return b[:len(b)+n]
}

// closeError is what a close frame says.
func closeError(payload []byte) error {
	e := &CloseError{Code: netcode.CodeNoStatus}
	if len(payload) >= 2 {
		e.Code, e.Reason = netcode.Code(binary.BigEndian.Uint16(payload)), string(payload[2:])
	}
	return e
}

// headRoom is the longest header of a masked frame.
const headRoom = 14

// seal makes a masked frame of b[headRoom:], in place, and returns its bytes.
func seal(op ws.OpCode, b []byte) []byte {
	payload := b[headRoom:]
	head := 6
	switch n := len(payload); {
	case n > 65535:
		head = 14
	case n > 125:
		head = 8
	}
	f := b[headRoom-head:]
	f[0] = 0x80 | byte(op)
	switch n := len(payload); head {
	case 6:
		f[1] = 0x80 | byte(n)
	case 8:
		f[1] = 0x80 | 126
		binary.BigEndian.PutUint16(f[2:], uint16(n))
	default:
		f[1] = 0x80 | 127
		binary.BigEndian.PutUint64(f[2:], uint64(n))
	}
	var mask [4]byte
	binary.LittleEndian.PutUint32(mask[:], rand.Uint32()) // #nosec G404 -- the package's own source is ChaCha8 with a random seed: a page cannot foresee masks
	copy(f[head-4:], mask[:])
	ws.Cipher(payload, mask, 0)
	return f
}
