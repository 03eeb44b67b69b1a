package match

import (
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode"

	"github.com/prometheus/client_golang/prometheus"
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

func (c *fakeConn) SendPayload(b []byte) error {
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
	c.bytes += len(b) - HeaderRoom
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
	*Match
	registry *prometheus.Registry
	t        testing.TB
	conns    []*fakeConn
	clients  []*Session
}

func newTestbed(t testing.TB, d game.Definition, clients int) *testbed {
	t.Helper()
	b := orderedTestbed(t, d, Order{})
	for i := range clients {
		b.join(string(rune('a'+i%26)) + string(rune('a'+i/26)))
	}
	b.turn()
	return b
}

// orderedTestbed is a match that was ordered and has not made a step.
func orderedTestbed(t testing.TB, d game.Definition, o Order) *testbed {
	t.Helper()
	registry := prometheus.NewRegistry()
	e, err := New(Config{Games: []game.Definition{d}, Workers: 2, EmptyClose: time.Hour, Metrics: registry})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	g := e.Game(d.Name())
	if o, err = o.filled(g); err != nil {
		t.Fatal(err)
	}
	b := &testbed{Match: newMatch(e, g, "testbed", o), t: t, registry: registry}
	b.begin()
	return b
}

func (b *testbed) join(subject string) *Session {
	conn := &fakeConn{}
	s := b.engine.Open(conn, &Admission{Game: b.game, Claims: Claims{Subject: subject, Expiry: time.Now().Add(time.Hour)}})
	if code := b.roster.admit(&s.admission.Claims, 0); code != admitted {
		b.t.Fatalf("%s is refused with %v", subject, code)
	}
	s.pass = passPlayer
	s.match.Store(b.Match)
	s.reader = netcode.NewInputReader(b.game.layout)
	s.post(envelope{kind: envelopeHello, payload: &envelopePayload{hello: netcode.Hello{Version: netcode.Version}}}, nil)
	b.conns, b.clients = append(b.conns, conn), append(b.clients, s)
	return s
}

// turn makes the next step, at the time it is due.
func (b *testbed) turn() { b.advance(b.schedule.due(b.schedule.next)) }
