package transport

import (
	"net/http"
	"net/netip"
)

// Host is what a transport serves. Its methods are called on the transport's
// loops, concurrently for different connections, and must not block.
type Host interface {
	// Upgrade decides about a well-formed request for a WebSocket from an
	// allowed origin. A nil Refusal accepts it, and the first result is
	// passed to Opened. r is valid during the call only.
	Upgrade(r *Request) (accept any, refusal *Refusal)
	// Opened is called once the answer 101 has been written. The Receiver gets
	// the connection's messages; nil drops the connection.
	Opened(c *Conn, accept any) Receiver
}

// Receiver takes what one connection brings. Its methods are called one after
// the other, never concurrently, and must not block.
type Receiver interface {
	// Message takes one complete binary message. payload is valid during the
	// call only and may be modified.
	Message(payload []byte)
	// Closed is the last call, exactly once. err wraps a [*CloseError], one of
	// [ErrFull], [ErrDropped] and [ErrServerClosed], io.EOF (the peer went
	// without a close frame) or the network's error.
	Closed(err error)
}

// TextReceiver is a Receiver that takes text too, with [Config.Text].
type TextReceiver interface {
	Receiver
	// Text takes one complete text message, which is UTF-8, as Message does.
	Text(payload []byte)
}

// Request is a checked request for a WebSocket.
type Request struct {
	Method        string         // always GET
	Path          string         // as sent, not percent-decoded; begins with a slash
	Query         string         // as sent, without the question mark
	Host          string         // Host header
	Origin        string         // Origin header, empty if absent
	Authorization string         // Authorization header, empty if absent
	Protocols     []string       // every entry offered in Sec-WebSocket-Protocol, in order
	Subprotocol   string         // the entry that will be selected, or empty
	RemoteAddr    netip.AddrPort // the peer
}

// Refusal is the answer to a request that is not upgraded. It is sent as a
// [httpapi.Problem], whose code is Code with _ for - and whose detail is Message,
// and counted under its Code.
type Refusal struct {
	Status  int         // HTTP status, 400 to 599; anything else is sent as 500
	Code    string      // for programs: short, from a fixed set
	Title   string      // for people: the kind of refusal; empty: the status in words
	Message string      // for people: what was wrong and what to do
	Header  http.Header // additional headers, may be nil

	bodiless bool // the request was HEAD
}
