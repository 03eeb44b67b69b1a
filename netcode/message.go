package netcode

import (
	"errors"
	"fmt"
)

// Kind is the first item of every message and says which one it is.
type Kind uint8

// Kinds up to 15 go to the server, the others to the client.
const (
	KindHello    Kind = 1
	KindInputs   Kind = 2
	KindAck      Kind = 3
	KindCommand  Kind = 4
	KindPing     Kind = 5
	KindRenew    Kind = 6
	KindWelcome  Kind = 16
	KindSnapshot Kind = 17
	KindPong     Kind = 18
	KindBye      Kind = 19
	KindRenewed  Kind = 20
)

var kindNames = map[Kind]string{
	KindHello: "hello", KindInputs: "inputs", KindAck: "ack", KindCommand: "command", KindPing: "ping", KindRenew: "renew",
	KindWelcome: "welcome", KindSnapshot: "snapshot", KindPong: "pong", KindBye: "bye", KindRenewed: "renewed",
}

func (k Kind) String() string {
	if name, ok := kindNames[k]; ok {
		return name
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// KindOf returns the kind of a message, 0 if it does not begin like one. It
// does not look further.
func KindOf(b []byte) Kind {
	r := NewReader(b)
	if r.Array(len(b)) == 0 {
		return 0
	}
	return Kind(r.UintTo(127))
}

// ErrTrailing: bytes follow the end of the message.
var ErrTrailing = errors.New("bytes follow the message")

// ParseError says which message was refused, where and why. Err is one of
// ErrTruncated, ErrType, ErrRange, ErrLimit, ErrTrailing and, for inputs and
// commands, ErrContinues.
type ParseError struct {
	Kind Kind // of the parser, not of the bytes
	At   int  // offset of the value at fault
	Err  error
}

func (e *ParseError) Error() string {
	return fmt.Sprintf("netcode: %v message, byte %d: %v", e.Kind, e.At, e.Err)
}

func (e *ParseError) Unwrap() error { return e.Err }

// Limits of what a newer version of this protocol may add.
const (
	maxItems        = 64  // of a message without repeated items
	maxUnknownItems = 256 // inside one item this version does not know
)

// items reads one message item by item. Items behind the last are nil.
type items struct {
	Reader
	kind Kind
	left int
}

// open reads the array header and the kind. max bounds the number of items.
// It fills m in place: returning it would double the cost of a small message.
func (m *items) open(b []byte, k Kind, max int) {
	m.b, m.kind = b, k
	m.left = m.Array(max)
	if got := m.need().Uint(); got != uint64(k) {
		m.Fail(ErrType)
	}
}

// next moves to the next item and reports whether it has a value.
func (m *items) next() bool {
	if m.left == 0 {
		return false
	}
	m.left--
	return !m.Nil()
}

// need is next for an item that must have a value.
func (m *items) need() *Reader {
	if !m.next() {
		m.Fail(ErrTruncated)
	}
	return &m.Reader
}

// close passes over items this version does not know and returns the error of
// the whole message.
func (m *items) close() error {
	for ; m.left > 0 && m.err == nil; m.left-- {
		m.Skip(maxUnknownItems)
	}
	if m.Len() > 0 {
		m.Fail(ErrTrailing)
	}
	if m.err == nil {
		return nil
	}
	return &ParseError{Kind: m.kind, At: m.Offset(), Err: m.err}
}

// appendFlag appends 0 or 1: msgpack's bools are as long, and decoders need
// one case less.
func appendFlag(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}
