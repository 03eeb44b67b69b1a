package server

import (
	"errors"
	"log/slog"
	"net/netip"
	"sync"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"
	"arbiter/server/auth"
)

// fakeConn counts what is sent, and can be made to misbehave.
type fakeConn struct {
	mu      sync.Mutex
	sends   int    // guarded by mu
	bytes   int    // guarded by mu
	code    uint16 // guarded by mu: closed with; 0: open
	pending int    // guarded by mu
	panics  bool   // guarded by mu: the next Send panics
}

func (c *fakeConn) Send(framed []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.panics {
		c.panics = false
		panic("the connection is broken")
	}
	if c.code != 0 {
		return errors.New("closed")
	}
	c.sends++
	c.bytes += len(framed)
	return nil
}

func (c *fakeConn) Pending() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.pending
}

func (c *fakeConn) Close(code uint16, _ string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.code == 0 {
		c.code = code
	}
}

func (c *fakeConn) RemoteAddr() netip.AddrPort { return netip.MustParseAddrPort("127.0.0.1:9") }

func (c *fakeConn) state() (sends int, code netcode.Code) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.sends, netcode.Code(c.code)
}

func (c *fakeConn) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

// testbed is a match without a server and without a goroutine: the test turns
// its loop by hand.
type testbed struct {
	*match
	t     testing.TB
	conns []*fakeConn
	here  []*session
}

func newTestbed(t testing.TB, d game.Definition, clients int) *testbed {
	t.Helper()
	b := orderedTestbed(t, d, MatchOrder{})
	for i := range clients {
		b.join(string(rune('a'+i%26)) + string(rune('a'+i/26)))
	}
	b.turn()
	return b
}

// orderedTestbed is a match that was ordered and has not made a step.
func orderedTestbed(t testing.TB, d game.Definition, o MatchOrder) *testbed {
	t.Helper()
	config, err := Config{Games: []game.Definition{d}, Workers: 2, EmptyClose: time.Hour}.filled()
	if err != nil {
		t.Fatal(err)
	}
	c := &core{config: config, log: slog.New(slog.DiscardHandler), games: map[string]*hostedGame{}, metrics: newMetrics(), events: newEventLog()}
	c.games[d.Name()] = newHostedGame(d, c.metrics)
	c.lobby = newLobby(c)
	if c.output, err = newOutputPool(config.Workers, c.log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.output.close(); err != nil {
			t.Error(err)
		}
	})
	g := c.games[d.Name()]
	if o, err = o.filled(g); err != nil {
		t.Fatal(err)
	}
	b := &testbed{match: newMatch(c, g, "testbed", o), t: t}
	b.begin()
	return b
}

func (b *testbed) join(subject string) *session {
	conn := &fakeConn{}
	s := newSession(b.core, conn, &admission{game: b.game, claims: auth.Claims{Subject: subject, Expiry: time.Now().Add(time.Hour)}})
	s.match.Store(b.match)
	s.reader = netcode.NewInputReader(b.game.layout)
	s.post(envelope{kind: envelopeHello, payload: &envelopePayload{hello: netcode.Hello{Version: netcode.Version}}}, nil)
	b.conns, b.here = append(b.conns, conn), append(b.here, s)
	return s
}

// turn makes the next step, at the time it is due.
func (b *testbed) turn() { b.advance(b.schedule.due(b.schedule.next)) }
