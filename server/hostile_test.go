package server_test

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/view"
	"arbiter/server"
	"arbiter/server/servertest"
	"arbiter/server/transport"

	"github.com/gobwas/ws"
)

// An entry of Drill is two items: its tick, and 3·3·65536·4 packed into one.
//
// Hazards: mutated, sequence numbers, kinds.
func TestMalformedMessagesEndTheirSessionOnly(t *testing.T) {
	t.Parallel()
	deep := append(bytes.Repeat([]byte{0x91}, 200), 0)
	for what, payload := range map[string][]byte{
		"nothing":                      {},
		"no array":                     {0x05},
		"an empty array":               {0x90},
		"an unknown kind":              {0x91, 0x0e},
		"a server's kind":              netcode.Pong{}.Append(nil),
		"a second hello":               netcode.Hello{Version: netcode.Version}.Append(nil),
		"a map":                        {0x81, 0x02, 0x01},
		"an absurd length":             {0xdd, 0xff, 0xff, 0xff, 0xff, 0x02},
		"deep nesting":                 append([]byte{0x93, 0x03, 0x01}, deep...),
		"bytes behind the message":     append(netcode.Ack{Tick: 1}.Append(nil), 0),
		"an ack below zero":            {0x92, 0x03, 0xff},
		"an ack above all ticks":       {0x92, 0x03, 0xcf, 1, 0, 0, 0, 0, 0, 0, 0},
		"an ack of NaN":                {0x92, 0x03, 0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0},
		"inputs without entries":       {0x93, 0x02, 0x01, 0xc0},
		"inputs that continue nothing": {0x95, 0x02, 0xc0, 0xc0, 0x05, 0x00},
		"half an entry":                {0x94, 0x02, 0x01, 0xc0, 0x05},
		"an input out of bounds":       {0x95, 0x02, 0x01, 0xc0, 0x05, 0xce, 0xff, 0xff, 0xff, 0xff},
		"a sequence number of zero":    {0x95, 0x02, 0x00, 0xc0, 0x05, 0x00},
		"a sequence number too far":    {0x95, 0x02, 0x09, 0xc0, 0x05, 0x00},
		"a command of unknown kind":    {0x94, 0x04, 0x01, 0x09, 0xa0},
		"a command without its field":  {0x93, 0x04, 0x01, 0x00},
		"a command with bad UTF-8":     {0x94, 0x04, 0x01, 0x00, 0xa2, 0xff, 0xfe},
		"a command with a long text":   append([]byte{0x94, 0x04, 0x01, 0x00, 0xb1}, "seventeen letters"...),
		"a ping without a time":        {0x91, 0x05},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			servertest.EachPort(t, func(t *testing.T, config server.Config) {
				s := servertest.Start(t, config)
				neighbour := s.Join("bob")
				c := s.Join("ann")
				c.Slow = true // what it sends is only this
				c.Send(payload)
				if code, bye := c.End(); code != netcode.CodeMalformed || bye != code {
					t.Errorf("closed with %v, bye %v; want malformed", code, bye)
				}
				if n := s.Metrics().Sum("arbiter_messages_malformed_total"); n != 1 {
					t.Errorf("%v malformed messages counted, want 1", n)
				}
				neighbour.Input(servertest.DrillInput{Mark: 3})
				neighbour.Until("the neighbour plays on", func(u view.Update) bool { return u.AckSeq == 1 })
			})
		})
	}
}

// What is odd but not wrong is dropped and counted.
//
// Hazards: acks, numbers, sequence numbers.
func TestOddButLegalMessages(t *testing.T) {
	t.Parallel()
	servertest.EachPort(t, func(t *testing.T, config server.Config) {
		s := servertest.Start(t, config)
		c := s.Join("ann")
		c.Until("some state", func(u view.Update) bool { return u.Tick > 3 })
		for _, tick := range []game.Tick{1 << 31, 4_000_000_000, 999_999} {
			c.Ack(tick)
		}
		servertest.Eventually(t, "acks of what was never sent are counted", func() bool {
			return s.Metrics().Sum("arbiter_acks_stray_total") == 3
		})
		c.Send(append([]byte{0x93, 0x03}, 0x01, 0xa3, 'n', 'e', 'w')) // an item of a later version
		c.Ack(0)
		c.Until("the keyframe asked for comes", func(u view.Update) bool { return u.Keyframe })
		servertest.Eventually(t, "it is counted", func() bool { return s.Metrics().Sum("arbiter_keyframes_total", `reason="asked"`) == 1 })

		layout := netcode.NewInputLayout(servertest.DrillGame(servertest.Drill{}, game.Config{}).Schema())
		send := func(seq uint32, tick game.Tick) {
			w := netcode.NewInputWriter(layout)
			b, _ := w.Append(nil, nil, []netcode.Entry{{Seq: seq, Tick: tick, Cells: []int64{1, 0, 5, 0}}})
			c.Send(b)
		}
		send(1, 4_000_000_000) // for the far future: clamped
		send(1, 5)             // again: a duplicate
		send(2, 1)             // for the past: late, but it waits behind the first
		c.Until("both are applied", func(u view.Update) bool { return u.AckSeq == 2 })
		if own, _ := c.Own(); own.Count != 2 || own.Sum != 10 {
			t.Errorf("own soldier %+v, want 2 inputs with a sum of 10", own)
		}
		servertest.Eventually(t, "the rest is counted", func() bool {
			m := s.Metrics()
			return m.Sum("arbiter_inputs_total", `result="clamped"`) == 1 && m.Sum("arbiter_inputs_total", `result="duplicate"`) == 1 &&
				m.Sum("arbiter_inputs_total", `result="applied"`) == 2
		})
	})
}

func TestPrematureAndForeignHellos(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	c := s.Dial("ann")
	c.Send(netcode.Ping{}.Append(nil))
	if code, _ := c.End(); code != netcode.CodeMalformed {
		t.Errorf("a ping before the hello: closed with %v, want malformed", code)
	}
	c = s.Dial("ann")
	c.Send(netcode.Hello{Version: netcode.Version + 1}.Append(nil))
	if code, _ := c.End(); code != netcode.CodeVersion {
		t.Errorf("a hello of another version: closed with %v, want version", code)
	}
}

// Somebody with a good token who says nothing, pings apart, is sent away.
//
// Hazards: silent.
func TestSilenceAfterTheUpgrade(t *testing.T) {
	t.Parallel()
	servertest.EachPort(t, func(t *testing.T, config server.Config) {
		config.Limits = transport.Limits{AuthTimeout: 100 * time.Millisecond}
		s := servertest.Start(t, config)
		c := s.Dial("ann")
		if err := c.SendFrame(ws.NewPingFrame(nil)); err != nil {
			t.Fatal(err)
		}
		if code, _ := c.End(); code != netcode.CodeAuthDeadline {
			t.Errorf("closed with %v, want auth-deadline", code)
		}
	})
}

// Inputs for ticks that don't come soon fill the seat's buffer.
func TestInputOverflow(t *testing.T) {
	t.Parallel()
	g := servertest.DrillGame(servertest.Drill{}, game.Config{TickRate: 1})
	s := servertest.Start(t, server.Config{Games: []game.Definition{g}})
	c := s.Dial("ann")
	c.Hello(netcode.Hello{})
	for range netcode.MaxBuffered + 2 {
		c.Input(servertest.DrillInput{Mark: 1})
	}
	if code, bye := c.End(); code != netcode.CodeInputOverflow || bye != code {
		t.Errorf("closed with %v, bye %v; want input-overflow", code, bye)
	}
}

// More messages between two ticks than an inbox takes of one session.
func TestInboxShare(t *testing.T) {
	t.Parallel()
	g := servertest.DrillGame(servertest.Drill{}, game.Config{TickRate: 1})
	s := servertest.Start(t, server.Config{Games: []game.Definition{g},
		Limits: transport.Limits{MessageRate: 10_000, ByteRate: 1 << 20}})
	neighbour := s.Join("bob")
	c := s.Join("ann", "match", neighbour.Welcome.MatchID)
	for range 600 {
		if c.TrySend(netcode.Ack{Tick: 1}.Append(nil)) != nil {
			break // closed already
		}
	}
	if code, bye := c.End(); code != netcode.CodeRate || bye != code {
		t.Errorf("closed with %v, bye %v; want rate", code, bye)
	}
	neighbour.Input(servertest.DrillInput{Mark: 3})
	neighbour.Until("the neighbour plays on", func(u view.Update) bool { return u.AckSeq == 1 })
}

// Messages mutated at random never do more than end their own session.
//
// Hazards: mutated.
func TestMutatedMessages(t *testing.T) {
	t.Parallel()
	servertest.EachPort(t, func(t *testing.T, config server.Config) {
		config.Limits = transport.Limits{MaxPerAddress: -1}
		s := servertest.Start(t, config)
		neighbour := s.Join("bob")
		r := rand.New(rand.NewPCG(3, 4))
		layout := netcode.NewInputLayout(servertest.DrillGame(servertest.Drill{}, game.Config{}).Schema())
		w := netcode.NewInputWriter(layout)
		inputs, _ := w.Append(nil, &netcode.Ack{Tick: 3}, []netcode.Entry{{Seq: 1, Tick: 9, Cells: []int64{1, 1, 9, 0}}, {Seq: 2, Tick: 12, Cells: []int64{0, 1, 9, 0}}})
		command := w.AppendCommand(nil, netcode.Command{Seq: 3, Row: sim.Row{Cells: []int64{0}, Texts: []string{"x"}}})
		seeds := [][]byte{inputs, command, netcode.Ack{Tick: 3}.Append(nil), netcode.Ping{ClientTime: 9}.Append(nil),
			netcode.Hello{Version: 1, SchemaHash: 5, LastTick: 7, Resume: netcode.ResumeID{1}}.Append(nil)}
		over, read := make(chan struct{}), make(chan error, 1)
		go func() { // who never reads is closed as slow
			for {
				select {
				case <-over:
					read <- nil
					return
				default:
				}
				if _, err := neighbour.Next(); err != nil {
					read <- err
					return
				}
			}
		}()
		for range 150 {
			c := s.Dial("ann", "match", neighbour.Welcome.MatchID)
			if r.IntN(4) > 0 {
				c.Hello(netcode.Hello{})
			}
			for range 8 {
				b := bytes.Clone(seeds[r.IntN(len(seeds))])
				for range 1 + r.IntN(3) {
					b[r.IntN(len(b))] = byte(r.Uint32())
				}
				if c.TrySend(b[:1+r.IntN(len(b))]) != nil {
					break
				}
			}
			c.Drop()
		}
		close(over)
		if err := <-read; err != nil {
			t.Fatal(err)
		}
		neighbour.Input(servertest.DrillInput{Mark: 3})
		neighbour.Until("the neighbour plays on", func(u view.Update) bool { return u.AckSeq == 1 })
		m := s.Metrics()
		if m.Sum("arbiter_messages_malformed_total") < 50 || m.Sum("arbiter_transport_panics_total") != 0 || m.Sum("arbiter_matches_ended_total") != 0 {
			t.Errorf("%v malformed, %v panics, %v matches ended; want many, none, none", m.Sum("arbiter_messages_malformed_total"),
				m.Sum("arbiter_transport_panics_total"), m.Sum("arbiter_matches_ended_total"))
		}
	})
}
