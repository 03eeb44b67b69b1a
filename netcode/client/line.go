package client

import (
	"bufio"
	"fmt"
	"net"
	"time"

	"arbiter/netcode"

	"github.com/gobwas/ws"
)

// line is one connection.
type line struct {
	conn net.Conn
	in   chan packet
	free chan []byte   // buffers to read into
	quit chan struct{} // closed when nobody takes packets any more
	out  []byte
	bye  *netcode.Bye // the server's last words

	renewal *renewal
}

// packet is one message or control frame, or the error that ended reading.
type packet struct {
	frame
	at  time.Duration
	err error
}

// read passes on what arrives until the connection ends.
func (ln *line) read(r *bufio.Reader, now func() time.Duration) {
	var part frame
	for {
		var buf []byte
		select {
		case buf = <-ln.free:
		default:
		}
		f, err := readFrame(r, ln.conn, &part, buf)
		select {
		case ln.in <- packet{f, now(), err}:
		case <-ln.quit:
			return
		}
		if err != nil {
			return
		}
	}
}

// lastWords is why the connection ended when writing to it failed with err: the
// server may have said so before it closed, and that is still to be read.
func (ln *line) lastWords(err error) error {
	patience := time.NewTimer(farewell)
	defer patience.Stop()
	for {
		select {
		case p := <-ln.in:
			switch {
			case p.err != nil && ln.bye != nil:
				return &CloseError{ln.bye.Code, ln.bye.Reason}
			case p.err != nil:
				return err
			case p.op == ws.OpClose:
				return closeError(p.data)
			case p.op == ws.OpBinary && netcode.KindOf(p.data) == netcode.KindBye:
				if bye, bad := netcode.ParseBye(p.data); bad == nil {
					ln.bye = &bye
				}
			}
		case <-patience.C:
			return err
		}
	}
}

func (ln *line) release(b []byte) {
	select {
	case ln.free <- b:
	default:
	}
}

// room is the beginning of a frame: headRoom bytes for its header.
func (ln *line) room() []byte {
	if cap(ln.out) < headRoom {
		ln.out = make([]byte, headRoom, 512)
	}
	return ln.out[:headRoom]
}

// write sends ln.out, which begins with room for a header, as one frame in one
// write.
func (ln *line) write(op ws.OpCode) error {
	if err := ln.conn.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if _, err := ln.conn.Write(seal(op, ln.out)); err != nil {
		return fmt.Errorf("client: connection lost: %w", err)
	}
	return nil
}

// goodbye ends the connection with a code.
func (ln *line) goodbye(code netcode.Code) {
	ln.out = append(ln.room(), byte(code>>8), byte(code))
	_ = ln.conn.SetWriteDeadline(time.Now().Add(farewell))
	_, _ = ln.conn.Write(seal(ws.OpClose, ln.out)) // it is over either way
}
