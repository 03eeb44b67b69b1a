package servertest

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"testing"
	"time"

	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"

	"github.com/gobwas/ws"
)

// Client is a raw client of the protocol over a real socket: it does only what
// it is told. One goroutine may use it.
type Client struct {
	Conn    net.Conn
	Welcome netcode.Welcome
	View    *view.View
	Events  []int // marks of the shouts received
	Slow    bool  // don't acknowledge snapshots by itself

	t        testing.TB
	schema   *sim.Schema
	r        *bufio.Reader
	writer   netcode.InputWriter
	layout   *netcode.InputLayout
	unacked  int
	ackEvery int
	seq      uint32
	sent     []sentInput
	log      netcode.InputDigest
	logs     map[uint32]uint32 // hash by count
}

type sentInput struct {
	entry   netcode.Entry
	command *netcode.Command
}

// Try is Dial that returns the error of the upgrade, a [ws.StatusError] if it
// was refused.
func (s *Server) Try(query url.Values) (*Client, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	d := ws.Dialer{Protocols: []string{server.Subprotocol}}
	if s.cert != nil {
		d.TLSConfig = s.cert.Client()
	}
	conn, br, _, err := d.Dial(ctx, s.Scheme+"://"+s.Addr().String()+"/play?"+query.Encode())
	if err != nil {
		return nil, err
	}
	if br == nil {
		br = bufio.NewReader(conn)
	}
	c := &Client{Conn: conn, t: s.t, r: br, logs: map[uint32]uint32{}}
	s.t.Cleanup(func() { _ = conn.Close() })
	return c, nil
}

// Dial connects with a token for that name and the default game. more is keys
// and values of the query.
func (s *Server) Dial(name string, more ...string) *Client {
	s.t.Helper()
	query := url.Values{"game": {"drill"}, "token": {s.Token(name)}}
	for i := 0; i < len(more); i += 2 {
		query.Set(more[i], more[i+1])
	}
	c, err := s.Try(query)
	if err != nil {
		s.t.Fatalf("dial %s: %v", name, err)
	}
	return c
}

// Join is Dial and a hello for a new seat.
func (s *Server) Join(name string, more ...string) *Client {
	s.t.Helper()
	c := s.Dial(name, more...)
	c.Hello(netcode.Hello{})
	return c
}

// Resume connects anew to the seat that old had, and goes on where old was.
func (s *Server) Resume(old *Client, name string) *Client {
	s.t.Helper()
	c := s.Dial(name, "match", old.Welcome.MatchID)
	c.adopt(old)
	h := netcode.Hello{Resume: old.Welcome.Resume, SchemaHash: old.schema.Hash}
	if f := old.View.Frame(); f != nil {
		h.LastTick = f.Tick
	}
	c.Hello(h)
	c.resend()
	return c
}

// Hello sends a hello, of this version unless it says otherwise, and reads the
// welcome.
func (c *Client) Hello(h netcode.Hello) {
	c.t.Helper()
	if h.Version == 0 {
		h.Version = netcode.Version
	}
	c.Send(h.Append(nil))
	kind, payload, err := c.Read()
	if err != nil || kind != netcode.KindWelcome {
		c.t.Fatalf("want a welcome, got %v %x, error %v", kind, payload, err)
	}
	if c.Welcome, err = netcode.ParseWelcome(payload); err != nil {
		c.t.Fatal(err)
	}
	c.ackEvery = c.Welcome.AckEvery
	if len(c.Welcome.Schema) > 0 {
		if c.schema, err = netcode.ParseSchema(c.Welcome.Schema); err != nil {
			c.t.Fatal(err)
		}
	}
	if c.View == nil {
		c.View = view.New(c.schema, c.Welcome.Player)
		c.seq = c.Welcome.SeqTaken
	}
	c.View.Connect(c.Welcome.Resumed)
	c.layout = netcode.NewInputLayout(c.schema)
	c.writer = netcode.NewInputWriter(c.layout)
}

// Send sends one binary message.
func (c *Client) Send(payload []byte) {
	c.t.Helper()
	if err := c.TrySend(payload); err != nil {
		c.t.Fatalf("send: %v", err)
	}
}

// TrySend is Send that returns the error.
func (c *Client) TrySend(payload []byte) error {
	return c.SendFrame(ws.NewBinaryFrame(payload))
}

// SendFrame masks a frame and sends it.
func (c *Client) SendFrame(f ws.Frame) error {
	if err := c.Conn.SetWriteDeadline(time.Now().Add(Patience)); err != nil {
		return err
	}
	b, err := ws.CompileFrame(ws.MaskFrame(f))
	if err != nil {
		return err
	}
	_, err = c.Conn.Write(b)
	return err
}

// Closed is the error of Read when the server sent a close frame.
type Closed struct {
	Code   netcode.Code
	Reason string
}

func (c *Closed) Error() string { return c.Code.String() + ": " + c.Reason }

// Read returns the next message. It answers pings. Its error is a *Closed if
// the server closed with a code.
func (c *Client) Read() (netcode.Kind, []byte, error) {
	for {
		if err := c.Conn.SetReadDeadline(time.Now().Add(Patience)); err != nil {
			return 0, nil, err
		}
		h, err := ws.ReadHeader(c.r)
		if err != nil {
			return 0, nil, err
		}
		if h.Length > 1<<20 || h.Masked || !h.Fin {
			return 0, nil, errors.New("servertest: the server sent a frame that is masked, fragmented or huge")
		}
		payload := make([]byte, h.Length)
		if _, err := io.ReadFull(c.r, payload); err != nil {
			return 0, nil, err
		}
		switch h.OpCode {
		case ws.OpBinary:
			return netcode.KindOf(payload), payload, nil
		case ws.OpPing:
			if err := c.SendFrame(ws.NewPongFrame(payload)); err != nil {
				return 0, nil, err
			}
		case ws.OpClose:
			closed := &Closed{Code: netcode.CodeNoStatus}
			if len(payload) >= 2 {
				closed.Code, closed.Reason = netcode.Code(binary.BigEndian.Uint16(payload)), string(payload[2:])
			}
			_ = c.SendFrame(ws.NewCloseFrame(payload[:min(len(payload), 2)]))
			_ = c.Conn.Close() // or the server waits for us
			return 0, nil, closed
		}
	}
}

// Leave closes with code 1000: the player goes for good.
func (c *Client) Leave() {
	c.t.Helper()
	if err := c.SendFrame(ws.NewCloseFrame(ws.NewCloseFrameBody(ws.StatusNormalClosure, ""))); err != nil {
		c.t.Fatalf("leave: %v", err)
	}
}

// Drop cuts the connection without a close frame.
func (c *Client) Drop() { _ = c.Conn.Close() }
