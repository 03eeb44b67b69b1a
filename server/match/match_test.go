package match

import (
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/netcode"

	"github.com/prometheus/client_golang/prometheus"
)

// busy is a game in which something moves at every step.
func busy(t *testing.T) game.Definition {
	t.Helper()
	g, err := arena.New("busy", arena.Config{Drones: 4})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Hazards: clock.
func TestMatchCatchesUpAndDropsTheRest(t *testing.T) {
	b := newTestbed(t, busy(t), 1)
	start, sends := b.sim.Tick(), b.sent(0)
	due := b.schedule.due(b.schedule.next)
	dt := time.Second/30 + 1 // step times are rounded down

	b.advance(due + 2*dt) // two late, one due
	if got := b.sim.Tick().Sub(start); got != 3 {
		t.Errorf("%d steps when three were due", got)
	}
	if got := b.sent(0) - sends; got != 1 {
		t.Errorf("%d snapshots for three steps at once, want the newest only", got)
	}
	start = b.sim.Tick()
	late := b.schedule.due(b.schedule.next) + 10*dt
	b.advance(late)
	if got := b.sim.Tick().Sub(start); got != maxCatchUp {
		t.Errorf("%d steps when eleven were due, want %d", got, maxCatchUp)
	}
	if next := b.schedule.due(b.schedule.next); next <= late || next > late+dt {
		t.Errorf("the next step is due at %v, want within one step behind %v", next, late)
	}
	tick, since := b.clock.read(late)
	if tick != b.sim.Tick() || since > dt {
		t.Errorf("clients are told tick %d, %v ago; want %d, within %v", tick, since, b.sim.Tick(), dt)
	}
	if got := counterOf(t, b, "arbiter_tick_overruns_total"); got != 1 {
		t.Errorf("%v overruns counted, want 1", got)
	}
	if got := counterOf(t, b, "arbiter_tick_dropped_seconds_total"); got < 6*dt.Seconds() || got > 8*dt.Seconds() {
		t.Errorf("%v s counted as dropped, want about seven steps", got)
	}
}

// A match that stood still for longer than clients may take to acknowledge, or to come
// back, closes nobody as slow and gives up no seat for it.
//
// Hazards: stalled server.
func TestStallIsNotTheClients(t *testing.T) {
	b := newTestbed(t, busy(t), 2)
	for range 20 { // nothing is acknowledged, so acks are overdue
		b.turn()
	}
	away := b.clients[1]
	away.Closed(peerClosed{})
	b.turn()
	if len(b.sessions) != 1 || len(b.seats) != 2 {
		t.Fatalf("%d sessions, %d seats", len(b.sessions), len(b.seats))
	}
	stall := 2 * b.engine.config.ResumeWindow
	b.began = b.began.Add(-stall) // the time that the loop reads by itself
	b.advance(b.schedule.due(b.schedule.next) + stall)
	if _, code := b.conns[0].state(); code != 0 || len(b.seats) != 2 {
		t.Errorf("after a stall of %v: closed with %v, %d seats; want all kept", stall, code, len(b.seats))
	}
	for i := time.Duration(0); i < b.engine.config.ResumeWindow+2*time.Second; i += time.Second / 30 {
		b.began = b.began.Add(-time.Second / 30)
		b.turn()
	}
	if _, code := b.conns[0].state(); code != netcode.CodeSlow || len(b.seats) != 1 {
		t.Errorf("who still does not acknowledge: closed with %v, %d seats; want slow, and the seat of who stayed away gone", code, len(b.seats))
	}
}

func (b *testbed) sent(i int) int {
	n, _ := b.conns[i].state()
	return n
}

func counterOf(t *testing.T, b *testbed, name string) (sum float64) {
	t.Helper()
	families, err := b.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() != name {
			continue
		}
		for _, m := range f.GetMetric() {
			sum += m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return sum
}

// What the kernel has not taken is not followed by more.
func TestNothingIsSentBehindPendingBytes(t *testing.T) {
	b := newTestbed(t, busy(t), 2)
	stuck := b.conns[0]
	stuck.set(func() { stuck.pending = 10 })
	sends, other := b.sent(0), b.sent(1)
	for range 5 {
		b.turn()
	}
	if b.sent(0) != sends || b.sent(1) == other {
		t.Errorf("%d sends behind pending bytes, %d to the other; want none and some", b.sent(0)-sends, b.sent(1)-other)
	}
	if got := counterOf(t, b, "arbiter_snapshots_skipped_total"); got < 5 {
		t.Errorf("%v skips counted, want 5", got)
	}
	stuck.set(func() { stuck.pending = 0 })
	b.turn()
	if b.sent(0) != sends+1 {
		t.Error("nothing was sent once the bytes were gone")
	}
}

// A panic while one client's snapshot is written costs that client.
//
// Hazards: pool panic, ants refuses.
func TestPanicInAnOutputTask(t *testing.T) {
	g, err := arena.New("busy", arena.Config{Drones: 4, Settings: game.Config{MaxPlayers: 2 * taskSize}})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		clients int
		closed  bool
		pooled  bool
	}{
		{3, false, false}, // one batch, in the match's own goroutine
		{taskSize + 3, false, true},
		{taskSize + 3, true, false}, // no worker is free
	} {
		clients := test.clients
		b := newTestbed(t, g, clients)
		if test.closed {
			b.engine.output.ants.Release()
			b.engine.output.ants.Tune(0)
		}
		pooled := b.engine.output.pooled.Load()
		broken := b.conns[1]
		broken.set(func() { broken.panics = true })
		b.turn()
		first, third := b.sent(0), b.sent(2)
		b.turn()
		if b.sent(0) != first+1 || b.sent(2) != third+1 {
			t.Errorf("%d clients: neighbours were sent %d and %d more, want 1 each", clients, b.sent(0)-first, b.sent(2)-third)
		}
		if _, code := broken.state(); code != netcode.CodeServerError || len(b.sessions) != clients-1 {
			t.Errorf("of %d, the broken one ended with %v, %d are left; want server-error, all others", clients, code, len(b.sessions))
		}
		if n := b.engine.output.panics.Load(); n != 1 {
			t.Errorf("%d clients: %d panics counted, want 1", clients, n)
		}
		if n := b.engine.output.pooled.Load() - pooled; (n > 0) != test.pooled {
			t.Errorf("%+v: %d tasks ran in the pool", test, n)
		}
		if b.ended != nil {
			t.Errorf("%d clients: the match ended: %+v", clients, b.ended)
		}
		if test.closed {
			b.engine.output.ants.Reboot()
		}
	}
}

func TestSnapshotsAreSpreadOverTheTicks(t *testing.T) {
	for _, rates := range [][2]int{{60, 20}, {60, 7}, {30, 30}, {128, 1}} {
		g, err := arena.Game.WithRates(rates[0], rates[1])
		if err != nil {
			t.Fatal(err)
		}
		m := &Match{game: newGame(g, newMetrics(prometheus.NewRegistry()))}
		n := 0
		for tick := range rates[0] {
			if m.sends(sampleTick(tick)) {
				n++
			}
		}
		if n != rates[1] {
			t.Errorf("%d steps and %d snapshots a second: %d are sent", rates[0], rates[1], n)
		}
	}
}

// What a client sends again after a resume was made for ticks before it, so it
// says nothing about how early the client's inputs arrive now.
func TestResentInputsAreNoSlack(t *testing.T) {
	b := newTestbed(t, busy(t), 1)
	for range 10 {
		b.turn()
	}
	seat := b.seats[0]
	s := b.engine.Open(&fakeConn{}, b.clients[0].admission)
	s.match.Store(b.Match)
	s.post(envelope{kind: envelopeHello, payload: &envelopePayload{hello: netcode.Hello{Version: netcode.Version, Resume: seat.resume}}}, nil)
	cells := make([]int64, b.game.layout.Packing.Leaves())
	s.post(envelope{kind: envelopeInputs}, []netcode.Entry{{Seq: 1, Tick: 3, Cells: cells}})
	b.drain()
	if seat.session != s || seat.buffer.LastAdded() != 1 {
		t.Fatalf("the seat is not resumed with input 1: last is %d", seat.buffer.LastAdded())
	}
	if status := seat.status(); status.HasSlack {
		t.Errorf("a slack of %d ms from an input of before", status.Slack)
	}
	s.post(envelope{kind: envelopeInputs}, []netcode.Entry{{Seq: 2, Tick: b.sim.Tick() + 2, Cells: cells}})
	b.drain()
	if status := seat.status(); !status.HasSlack {
		t.Error("no slack from an input of now")
	}
}
