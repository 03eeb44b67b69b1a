package bots

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"arbiter/netcode"
	"arbiter/netcode/client"

	"github.com/gobwas/ws"
)

// dial connects and upgrades.
func (s *stranger) dial(ctx context.Context) (net.Conn, *bufio.Reader, error) {
	u, err := url.Parse(s.config.URL)
	if err != nil {
		return nil, nil, err // not reached: Config.fill has parsed it
	}
	match := s.config.Match
	s.Do(func() {
		if s.seat.CanResume() {
			match = s.seat.Welcome().MatchID
		}
	})
	query := url.Values{"game": {s.game}}
	if match != "" {
		query.Set("match", match)
	}
	u.Path, u.RawQuery = "/play", query.Encode()
	d := ws.Dialer{
		Timeout: strangerDial, Protocols: []string{client.Subprotocol}, NetDial: s.config.Dialer,
		Header: ws.HandshakeHeaderHTTP(http.Header{"Authorization": {"Bearer " + s.config.Token}}),
	}
	conn, r, _, err := d.Dial(ctx, u.String())
	var status ws.StatusError
	if errors.As(err, &status) {
		return nil, nil, &client.RefusedError{Status: int(status), Message: http.StatusText(int(status))}
	}
	if r == nil {
		r = bufio.NewReader(conn)
	}
	return conn, r, err
}

// heard is a frame, or why there is none.
type heard struct {
	frame ws.Frame
	err   error
}

// listen passes on what arrives until the connection ends.
func listen(conn net.Conn, r *bufio.Reader, to chan<- heard, quit <-chan struct{}) {
	for {
		err := conn.SetReadDeadline(time.Now().Add(strangerQuiet))
		var f ws.Frame
		if err == nil {
			f, err = readFrame(r)
		}
		select {
		case to <- heard{f, err}:
		case <-quit:
			return
		}
		if err != nil {
			return
		}
	}
}

// readFrame reads a frame of at most strangerMessage bytes.
func readFrame(r io.Reader) (ws.Frame, error) {
	h, err := ws.ReadHeader(r)
	if err != nil {
		return ws.Frame{}, err
	}
	if h.Length > strangerMessage {
		return ws.Frame{}, fmt.Errorf("bots: a message of %d bytes, more than %d", h.Length, strangerMessage)
	}
	f := ws.Frame{Header: h, Payload: make([]byte, h.Length)}
	_, err = io.ReadFull(r, f.Payload)
	return f, err
}

// say writes a frame in one write.
func say(conn net.Conn, f ws.Frame) error {
	b, err := ws.CompileFrame(ws.MaskFrameInPlace(f))
	if err == nil {
		err = conn.SetWriteDeadline(time.Now().Add(strangerQuiet))
	}
	if err == nil {
		_, err = conn.Write(b)
	}
	return err
}

// hear takes a frame.
func (s *stranger) hear(conn net.Conn, h heard) (err error) {
	switch f := h.frame; {
	case h.err != nil:
		return h.err
	case f.Header.OpCode == ws.OpPing:
		return say(conn, ws.NewPongFrame(f.Payload))
	case f.Header.OpCode == ws.OpPong:
		return nil
	case f.Header.OpCode == ws.OpClose:
		code, reason := ws.ParseCloseFrameData(f.Payload)
		return &client.CloseError{Code: netcode.Code(code), Reason: reason}
	case f.Header.OpCode != ws.OpBinary || !f.Header.Fin:
		return fmt.Errorf("bots: a frame that an Arbiter server does not send: %+v", f.Header)
	}
	s.Do(func() { _, err = s.seat.Receive(time.Since(s.start), h.frame.Payload) })
	return err
}
