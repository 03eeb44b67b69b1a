// Package echo sends every WebSocket message back, text as text and binary as
// binary, from the transport that matches are played over. It is what suites
// that judge an implementation of RFC 6455 are pointed at, and has no game, no
// tokens and limits as wide as such suites need: it is not for the internet.
package echo

import (
	"io"
	"math"
	"net/http"
	"time"

	"arbiter/server/transport"
)

// MessageBytes is the longest message that is echoed.
const MessageBytes = 32 << 20

// Listen binds the port of c, whose kind of transport, certificates and log
// are kept; origins, text and limits are the echo's own. Serve on the result
// runs it.
func Listen(c transport.Config) (*transport.Server, error) {
	c.Origins = []string{"*"}
	c.Text = true
	c.Limits = transport.Limits{
		MaxPerAddress:   -1,
		ConnRate:        -1,
		AddressConnRate: -1,

		AuthTimeout:    time.Hour, // a client may be silent
		MessageBytes:   MessageBytes,
		Fragments:      math.MaxInt32,
		MessageTimeout: time.Hour, // suites cut 4 MB into 65,536 frames, on machines that do other work too
		MessageRate:    math.MaxInt32,
		MessageBurst:   math.MaxInt32,
		ByteRate:       math.MaxInt32,
		ByteBurst:      math.MaxInt32,
		ControlRate:    math.MaxInt32,
		ControlBurst:   math.MaxInt32,
		PendingBytes:   4 * MessageBytes,
		CloseTimeout:   time.Minute, // a long answer may still be on its way
		SendBuffer:     1 << 20,
	}
	return transport.Listen(c, host{}, http.HandlerFunc(page))
}

func page(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "WebSocket messages to any path of this port are sent back.\n")
}

type host struct{}

// Upgrade implements [transport.Host].
func (host) Upgrade(*transport.Request) (any, *transport.Refusal) { return nil, nil }

// Opened implements [transport.Host].
func (host) Opened(c *transport.Conn, _ any) transport.Receiver { return &session{conn: c} }

type session struct {
	conn  *transport.Conn
	frame []byte
}

// maxKept is the largest buffer that is kept for the next message.
const maxKept = 64 << 10

// Message implements [transport.Receiver].
func (s *session) Message(payload []byte) {
	s.send(append(transport.AppendHeader(s.frame[:0], len(payload)), payload...))
}

// Text implements [transport.TextReceiver].
func (s *session) Text(payload []byte) {
	s.send(append(transport.AppendTextHeader(s.frame[:0], len(payload)), payload...))
}

func (s *session) send(frame []byte) {
	_ = s.conn.Send(frame) // an overflow or the network's end closes the connection
	if s.frame = frame; cap(frame) > maxKept {
		s.frame = nil
	}
}

// Closed implements [transport.Receiver].
func (s *session) Closed(error) {}
