package load

import (
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"arbiter/bench/workload"
	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/replicate"

	"github.com/gobwas/ws"
	"github.com/gobwas/ws/wsutil"
)

// double is a server of one match for tests. It replicates truly, except that
// fault decides what becomes of each snapshot.
type double struct {
	listener net.Listener
	schema   *sim.Schema
	fault    func(player, nth int, msg []byte) [][]byte
	group    sync.WaitGroup
	quit     chan struct{}

	mu     sync.Mutex // guards what follows
	sim    sim.Sim
	rep    *replicate.Replicator
	joins  []game.Player
	guests []*guest
	inputs int
	bytes  int
}

type guest struct {
	conn  net.Conn
	id    game.PlayerID
	feed  *replicate.Feed
	nth   int
	ready bool
}

func newDouble(t *testing.T, rate int, fault func(player, nth int, msg []byte) [][]byte) *double {
	t.Helper()
	listener, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return doubleOn(t, listener, rate, fault)
}

func doubleOn(t *testing.T, listener net.Listener, rate int, fault func(player, nth int, msg []byte) [][]byte) *double {
	t.Helper()
	g, err := workload.At(64, rate)
	if err != nil {
		t.Fatal(err)
	}
	d := &double{listener: listener, schema: g.Schema(), fault: fault, sim: g.NewSim(1), quit: make(chan struct{})}
	d.rep = replicate.New(d.sim, replicate.Config{})
	d.group.Go(d.accept)
	d.group.Go(func() { d.play(time.Second / time.Duration(rate)) })
	t.Cleanup(d.close)
	return d
}

func (d *double) close() {
	close(d.quit)
	d.listener.Close()
	d.mu.Lock()
	for _, g := range d.guests {
		g.conn.Close()
	}
	d.mu.Unlock()
	d.group.Wait()
}

func (d *double) addr() netip.AddrPort {
	return d.listener.Addr().(*net.TCPAddr).AddrPort()
}

func (d *double) accept() {
	for {
		conn, err := d.listener.Accept()
		if err != nil {
			return
		}
		d.group.Go(func() { d.serve(conn) })
	}
}

func (d *double) serve(conn net.Conn) {
	defer conn.Close()
	if _, err := ws.Upgrade(conn); err != nil {
		return
	}
	g := &guest{conn: conn}
	d.mu.Lock()
	d.guests = append(d.guests, g)
	g.id = game.PlayerID(len(d.guests))
	d.joins = append(d.joins, game.Player{ID: g.id})
	g.feed = d.rep.NewFeed(g.id)
	d.mu.Unlock()
	layout := netcode.NewInputLayout(d.schema)
	reader := netcode.NewInputReader(layout)
	var in netcode.Inputs
	for {
		msg, _, err := wsutil.ReadClientData(conn)
		if err != nil {
			return
		}
		d.mu.Lock()
		switch netcode.KindOf(msg) {
		case netcode.KindHello:
			w := netcode.Welcome{Version: netcode.Version, Player: g.id, Tick: d.sim.Tick(), TickRate: d.schema.TickRate,
				SnapshotRate: d.schema.SnapshotRate, AckEvery: d.rep.AckEvery()}
			_ = wsutil.WriteServerBinary(conn, w.Append(nil))
			g.feed.Connect(0, false, d.since())
			g.ready = true
		case netcode.KindInputs:
			if err := reader.Parse(msg, &in); err == nil {
				d.inputs++
				d.bytes += len(msg)
				if in.Acked {
					_ = g.feed.Ack(in.Ack, d.since())
				}
			}
		}
		d.mu.Unlock()
	}
}

func (d *double) since() time.Duration {
	return time.Duration(d.sim.Tick()) * time.Second / time.Duration(d.schema.TickRate)
}

// play steps on an absolute schedule, so that no match time is ever dropped.
func (d *double) play(interval time.Duration) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	began := time.Now()
	for steps := time.Duration(0); ; {
		select {
		case <-d.quit:
			return
		case <-tick.C:
			for ; steps*interval < time.Since(began); steps++ {
				d.step()
			}
		}
	}
}

func (d *double) step() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sim.Step(&sim.TickInput{Joins: d.joins})
	d.joins = nil
	d.rep.CollectEvents()
	d.rep.Capture()
	now := d.since()
	for _, g := range d.guests {
		if !g.ready || d.rep.Plan(g.feed, replicate.SeatStatus{}, now) != replicate.Send {
			continue
		}
		msg := g.feed.Append(nil)
		g.feed.Sent(len(msg), now)
		g.nth++
		for _, m := range d.fault(int(g.id), g.nth, msg) {
			_ = wsutil.WriteServerBinary(g.conn, m)
		}
	}
}
