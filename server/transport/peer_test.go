package transport

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

// peer is a client that writes bytes as told, right or wrong.
type peer struct {
	net.Conn // the socket, or TLS above it
	tcp      *net.TCPConn
	t        testing.TB
	br       *bufio.Reader
	bytewise bool // writes to the socket go byte by byte
}

func dial(t testing.TB, s *Server) *peer {
	t.Helper()
	nc, err := net.Dial("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = nc.Close() })
	_ = nc.SetDeadline(time.Now().Add(patience))
	p := &peer{Conn: nc, tcp: nc.(*net.TCPConn), t: t}
	if s.core.tls != nil {
		p.Conn = tls.Client(slicer{nc, p}, &tls.Config{ServerName: "game.example", RootCAs: gameCert(t).certificates})
	}
	p.br = bufio.NewReader(p.Conn)
	return p
}

// slicer is a socket that can write byte by byte.
type slicer struct {
	net.Conn
	p *peer
}

func (s slicer) Write(b []byte) (n int, err error) {
	if !s.p.bytewise {
		return s.Conn.Write(b)
	}
	for n < len(b) && err == nil {
		_, err = s.Conn.Write(b[n : n+1])
		n++
	}
	return n, err
}

// CloseWrite sends FIN, and nothing before it.
func (p *peer) CloseWrite() error { return p.tcp.CloseWrite() }

// reset sends RST.
func (p *peer) reset() {
	_ = p.tcp.SetLinger(0)
	_ = p.tcp.Close()
}

// send writes whole or byte by byte, as a record in TLS, handshake included.
// The server may close in the middle.
func (p *peer) send(b []byte, bytewise bool) {
	if !bytewise {
		_, _ = p.Write(b)
		return
	}
	p.bytewise = true
	defer func() { p.bytewise = false }()
	if p.Conn != net.Conn(p.tcp) {
		_, _ = p.Write(b)
		return
	}
	for i := range b {
		if _, err := p.Write(b[i : i+1]); err != nil {
			return
		}
	}
}

// upgrade performs a correct opening handshake.
func (p *peer) upgrade() *peer {
	p.t.Helper()
	p.send([]byte(goodHead), false)
	if r := p.response(); r == nil || r.StatusCode != 101 {
		p.t.Fatalf("upgrade answered with %v", r)
	}
	return p
}

// response reads an HTTP answer; nil means that the connection ended instead.
func (p *peer) response() *http.Response {
	p.t.Helper()
	r, err := http.ReadResponse(p.br, nil)
	if err != nil {
		if !ended(err) {
			p.t.Fatalf("no answer and no end: %v", err)
		}
		return nil
	}
	return r
}

func ended(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

// frame reads one frame of the server, which must be unmasked and final.
func (p *peer) frame() (op byte, payload []byte, err error) {
	if op, payload, err = transporttest.ReadFrame(p.br); errors.Is(err, transporttest.ErrHeader) {
		p.t.Error(err)
	}
	return op, payload, err
}

// closeFrame reads up to the close frame and returns its code, CodeNoStatus if
// it has none, and -1 if the connection ended without one.
func (p *peer) closeFrame() int {
	p.t.Helper()
	for {
		op, payload, err := p.frame()
		switch {
		case err != nil:
			if !ended(err) {
				p.t.Fatalf("no close frame and no end: %v", err)
			}
			return -1
		case op != 8:
		case len(payload) == 0:
			return CodeNoStatus
		default:
			return int(binary.BigEndian.Uint16(payload))
		}
	}
}

// end reads until the server's FIN or RST.
func (p *peer) end() {
	p.t.Helper()
	if _, err := io.Copy(io.Discard, p.br); err != nil && !ended(err) {
		p.t.Fatalf("connection did not end: %v", err)
	}
}

const goodHead = "GET /play?x=1 HTTP/1.1\r\nHost: game.example\r\nUpgrade: websocket\r\n" +
	"Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
	"Sec-WebSocket-Version: 13\r\n\r\n"

// head changes the good head: old, new pairs, as for strings.NewReplacer.
func head(oldnew ...string) string { return strings.NewReplacer(oldnew...).Replace(goodHead) }

// with adds header lines to the good head.
func with(lines ...string) string {
	return strings.TrimSuffix(goodHead, "\r\n") + strings.Join(lines, "\r\n") + "\r\n\r\n"
}
