package echo

import (
	"bufio"
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
