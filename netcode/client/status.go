package client

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"arbiter/netcode"
)

// Phase is what a client is doing.
type Phase uint8

const (
	Connecting   Phase = iota // for the first time
	Playing                   // welcomed
	Resuming                  // the connection dropped; taking up the seat again
	Reconnecting              // the seat is gone; asking for another
	Closed                    // it will not connect again; see Status.Err
)

func (p Phase) String() string {
	if int(p) < len(phases) {
		return phases[p]
	}
	return fmt.Sprintf("phase %d", uint8(p))
}

var phases = [...]string{"connecting", "playing", "resuming", "reconnecting", "closed"}

// Status is a phase and what led to it.
type Status struct {
	Phase Phase
	Err   error // why the connection before ended; nil at first, while playing, and after Close
}

// ErrClosed is the Err of a client whose Close was called or whose context
// ended.
var ErrClosed = errors.New("client: closed")

// CloseError says that the server ended the connection.
type CloseError struct {
	Code   netcode.Code
	Reason string // the server's words, often empty
}

func (e *CloseError) Error() string {
	if e.Reason != "" {
		return fmt.Sprintf("client: the server closed the connection: %d %s: %s", e.Code, e.Code, e.Reason)
	}
	return fmt.Sprintf("client: the server closed the connection: %d %s: %s", e.Code, e.Code, e.Code.Text())
}

// RefusedError says that the server did not accept the connection.
type RefusedError struct {
	Status     int           // HTTP
	Message    string        // the server's words, may be empty
	RetryAfter time.Duration // how long the server asks to be left alone; 0 if it does not
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("client: the server refused the connection with status %d: %s", e.Status, e.Message)
}

// action is what to do about the end of a connection, or of an attempt at one.
// A token that expired is the end only for a client that has no other.
func (c *Config) action(err error) netcode.Action {
	var closed *CloseError
	var refused *RefusedError
	switch {
	case errors.As(err, &closed) && closed.Code == netcode.CodeTokenExpired && c.renews():
		return netcode.Resume
	case errors.As(err, &closed):
		return closed.Code.Action()
	case errors.As(err, &refused):
		if refused.Status == http.StatusTooManyRequests || refused.Status >= http.StatusInternalServerError {
			return netcode.Resume
		}
		return netcode.GiveUp
	case errors.Is(err, errFinal):
		return netcode.GiveUp
	}
	return netcode.Resume // the network's doing
}

// Marks on errors; see marked.
var (
	errFinal       = errors.New("client: trying again would end the same way")
	errUnreachable = errors.New("client: the server cannot be reached")
)

// marked is an error with a mark that errors.Is finds.
type marked struct {
	error
	mark error
}

func (e marked) Unwrap() []error { return []error{e.error, e.mark} }

func final(err error) error { return marked{err, errFinal} }
