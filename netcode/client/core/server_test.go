package core

import (
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
)

const ms = time.Millisecond

// epoch is what a test's client clock shows when the match begins: the two
// have nothing to do with each other.
const epoch = 777 * time.Second

// testServer hosts one match in virtual time, as a server would.
type testServer struct {
	t      *testing.T
	sim    game.Sim
	schema *game.Schema
	rep    *netcode.Replicator
	layout *netcode.InputLayout
	next   game.PlayerID
	seats  []*testSeat
	in     game.TickInput
	lose   func() bool // drop an entry without a trace, to prove that it is noticed
	greet  *testSeat   // whom the next hello without a resume id is
}

type testSeat struct {
	id     netcode.ResumeID
	player game.PlayerID
	feed   *netcode.Feed
	buffer *netcode.InputBuffer
	reader netcode.InputReader
	parsed netcode.Inputs
	pipe   *netcodetest.Pipe // nil while the seat has no connection
	open   bool
	acks   int
	asked  int
	slow   bool
}

func newTestServer(t *testing.T, d game.Definition, seed uint64) *testServer {
	s := &testServer{t: t, sim: d.NewSim(seed), schema: d.Schema(), layout: netcode.NewInputLayout(d.Schema())}
	s.rep = netcode.NewReplicator(s.sim, netcode.Config{})
	return s
}

func (s *testServer) due(t game.Tick) time.Duration {
	return time.Duration(int64(t) * int64(time.Second) / int64(s.schema.TickRate))
}

// connect makes a connection of which the hello is still to come.
func (s *testServer) connect(p *netcodetest.Pipe) *testSeat {
	return &testSeat{pipe: p, open: true}
}

// receive takes what has arrived on a connection and returns its seat.
func (s *testServer) receive(now time.Duration, c *testSeat) *testSeat {
	for msg := range c.pipe.Up.Recv(now) {
		if netcode.KindOf(msg) == netcode.KindHello {
			c = s.hello(now, c, msg)
			continue
		}
		s.message(now, c, msg)
	}
	return c
}

func (s *testServer) hello(now time.Duration, c *testSeat, msg []byte) *testSeat {
	h, err := netcode.ParseHello(msg)
	if err != nil {
		s.t.Fatal(err)
	}
	var seat *testSeat
	for _, old := range s.seats {
		if h.Resume == old.id {
			seat = old
		}
	}
	w := netcode.Welcome{
		Version: netcode.Version, Tick: s.sim.Tick(), TickRate: s.schema.TickRate, SnapshotRate: s.schema.SnapshotRate,
		AckEvery: s.rep.AckEvery(), SinceTick: now - s.due(s.sim.Tick()), ResumeWindow: 30 * time.Second,
	}
	if seat == nil && s.greet != nil {
		seat, s.greet = s.greet, nil
		seat.feed.Connect(0, false, now)
	} else if seat == nil {
		s.next++
		seat = &testSeat{player: s.next, feed: s.rep.NewFeed(s.next), buffer: netcode.NewInputBuffer(s.layout, 0, netcode.InputLog{})}
		seat.id[0] = byte(s.next)
		s.seats = append(s.seats, seat)
		s.in.Joins = append(s.in.Joins, game.Player{ID: s.next})
		seat.feed.Connect(0, false, now)
	} else {
		w.Resumed = seat.feed.Connect(h.LastTick, h.LastTick != 0, now)
		if w.Resumed == netcode.Fresh {
			w.Resumed = netcode.ResumedKeyframe
		}
		seat.buffer.Resumed(s.sim.Tick())
	}
	w.Player, w.Resume, w.SeqTaken = seat.player, seat.id, seat.buffer.LastAdded()
	if h.SchemaHash != s.schema.Hash {
		w.Schema = netcode.AppendSchema(nil, s.schema)
	}
	seat.pipe, seat.open, seat.reader = c.pipe, true, netcode.NewInputReader(s.layout)
	seat.pipe.Down.Send(now, w.Append(nil))
	return seat
}

func (s *testServer) message(now time.Duration, c *testSeat, msg []byte) {
	var err error
	switch netcode.KindOf(msg) {
	case netcode.KindInputs:
		if err = c.reader.Parse(msg, &c.parsed); err != nil {
			break
		}
		if c.parsed.Acked {
			s.ack(now, c, c.parsed.Ack)
		}
		for _, e := range c.parsed.Entries {
			if s.lose != nil && s.lose() {
				e.Cells = make([]int64, len(e.Cells))
			}
			if got := c.buffer.Add(e, s.sim.Tick(), s.due(e.Tick)-now); got != netcode.Taken {
				s.t.Errorf("entry %d of player %d: %v", e.Seq, c.player, got)
			}
		}
	case netcode.KindCommand:
		var cmd netcode.Command
		if cmd, err = c.reader.ParseCommand(msg); err == nil {
			if got := c.buffer.AddCommand(cmd); got != netcode.Taken {
				s.t.Errorf("command %d: %v", cmd.Seq, got)
			}
		}
	case netcode.KindAck:
		var a netcode.Ack
		if a, err = netcode.ParseAck(msg); err == nil {
			c.acks++
			s.ack(now, c, a.Tick)
		}
	case netcode.KindPing:
		var p netcode.Ping
		p, err = netcode.ParsePing(msg)
		t := s.sim.Tick()
		c.pipe.Down.Send(now, netcode.Pong{ClientTime: p.ClientTime, Tick: t, SinceTick: now - s.due(t)}.Append(nil))
	}
	if err != nil {
		s.t.Fatalf("server: % x: %v", msg, err)
	}
}

func (s *testServer) ack(now time.Duration, c *testSeat, t game.Tick) {
	if t == 0 {
		c.asked++
	}
	if err := c.feed.Ack(t, now); err != nil && c.asked == 0 { // what was on its way before a keyframe is forgotten
		s.t.Errorf("ack %d: %v", t, err)
	}
}

// step runs the tick that is due at now, if one is.
func (s *testServer) step(now time.Duration) {
	if now < s.due(s.sim.Tick()+1) {
		return
	}
	for _, c := range s.seats {
		c.buffer.Due(s.sim.Tick()+1, c.player, &s.in)
	}
	s.sim.Step(&s.in)
	s.in.Reset()
	s.rep.Log()
	s.rep.Capture()
	for _, c := range s.seats {
		if !c.open {
			continue
		}
		log := c.buffer.Log()
		st := netcode.SeatStatus{AckSeq: c.buffer.Taken(), Applied: log.Count, InputsHash: log.Hash}
		st.Slack, st.HasSlack = c.buffer.TakeSlack()
		switch s.rep.Plan(c.feed, st, now) {
		case netcode.Send:
			b := c.feed.Append(nil)
			c.feed.Sent(len(b), now)
			c.pipe.Down.Send(now, b)
		case netcode.CloseSlow:
			c.slow = true
		}
	}
}
