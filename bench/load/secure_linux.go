package load

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"arbiter/bench/wheel"

	"golang.org/x/sys/unix"
)

// wire is what crypto/tls sees of a connection. During the handshake, which a
// goroutine of its own makes, it waits; afterwards it belongs to the loop, and
// never does.
type wire struct {
	client *client
	fd     int
	waits  bool
	until  time.Time // of the handshake
}

const handshakePatience = 10 * time.Second

// again is what a read returns that would wait. crypto/tls goes on after
// errors that call themselves temporary.
type again struct{}

func (again) Error() string   { return "bench: nothing to read now" }
func (again) Timeout() bool   { return true }
func (again) Temporary() bool { return true }

// Read implements [net.Conn].
func (w *wire) Read(b []byte) (int, error) {
	for {
		n, err := wheel.Read(w.fd, b)
		switch {
		case n > 0:
			return n, nil
		case n == 0:
			return 0, io.EOF
		case err != unix.EAGAIN && err != unix.EINTR:
			return 0, err
		case !w.waits:
			return 0, again{}
		}
		if err := w.wait(unix.POLLIN); err != nil {
			return 0, err
		}
	}
}

// Write implements [net.Conn]. After the handshake it takes everything.
func (w *wire) Write(b []byte) (int, error) {
	if !w.waits {
		w.client.put(b)
		return len(b), nil
	}
	for done := 0; done < len(b); {
		n, err := wheel.Write(w.fd, b[done:])
		switch {
		case n >= 0:
			done += n
			continue
		case err != unix.EAGAIN && err != unix.EINTR:
			return done, err
		}
		if err := w.wait(unix.POLLOUT); err != nil {
			return done, err
		}
	}
	return len(b), nil
}

func (w *wire) wait(events int16) error {
	left := time.Until(w.until)
	if left <= 0 {
		return os.ErrDeadlineExceeded
	}
	_, err := unix.Poll([]unix.PollFd{{Fd: int32(w.fd), Events: events}}, int(left.Milliseconds())+1)
	if err == unix.EINTR {
		return nil
	}
	return err
}

// The rest of [net.Conn]: the loop closes, and sets no deadlines.
func (w *wire) Close() error                     { return nil }
func (w *wire) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (w *wire) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// secure begins a handshake. Until secured the descriptor is not the loop's.
func (c *client) secure() {
	c.stage = securing
	l := c.loop
	w := &wire{client: c, fd: c.fd, waits: true, until: time.Now().Add(handshakePatience)}
	conn := tls.Client(w, l.fleet.config.TLS)
	l.shakes.Go(func() {
		err := conn.HandshakeContext(context.Background()) // ends by wire's deadline, or when the loop shuts the socket
		w.waits = false
		if !l.post(func() { c.secured(conn, err) }) && c.gone {
			_ = unix.Close(c.fd)
		}
	})
}

// secured takes the connection back from the handshake.
func (c *client) secured(conn *tls.Conn, err error) {
	switch {
	case c.gone: // dropped meanwhile: only the descriptor is left
		_ = unix.Close(c.fd)
		return
	case c.loop.quit:
		return
	case err != nil:
		c.stage = dialing
		c.fail(fmt.Errorf("bench: TLS: %w", err))
		return
	}
	c.tls = conn
	c.upgrade()
	c.read()
}

// receive is read(2), through TLS if there is.
func (c *client) receive(b []byte) (int, error) {
	if c.tls == nil {
		return wheel.Read(c.fd, b)
	}
	n, err := c.tls.Read(b)
	switch {
	case n > 0 || err == nil:
		return n, nil
	case errors.Is(err, again{}):
		return -1, unix.EAGAIN
	case errors.Is(err, io.EOF):
		return 0, nil
	}
	return -1, err
}
