package server

import (
	"net/netip"

	"arbiter/netcode"
	"arbiter/server/transport"
)

// conn is what a session needs of a connection; [*transport.Conn] is one. It
// is safe for concurrent use, and nothing it does blocks.
type conn interface {
	Send(framed []byte) error
	Pending() int
	Close(code uint16, reason string)
	RemoteAddr() netip.AddrPort
}

// frameRoom is the space in front of a payload that holds any frame's header.
const frameRoom = 10

// framed puts the header in front of the payload b[frameRoom:] and returns the
// whole frame, a part of b.
func framed(b []byte) []byte {
	var room [frameRoom]byte
	header := transport.AppendHeader(room[:0], len(b)-frameRoom)
	start := frameRoom - len(header)
	copy(b[start:], header)
	return b[start:]
}

// closeWithBye says goodbye in a message, for clients that are not shown close
// frames, and closes.
func closeWithBye(c conn, code netcode.Code, reason string) {
	if reason == "" {
		reason = code.Text()
	}
	b := netcode.Bye{Code: code, Reason: reason}.Append(make([]byte, frameRoom, 256))
	_ = c.Send(framed(b)) // if it cannot be sent, the close frame cannot either, and the client finds out by itself
	c.Close(uint16(code), reason)
}
