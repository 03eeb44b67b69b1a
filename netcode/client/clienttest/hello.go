package clienttest

import (
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
)

// resumeWindow is what welcomes promise; seats are kept for ever.
const resumeWindow = 30 * time.Second

func (c *Conn) hello(now time.Duration, msg []byte) error {
	h, err := netcode.ParseHello(msg)
	if err != nil {
		return err
	}
	s, resumed := c.server, netcode.Fresh
	c.seat = s.resume(h.Resume)
	switch {
	case c.watches:
		c.seat = s.seat(0)
		c.seat.Feed.Connect(0, false, now)
	case c.seat != nil:
		if resumed = c.seat.Feed.Connect(h.LastTick, h.LastTick != 0, now); resumed == netcode.Fresh {
			resumed = netcode.ResumedKeyframe
		}
	case s.Adopt != nil:
		c.seat, s.Adopt = s.Adopt, nil
		c.seat.Buffer = replicate.NewInputBuffer(s.layout, c.seat.Buffer.LastAdded(), netcode.InputDigest{})
		c.seat.Feed.Connect(0, false, now)
	default:
		c.seat = s.join()
		c.seat.Feed.Connect(0, false, now)
	}
	c.seat.conn = c
	c.seat.Buffer.Resumed(s.Sim.Tick())
	c.welcome(now, h, resumed)
	return nil
}

func (s *Server) resume(id netcode.ResumeID) *Seat {
	for _, seat := range s.Seats {
		if seat.Resume == id && seat.Player != 0 {
			return seat
		}
	}
	return nil
}

func (s *Server) join() *Seat {
	s.last++
	seat := s.seat(s.last)
	seat.Resume = netcode.ResumeID{byte(s.last), byte(s.last >> 8), 1}
	s.in.Joins = append(s.in.Joins, game.Player{ID: s.last})
	return seat
}

func (s *Server) seat(p game.PlayerID) *Seat {
	seat := &Seat{
		Player: p,
		Feed:   s.rep.NewFeed(p),
		Buffer: replicate.NewInputBuffer(s.layout, 0, netcode.InputDigest{}),
	}
	s.Seats = append(s.Seats, seat)
	return seat
}

func (c *Conn) welcome(now time.Duration, h netcode.Hello, resumed netcode.Resumption) {
	s := c.server
	t := s.Sim.Tick()
	w := netcode.Welcome{
		Version: netcode.Version, Player: c.seat.Player, Resume: c.seat.Resume,
		Tick: t, TickRate: s.schema.TickRate, SnapshotRate: s.schema.SnapshotRate, AckEvery: s.rep.AckEvery(),
		SeqTaken: c.seat.Buffer.LastAdded(), Resumed: resumed, MatchID: "test",
		SinceTick: now - s.Due(t), ResumeWindow: resumeWindow, TokenLeft: s.TokenLeft,
	}
	if h.NeedSchema || h.SchemaHash != s.schema.Hash {
		w.Schema = netcode.AppendSchema(nil, s.schema)
	}
	c.send(now, w.Append(nil))
}

// maxCatchUp is how many steps are made up for at once, as a server does.
const maxCatchUp = 4

// Step runs the ticks that are due at now, and sends what there is to send. If
// those are more than four, because it was not called for a while, it drops the
// match time beyond that.
func (s *Server) Step(now time.Duration) {
	if late := now - s.Due(s.Sim.Tick()+maxCatchUp+1); late >= 0 {
		step := time.Second / time.Duration(s.schema.TickRate)
		s.shift += late/step*step + step
	}
	for s.Due(s.Sim.Tick()+1) <= now {
		s.step(now)
	}
}

func (s *Server) step(now time.Duration) {
	for _, seat := range s.Seats {
		seat.Buffer.Due(s.Sim.Tick()+1, seat.Player, &s.in)
	}
	s.Sim.Step(&s.in)
	s.in.Reset()
	s.rep.CollectEvents()
	t := int(s.Sim.Tick())
	if t*s.schema.SnapshotRate/s.schema.TickRate == (t-1)*s.schema.SnapshotRate/s.schema.TickRate {
		return // no snapshot is due in this tick
	}
	s.rep.Capture()
	for _, seat := range s.Seats {
		if seat.conn == nil {
			continue
		}
		log := seat.Buffer.Digest()
		st := replicate.SeatStatus{AckSeq: seat.Buffer.LastApplied(), Applied: log.Count, InputsHash: log.Hash}
		st.Slack, st.HasSlack = seat.Buffer.PopSlack()
		switch s.rep.Plan(seat.Feed, st, now) {
		case replicate.Send:
			b := seat.Feed.Append(nil)
			seat.Feed.Sent(len(b), now)
			seat.conn.send(now, b)
		case replicate.CloseSlow:
			s.fail("player %d is too slow to keep", seat.Player)
		}
	}
}
