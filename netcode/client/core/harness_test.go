package core

import (
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode/client/clienttest"
	"arbiter/netcode/netcodetest"
)

const ms = time.Millisecond

// epoch is what a test's client clock shows when the match begins: the two
// have nothing to do with each other.
const epoch = 777 * time.Second

// harness is one server and some clients in virtual time.
type harness[S, I any] struct {
	t       *testing.T
	now     time.Duration
	server  *clienttest.Server
	clients []*player[S, I]
	paused  bool // the server stands still
}

// player is one client and its connection.
type player[S, I any] struct {
	*Mirror[S, I]
	pipe netcodetest.Pipe
	conn *clienttest.Conn // nil while there is none
	peer *clienttest.Seat
	at   time.Duration // when to connect again
	got  func(Received)

	watches  bool // a spectator
	holdUp   bool // what is sent is held up on the way
	holdDown bool // and what is received
}

func newHarness[S, I any](t *testing.T, g *game.Game[S, I], seed uint64) *harness[S, I] {
	return &harness[S, I]{t: t, server: clienttest.NewServer(g, seed)}
}

// join adds a client over a path.
func (b *harness[S, I]) join(g *game.Game[S, I], predict bool, path netcodetest.Config) *player[S, I] {
	p := &player[S, I]{Mirror: NewMirror(g, predict, 0), pipe: netcodetest.NewPipe(path)}
	b.clients = append(b.clients, p)
	return p
}

// cut drops a client's connection; both ends notice at once, and the client
// connects again after a while.
func (b *harness[S, I]) cut(p *player[S, I], away time.Duration) {
	p.pipe.Cut()
	if p.conn != nil {
		p.conn.Close()
	}
	p.conn, p.at = nil, b.now+away
	p.seat.Disconnected()
}

// run lets time pass; each is called every millisecond before the clients run.
func (b *harness[S, I]) run(d time.Duration, each func()) {
	for end := b.now + d; b.now < end; b.now += ms {
		b.serve()
		if each != nil {
			each()
		}
		for _, p := range b.clients {
			b.turn(p)
		}
		if b.t.Failed() {
			b.t.FailNow()
		}
	}
}

// serve lets the server receive what has arrived, and step.
func (b *harness[S, I]) serve() {
	if b.paused {
		return
	}
	for _, p := range b.clients {
		if p.conn == nil || p.holdUp {
			continue
		}
		for msg := range p.pipe.Up.Recv(b.now) {
			p.conn.Receive(b.now, msg)
			p.peer = p.conn.Seat()
		}
	}
	b.server.Step(b.now)
	for _, err := range b.server.Errors {
		b.t.Errorf("at %v: %v", b.now, err)
	}
}

func (b *harness[S, I]) turn(p *player[S, I]) {
	if p.conn == nil {
		if b.now < p.at {
			return
		}
		open := b.server.Open
		if p.watches {
			open = b.server.Watch
		}
		p.conn = open(func(now time.Duration, msg []byte) { p.pipe.Down.Send(now, msg) })
		p.pipe.Up.Send(b.now, p.seat.Hello(b.local(), nil))
	}
	if !p.holdDown && !b.receive(p) {
		return
	}
	p.seat.Advance(b.local())
	for {
		msg, ok := p.seat.Next(b.local(), nil)
		if !ok {
			return
		}
		p.pipe.Up.Send(b.now, msg)
	}
}

// receive gives the client what has arrived.
func (b *harness[S, I]) receive(p *player[S, I]) bool {
	for msg := range p.pipe.Down.Recv(b.now) {
		r, err := p.Receive(b.local(), msg)
		if err != nil {
			b.t.Errorf("at %v: client: %v", b.now, err)
			return false
		}
		if p.got != nil {
			p.got(r)
		}
	}
	return true
}

// local is the clients' clock.
func (b *harness[S, I]) local() time.Duration { return b.now + epoch }
