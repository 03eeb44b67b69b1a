package echo

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"time"
)

// patience bounds every wait for something that should happen.
const patience = time.Minute

// First bytes of frames: final or not, and the opcode.
const (
	final   = 0x80
	cont    = 0x0
	text    = 0x1
	data    = 0x2
	closing = 0x8
	ping    = 0x9
	pong    = 0xa
)

// frame makes a masked frame; first is its first byte.
func frame(first byte, payload string) []byte {
	b := []byte{first}
	switch n := len(payload); {
	case n <= 125:
		b = append(b, 0x80|byte(n))
	case n <= 0xffff:
		b = binary.BigEndian.AppendUint16(append(b, 0x80|126), uint16(n))
	default:
		b = binary.BigEndian.AppendUint64(append(b, 0x80|127), uint64(n))
	}
	mask := [4]byte{0x37, 0xfa, 0x21, 0x3d}
	b = append(b, mask[:]...)
	for i := range len(payload) {
		b = append(b, payload[i]^mask[i%4])
	}
	return b
}

func closeFrame(code uint16, reason string) []byte {
	return frame(final|closing, string(binary.BigEndian.AppendUint16(nil, code))+reason)
}

// peer is a client that writes bytes as told, right or wrong.
type peer struct {
	net.Conn
	br *bufio.Reader
}

func connect(dial func() (net.Conn, error)) (*peer, error) {
	nc, err := dial()
	if err != nil {
		return nil, err
	}
	_ = nc.SetDeadline(time.Now().Add(patience))
	p := &peer{nc, bufio.NewReader(nc)}
	_, _ = io.WriteString(p, "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
	r, err := http.ReadResponse(p.br, nil)
	if err != nil || r.StatusCode != http.StatusSwitchingProtocols {
		return nil, fmt.Errorf("upgrade answered with %v, %w", r, err)
	}
	if got := r.Header.Get("Sec-WebSocket-Accept"); got != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" {
		return nil, fmt.Errorf("accepted with %q, not the answer of RFC 6455, 1.3", got)
	}
	return p, nil
}

// read returns the server's next frame as "opcode payload".
func (p *peer) read() (op byte, payload []byte, err error) {
	var h [10]byte
	if _, err := io.ReadFull(p.br, h[:2]); err != nil {
		return 0, nil, err
	}
	if h[0]&0xf0 != final || h[1]&0x80 != 0 {
		return 0, nil, fmt.Errorf("header % x: want final, unmasked, no reserved bits", h[:2])
	}
	n := int(h[1])
	switch n {
	case 126:
		_, err = io.ReadFull(p.br, h[2:4])
		n = int(binary.BigEndian.Uint16(h[2:]))
	case 127:
		_, err = io.ReadFull(p.br, h[2:10])
		n = int(binary.BigEndian.Uint64(h[2:]))
	}
	payload = make([]byte, n)
	if err == nil {
		_, err = io.ReadFull(p.br, payload)
	}
	return h[0] & 0xf, payload, err
}

// end reads to the end of the connection, which must be clean: a FIN, nothing
// before it.
func (p *peer) end() error {
	n, err := io.Copy(io.Discard, p.br)
	switch {
	case errors.Is(err, syscall.ECONNRESET):
		return fmt.Errorf("reset instead of closed")
	case err != nil:
		return err
	case n > 0:
		return fmt.Errorf("%d bytes after the close frame", n)
	}
	return nil
}
