package client

import (
	"errors"
	"io"
	"testing"

	"arbiter/netcode"

	"github.com/gobwas/ws"
)

func TestCloseReasonIsReadAfterAFailedWrite(t *testing.T) {
	bye := netcode.Bye{Code: netcode.CodeDrain}.Append(nil)
	data := func(op ws.OpCode, b []byte) packet { return packet{frame: frame{op, b}} }
	for name, c := range map[string]struct {
		incoming []packet
		want     netcode.Code
	}{
		"close frame": {[]packet{data(ws.OpBinary, []byte{0x91, 99}), data(ws.OpClose, []byte{0x10, 0x68})}, netcode.CodeMatchFinished},
		"bye":         {[]packet{data(ws.OpBinary, bye), {err: io.EOF}}, netcode.CodeDrain},
		"nothing":     {[]packet{data(ws.OpPing, nil), {err: io.EOF}}, 0},
	} {
		conn := &wsConn{incoming: make(chan packet, inbox)}
		for _, p := range c.incoming {
			conn.incoming <- p
		}
		failed := errors.New("broken pipe")
		err := conn.closeReason(failed)
		var closed *CloseError
		if errors.As(err, &closed) != (c.want != 0) || closed != nil && closed.Code != c.want || closed == nil && err != failed {
			t.Errorf("%s: %v", name, err)
		}
	}
}
