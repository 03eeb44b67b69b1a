package match

import (
	"errors"
	"net/netip"

	"arbiter/netcode"
)

// Conn is what a session needs of its connection. It is safe for concurrent use,
// and nothing it does blocks.
type Conn interface {
	// SendPayload sends b[HeaderRoom:] as one message. The bytes before it are the
	// connection's to write a frame's header into. b is the caller's again when
	// SendPayload returns. It fails if the connection has ended or is about to.
	SendPayload(b []byte) error
	// Pending is how many bytes the kernel has not taken yet: backpressure of a
	// slow client.
	Pending() int
	// Close closes with a code and a reason.
	Close(code uint16, reason string)
	RemoteAddr() netip.AddrPort
}

// HeaderRoom is the space in front of a payload that holds any frame's header.
const HeaderRoom = 10

// peerClose is an error of a connection that says whether the peer closed it, and
// with which code.
type peerClose interface {
	error
	PeerClose() (code uint16, ok bool)
}

// closedByPeer is the code that the peer closed with, or 0 if it did not.
func closedByPeer(err error) netcode.Code {
	if p := peerClose(nil); errors.As(err, &p) {
		if code, ok := p.PeerClose(); ok {
			return netcode.Code(code)
		}
	}
	return 0
}

// closeWithBye says goodbye in a message, for clients that are not shown close
// frames, and closes.
func closeWithBye(c Conn, code netcode.Code, reason string) {
	if reason == "" {
		reason = code.Text()
	}
	b := netcode.Bye{Code: code, Reason: reason}.Append(make([]byte, HeaderRoom, 256))
	_ = c.SendPayload(b) // if it cannot be sent, the close frame cannot either, and the client finds out by itself
	c.Close(uint16(code), reason)
}
