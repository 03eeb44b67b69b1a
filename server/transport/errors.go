package transport

import (
	"errors"
	"fmt"
)

var (
	// ErrFull is returned by Send, and passed to Closed, when the peer does not
	// read and the pending buffer is full. The connection is dropped.
	ErrFull = errors.New("transport: peer does not read and its pending buffer is full")
	// ErrClosed is returned by Send on a connection that is closing or closed.
	ErrClosed = errors.New("transport: connection is closed")
	// ErrDropped is passed to Closed after Drop.
	ErrDropped = errors.New("transport: connection was dropped")
	// ErrServerClosed is passed to Closed when the server is closed, and
	// returned by Serve when it is called on a closed server.
	ErrServerClosed = errors.New("transport: server is closed")

	errAgain  = errors.New("transport: would block")
	errPanic  = errors.New("transport: a callback panicked")
	errFlood  = errors.New("transport: peer keeps sending on a closing connection")
	errLinger = errors.New("transport: peer did not finish the closing handshake")
)

// Close codes that the transport itself sends.
const (
	CodeNormal      = 1000
	CodeGoingAway   = 1001 // Shutdown
	CodeProtocol    = 1002 // malformed frame
	CodeUnsupported = 1003 // text message
	CodeNoStatus    = 1005 // never sent: the peer's close frame had no code
	CodeInvalidText = 1007 // close reason is not UTF-8
	CodePolicy      = 1008 // a rate, count or time limit was broken
	CodeTooBig      = 1009 // message too long
	CodeInternal    = 1011 // a callback panicked
	CodeTryLater    = 1013 // a limit of all connections together was broken
	CodeHeartbeat   = 4001 // nothing was heard for twice the heartbeat
	CodeAuthTimeout = 4210 // no message came in time after the upgrade
)

// CloseError says with which close frame a connection ended.
type CloseError struct {
	Code   uint16 // 1000 to 4999; CodeNoStatus if the peer's frame had none
	Reason string // at most 123 bytes of UTF-8
	Remote bool   // the peer closed first
}

// PeerClose is the code that the peer closed with; ok is false if it did not.
func (e *CloseError) PeerClose() (code uint16, ok bool) { return e.Code, e.Remote }

func (e *CloseError) Error() string {
	side := "closed here"
	if e.Remote {
		side = "closed by peer"
	}
	return fmt.Sprintf("transport: %s with code %d %q", side, e.Code, e.Reason)
}
