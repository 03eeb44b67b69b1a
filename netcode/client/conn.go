package client

import (
	"bufio"
	"fmt"
	"net"
	"time"

	"arbiter/netcode"

	"github.com/gobwas/ws"
)

// wsConn is one WebSocket connection. Its read method runs on a goroutine of its
// own; everything else belongs to the loop's goroutine.
type wsConn struct {
	raw      net.Conn
	incoming chan packet
	free     chan []byte   // buffers to read into
	quit     chan struct{} // closed when nobody receives packets any more
	out      []byte
	bye      *netcode.Bye // why the server will close the connection; nil if it has not said

	renewal *renewal
}

// packet is one message or control frame, or the error that ended reading.
type packet struct {
	frame
	at  time.Duration
	err error
}

// read passes on what arrives until the connection ends.
func (c *wsConn) read(r *bufio.Reader, now func() time.Duration) {
	var part frame
	for {
		var buf []byte
		select {
		case buf = <-c.free:
		default:
		}
		f, err := readFrame(r, c.raw, &part, buf)
		select {
		case c.incoming <- packet{f, now(), err}:
		case <-c.quit:
			return
		}
		if err != nil {
			return
		}
	}
}

// closeReason is why the connection ended when writing to it failed with err:
// the server may have said so before it closed, and that is still to be read.
func (c *wsConn) closeReason(err error) error {
	patience := time.NewTimer(closeTimeout)
	defer patience.Stop()
	for {
		select {
		case p := <-c.incoming:
			switch {
			case p.err != nil && c.bye != nil:
				return &CloseError{c.bye.Code, c.bye.Reason}
			case p.err != nil:
				return err
			case p.op == ws.OpClose:
				return closeError(p.data)
			case p.op == ws.OpBinary && netcode.KindOf(p.data) == netcode.KindBye:
				if bye, bad := netcode.ParseBye(p.data); bad == nil {
					c.bye = &bye
				}
			}
		case <-patience.C:
			return err
		}
	}
}

func (c *wsConn) release(b []byte) {
	select {
	case c.free <- b:
	default:
	}
}

// frameStart is the beginning of a frame: headRoom bytes for its header.
func (c *wsConn) frameStart() []byte {
	if cap(c.out) < headRoom {
		c.out = make([]byte, headRoom, 512)
	}
	return c.out[:headRoom]
}

// write sends c.out, which begins with room for a header, as one frame in one
// write.
func (c *wsConn) write(op ws.OpCode) error {
	if err := c.raw.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	if _, err := c.raw.Write(seal(op, c.out)); err != nil {
		return fmt.Errorf("client: connection lost: %w", err)
	}
	return nil
}

// sendClose ends the connection with a code.
func (c *wsConn) sendClose(code netcode.Code) {
	c.out = append(c.frameStart(), byte(code>>8), byte(code))
	_ = c.raw.SetWriteDeadline(time.Now().Add(closeTimeout))
	_, _ = c.raw.Write(seal(ws.OpClose, c.out)) // it is over either way
}
