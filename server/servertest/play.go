package servertest

import (
	"cmp"
	"errors"
	"maps"
	"slices"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/view"
)

// Next reads up to and including the next snapshot, applies it, verifies its
// check and acknowledges as often as it was asked to, unless c.Slow.
func (c *Client) Next() (view.Update, error) {
	for {
		kind, payload, err := c.Read()
		if err != nil {
			return view.Update{}, err
		}
		switch kind {
		case netcode.KindPong, netcode.KindBye:
			continue
		case netcode.KindSnapshot:
		default:
			return view.Update{}, errors.New("servertest: unexpected " + kind.String())
		}
		u, err := c.View.Apply(payload)
		if err != nil {
			return u, err
		}
		if u.Mismatch {
			return u, errors.New("servertest: the state's check failed")
		}
		if want, ok := c.logs[u.Applied]; u.Checked && ok && want != u.InputsHash {
			return u, errors.New("servertest: the server applied other inputs than were sent")
		}
		for _, e := range u.Events {
			c.Events = append(c.Events, int(e.Row.Cells[0]))
		}
		c.forget(u.AckSeq)
		if u.Checked {
			c.ackEvery = cmp.Or(u.AckEvery, c.Welcome.AckEvery)
		}
		if c.unacked++; !c.Slow && c.unacked >= c.ackEvery {
			c.Ack(u.Tick)
		}
		return u, nil
	}
}

// Ack acknowledges a tick.
func (c *Client) Ack(t game.Tick) {
	c.unacked = 0
	_ = c.TrySend(netcode.Ack{Tick: t}.Append(nil)) // a lost connection shows in the next Read
}

// Until calls Next until ok.
func (c *Client) Until(what string, ok func(view.Update) bool) view.Update {
	c.t.Helper()
	for range 5000 {
		u, err := c.Next()
		if err != nil {
			c.t.Fatalf("%s: %v", what, err)
		}
		if ok(u) {
			return u
		}
	}
	c.t.Fatalf("gave up waiting: %s", what)
	return view.Update{}
}

// End reads until the connection ends and returns with which code: 0 if it
// ended without one. bye is the last bye message's code.
func (c *Client) End() (code, bye netcode.Code) {
	c.t.Helper()
	for {
		kind, payload, err := c.Read()
		var closed *Closed
		switch {
		case errors.As(err, &closed):
			return closed.Code, bye
		case err != nil:
			c.t.Logf("the connection ended: %v", err)
			return 0, bye
		case kind == netcode.KindBye:
			if m, err := netcode.ParseBye(payload); err == nil {
				bye = m.Code
			}
		}
	}
}

// Input sends one input, for the tick after the newest the client has seen.
func (c *Client) Input(i DrillInput) {
	c.t.Helper()
	tick := c.Welcome.Tick + 1
	if f := c.View.Frame(); f != nil {
		tick = f.Tick + 1
	}
	c.seq++
	e := netcode.Entry{Seq: c.seq, Tick: tick, Cells: []int64{int64(i.DX), int64(i.DY), int64(i.Mark), int64(i.Order)}}
	c.sent = append(c.sent, sentInput{entry: e})
	c.log.Input(c.layout.Packing, e.Cells)
	c.logs[c.log.Count] = c.log.Hash
	b, _ := c.writer.Append(nil, nil, []netcode.Entry{e})
	_ = c.TrySend(b) // a test may cut the connection under it; what is lost is sent again
}

// Rename sends the command.
func (c *Client) Rename(name string) {
	c.seq++
	command := netcode.Command{Seq: c.seq, Row: sim.Row{Cells: []int64{0}, Texts: []string{name}}}
	c.sent = append(c.sent, sentInput{command: &command})
	c.log.Command(c.layout, 0, command.Row)
	c.logs[c.log.Count] = c.log.Hash
	_ = c.TrySend(c.writer.AppendCommand(nil, command))
}

// adopt takes over what outlives a connection.
func (c *Client) adopt(old *Client) {
	c.View, c.schema, c.layout = old.View, old.schema, old.layout
	c.seq, c.sent, c.log, c.logs, c.Events = old.seq, old.sent, old.log, maps.Clone(old.logs), old.Events
}

// resend sends again what the server had not taken.
func (c *Client) resend() {
	for _, s := range c.sent {
		switch {
		case s.command != nil && s.command.Seq > c.Welcome.SeqTaken:
			c.Send(c.writer.AppendCommand(nil, *s.command))
		case s.command == nil && s.entry.Seq > c.Welcome.SeqTaken:
			b, _ := c.writer.Append(nil, nil, []netcode.Entry{s.entry})
			c.Send(b)
		}
	}
}

// forget drops what the server has applied.
func (c *Client) forget(applied uint32) {
	c.sent = slices.DeleteFunc(c.sent, func(s sentInput) bool {
		if s.command != nil {
			return s.command.Seq <= applied
		}
		return s.entry.Seq <= applied
	})
}

// Own returns the client's own soldier as it was sent last.
func (c *Client) Own() (s Soldier, ok bool) {
	f := c.View.Frame()
	if f == nil {
		return s, false
	}
	t := &f.Tables[0]
	for i := range t.IDs {
		cells := t.Row(i)
		if game.PlayerID(cells[0]) == c.Welcome.Player && cells[0] != 0 {
			return Soldier{Player: c.Welcome.Player, Name: t.Texts[cells[1]], X: int(cells[2]), Y: int(cells[3]),
				Count: int(cells[4]), Sum: int(cells[5])}, true
		}
	}
	return s, false
}
