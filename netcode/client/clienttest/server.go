package clienttest

import (
	"fmt"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
)

// Server hosts one match. Its clock begins with it; now must not go back. One
// goroutine at a time may use it.
type Server struct {
	Sim    sim.Sim
	Seats  []*Seat
	Errors []error // what clients did wrong

	// Alter, if it is set, may change an entry before it is buffered, to prove
	// that this is noticed.
	Alter func(e *netcode.Entry)
	// Adopt, if it is set, is the seat of the next client that comes without a
	// resume id: a player who changes devices.
	Adopt *Seat
	// TokenLeft is what welcomes say of the client's token; 0: nothing, as older
	// servers do. Renew, if it is set, is asked about new tokens; a client may
	// send none while it is not.
	TokenLeft time.Duration
	Renew     func(token string) netcode.Renewed

	schema *sim.Schema
	rep    *replicate.Replicator
	layout *netcode.InputLayout
	in     sim.TickInput
	last   game.PlayerID
	shift  time.Duration // match time that was dropped
}

// Seat is one player's seat, or a spectator's slot.
type Seat struct {
	Player game.PlayerID // 0: a spectator
	Resume netcode.ResumeID
	Feed   *replicate.Feed
	Buffer *replicate.InputBuffer
	Acks   int // ack messages
	Asked  int // of them, for a keyframe
	conn   *Conn
}

// Conn is one connection.
type Conn struct {
	server  *Server
	send    func(now time.Duration, msg []byte)
	seat    *Seat // nil before the hello
	watches bool
	reader  netcode.InputReader
	parsed  netcode.Inputs
}

// NewServer starts a match of a game.
func NewServer(d game.Definition, seed uint64) *Server {
	s := &Server{Sim: d.NewSim(seed), schema: d.Schema(), layout: netcode.NewInputLayout(d.Schema())}
	s.rep = replicate.New(s.Sim, replicate.Config{})
	return s
}

// AckEvery is how many snapshots a client may leave unacknowledged.
func (s *Server) AckEvery() int { return s.rep.AckEvery() }

// Due is when the step of tick t is due.
func (s *Server) Due(t game.Tick) time.Duration {
	return s.shift + time.Duration(int64(t)*int64(time.Second)/int64(s.schema.TickRate))
}

// Open begins a connection, to which send writes. The message is send's.
func (s *Server) Open(send func(now time.Duration, msg []byte)) *Conn {
	return &Conn{server: s, send: send, reader: netcode.NewInputReader(s.layout)}
}

// Watch is Open for a spectator.
func (s *Server) Watch(send func(now time.Duration, msg []byte)) *Conn {
	c := s.Open(send)
	c.watches = true
	return c
}

// Seat is whose connection it is; nil before its hello arrived.
func (c *Conn) Seat() *Seat { return c.seat }

// Close ends the connection. The seat stays.
func (c *Conn) Close() {
	if c.seat != nil && c.seat.conn == c {
		c.seat.conn = nil
	}
}

// Receive applies a message from the client.
func (c *Conn) Receive(now time.Duration, msg []byte) {
	kind := netcode.KindOf(msg)
	var err error
	switch {
	case kind == netcode.KindHello:
		err = c.hello(now, msg)
	case c.seat == nil:
		err = fmt.Errorf("%v before the hello", kind)
	case kind == netcode.KindInputs:
		err = c.inputs(now, msg)
	case kind == netcode.KindCommand:
		err = c.command(msg)
	case kind == netcode.KindAck:
		var a netcode.Ack
		if a, err = netcode.ParseAck(msg); err == nil {
			c.seat.Acks++
			c.ack(now, a.Tick)
		}
	case kind == netcode.KindPing:
		var p netcode.Ping
		p, err = netcode.ParsePing(msg)
		t := c.server.Sim.Tick()
		c.send(now, netcode.Pong{ClientTime: p.ClientTime, Tick: t, SinceTick: now - c.server.Due(t)}.Append(nil))
	case kind == netcode.KindRenew && c.server.Renew != nil:
		var r netcode.Renew
		if r, err = netcode.ParseRenew(msg); err == nil {
			c.send(now, c.server.Renew(r.Token).Append(nil))
		}
	default:
		err = fmt.Errorf("a message of %v", kind)
	}
	if err != nil {
		c.server.fail("%w", err)
	}
}

func (s *Server) fail(format string, args ...any) {
	s.Errors = append(s.Errors, fmt.Errorf("clienttest: "+format, args...))
}

func (c *Conn) inputs(now time.Duration, msg []byte) error {
	if err := c.reader.Parse(msg, &c.parsed); err != nil {
		return err
	}
	if c.parsed.Acked {
		c.ack(now, c.parsed.Ack)
	}
	s := c.server
	for _, e := range c.parsed.Entries {
		if s.Alter != nil {
			s.Alter(&e)
		}
		if got := c.seat.Buffer.Add(e, s.Sim.Tick(), s.Due(e.Tick)-now); got != replicate.Accepted {
			return fmt.Errorf("entry %d of player %d is refused: %v", e.Seq, c.seat.Player, got)
		}
	}
	return nil
}

func (c *Conn) command(msg []byte) error {
	cmd, err := c.reader.ParseCommand(msg)
	if err != nil {
		return err
	}
	if got := c.seat.Buffer.AddCommand(cmd); got != replicate.Accepted {
		return fmt.Errorf("command %d of player %d is refused: %v", cmd.Seq, c.seat.Player, got)
	}
	return nil
}

func (c *Conn) ack(now time.Duration, t game.Tick) {
	if t == 0 {
		c.seat.Asked++
	}
	if err := c.seat.Feed.Ack(t, now); err != nil && c.seat.Asked == 0 { // what was on its way before a keyframe is forgotten
		c.server.fail("ack of tick %d: %w", t, err)
	}
}

// Hang makes the server forget the seat's connection silently: it sends nothing
// more and does not close it.
func (s *Seat) Hang() {
	if s.conn != nil {
		s.conn.send = func(time.Duration, []byte) {}
	}
}
