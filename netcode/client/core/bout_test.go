package core

import (
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode/netcodetest"
)

// bout is one server and some clients in virtual time.
type bout[S, I any] struct {
	t       *testing.T
	now     time.Duration
	server  *testServer
	clients []*player[S, I]
}

// player is one client and its connection.
type player[S, I any] struct {
	*Mirror[S, I]
	pipe    netcodetest.Pipe
	peer    *testSeat
	up      bool
	stalled bool
	at      time.Duration // when to connect again
	got     func(Received)
}

func newBout[S, I any](t *testing.T, g *game.Game[S, I], seed uint64) *bout[S, I] {
	return &bout[S, I]{t: t, server: newTestServer(t, g, seed)}
}

// join adds a client over a path.
func (b *bout[S, I]) join(g *game.Game[S, I], predict bool, path netcodetest.Config) *player[S, I] {
	p := &player[S, I]{Mirror: NewMirror(g, predict, 0), pipe: netcodetest.NewPipe(path)}
	b.clients = append(b.clients, p)
	return p
}

// cut drops a client's connection; both ends notice at once, and the client
// connects again after a while.
func (b *bout[S, I]) cut(p *player[S, I], away time.Duration) {
	p.pipe.Cut()
	p.up, p.at = false, b.now+away
	if p.peer != nil {
		p.peer.open = false
	}
	p.seat.Disconnected()
}

// run lets time pass; each is called every millisecond before the clients run.
func (b *bout[S, I]) run(d time.Duration, each func()) {
	for end := b.now + d; b.now < end; b.now += ms {
		for _, p := range b.clients {
			if p.up && !p.stalled {
				p.peer = b.server.receive(b.now, p.peer)
			}
		}
		b.server.step(b.now)
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

func (b *bout[S, I]) turn(p *player[S, I]) {
	local := b.now + epoch
	if !p.up && b.now >= p.at {
		p.up = true
		p.peer = b.server.connect(&p.pipe)
		p.pipe.Up.Send(b.now, p.seat.Hello(local, nil))
	}
	if !p.up || p.stalled {
		return
	}
	for msg := range p.pipe.Down.Recv(b.now) {
		r, err := p.Receive(local, msg)
		if err != nil {
			b.t.Errorf("%v: client: %v", b.now, err)
			return
		}
		if p.got != nil {
			p.got(r)
		}
	}
	p.seat.Advance(local)
	for {
		msg, ok := p.seat.Next(local, nil)
		if !ok {
			return
		}
		p.pipe.Up.Send(b.now, msg)
	}
}

// local is the clients' clock.
func (b *bout[S, I]) local() time.Duration { return b.now + epoch }
