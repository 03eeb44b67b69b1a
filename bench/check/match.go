// Package check counts what does not depend on the machine or on time: bytes on
// the wire, bodies encoded, messages, allocations, and instructions. It compares them with a
// baseline that is kept beside it, so that a change that makes the hot path
// dearer is noticed on any machine, however busy.
package check

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"arbiter/bench/load"
	"arbiter/bench/workload"
	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
)

// Match says what is played in virtual time.
type Match struct {
	Size    int // of the workload's match: 2, 10, 64, 200, or 1000 with an area of interest
	Players int // who play in it
	Hold    int // ticks for which an input is kept
}

// String is its name in the baseline.
func (m Match) String() string {
	return fmt.Sprintf("match of %d, %d players, input every %d ticks", m.Size, m.Players, m.Hold)
}

// matches are those that are counted.
var matches = []Match{{10, 10, 1}, {10, 10, 10}, {64, 64, 1}, {1000, 200, 1}}

const (
	warmTicks  = 100 // until buffers have their size and acks are regular
	countTicks = 200
)

// seat is one player and the server's side of him.
type seat struct {
	client load.Seat
	feed   *replicate.Feed
	reader netcode.InputReader
	buffer *replicate.InputBuffer
	id     game.PlayerID
	faults load.Faults
}

// table is a match in virtual time, with everything a server does in a tick
// but sockets.
type table struct {
	sim    sim.Sim
	rep    *replicate.Replicator
	tick   time.Duration
	seats  []*seat
	in     sim.TickInput
	inputs netcode.Inputs
	out    []byte
	sum    struct{ snapshots, snapshotBytes, messages, messageBytes float64 }
}

// Count plays a match and counts. Everything is per client and tick, but what
// says otherwise.
func (m Match) Count() (map[string]float64, error) {
	t, err := m.seated()
	if err != nil {
		return nil, err
	}
	for range warmTicks {
		if err := t.step(); err != nil {
			return nil, err
		}
	}
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.GC()
	var before, after runtime.MemStats
	t.sum.snapshots, t.sum.snapshotBytes, t.sum.messages, t.sum.messageBytes = 0, 0, 0, 0
	encoded := t.rep.Stats()
	runtime.ReadMemStats(&before)
	for range countTicks {
		if err := t.step(); err != nil {
			return nil, err
		}
	}
	runtime.ReadMemStats(&after)
	grown := t.rep.Stats()
	for _, s := range t.seats {
		if s.faults.Wrong() > 0 {
			return nil, fmt.Errorf("bench: %v: player %d got wrong snapshots: %+v", m, s.id, s.faults)
		}
	}
	turns := float64(countTicks * len(t.seats))
	return map[string]float64{
		"snapshots":               t.sum.snapshots / turns,
		"bytes a snapshot":        t.sum.snapshotBytes / max(t.sum.snapshots, 1),
		"messages from clients":   t.sum.messages / turns,
		"bytes a message":         t.sum.messageBytes / max(t.sum.messages, 1),
		"bodies encoded a tick":   float64(grown.Groups-encoded.Groups) / countTicks,
		"bytes encoded a tick":    float64(grown.GroupBytes-encoded.GroupBytes) / countTicks,
		"allocations in one tick": float64(after.Mallocs-before.Mallocs) / countTicks,
	}, nil
}

// seated makes a match in which everybody has joined.
func (m Match) seated() (*table, error) {
	g, err := workload.At(m.Size, 0)
	if err != nil {
		return nil, err
	}
	schema := g.Schema()
	t := &table{sim: g.NewSim(1), tick: time.Second / time.Duration(schema.TickRate)}
	t.rep = replicate.New(t.sim, replicate.Config{})
	clients := &load.Players{Schema: schema, Hold: m.Hold}
	layout := netcode.NewInputLayout(schema)
	for n := range m.Players {
		id := game.PlayerID(n + 1)
		s := &seat{
			client: clients.Seat(n), feed: t.rep.NewFeed(id), reader: netcode.NewInputReader(layout),
			buffer: replicate.NewInputBuffer(layout, 0, netcode.InputDigest{}), id: id,
		}
		t.seats = append(t.seats, s)
		t.in.Joins = append(t.in.Joins, game.Player{ID: id})
	}
	t.sim.Step(&t.in)
	t.in.Reset()
	for _, s := range t.seats {
		w := netcode.Welcome{Version: netcode.Version, Player: s.id, Tick: t.sim.Tick(), TickRate: schema.TickRate, SnapshotRate: schema.SnapshotRate, AckEvery: t.rep.AckEvery()}
		s.client.Message(t.now(), w.Append(nil), &s.faults)
		s.feed.Connect(0, false, t.now())
	}
	return t, nil
}

func (t *table) now() time.Duration { return time.Duration(t.sim.Tick()) * t.tick }

// step is a tick of the server, then the clients' answer.
func (t *table) step() error {
	tick := t.sim.Tick() + 1
	for _, s := range t.seats {
		s.buffer.Due(tick, s.id, &t.in)
	}
	t.sim.Step(&t.in)
	t.in.Reset()
	t.rep.CollectEvents()
	t.rep.Capture()
	now := t.now()
	for _, s := range t.seats {
		if t.rep.Plan(s.feed, replicate.SeatStatus{AckSeq: s.buffer.LastApplied()}, now) == replicate.Send {
			t.out = s.feed.Append(t.out[:0])
			s.feed.Sent(len(t.out), now)
			t.sum.snapshots++
			t.sum.snapshotBytes += float64(len(t.out))
			s.client.Message(now, t.out, &s.faults)
		}
		if err := t.hear(s, now); err != nil {
			return err
		}
	}
	return nil
}

// hear takes what a client says in a tick.
func (t *table) hear(s *seat, now time.Duration) error {
	t.out = s.client.Input(t.out[:0])
	if len(t.out) == 0 {
		return nil
	}
	t.sum.messages++
	t.sum.messageBytes += float64(len(t.out))
	ack, acked := game.Tick(0), true
	if netcode.KindOf(t.out) == netcode.KindAck {
		a, err := netcode.ParseAck(t.out)
		if err != nil {
			return fmt.Errorf("bench: an ack: %w", err)
		}
		ack = a.Tick
	} else {
		if err := s.reader.Parse(t.out, &t.inputs); err != nil {
			return fmt.Errorf("bench: an input: %w", err)
		}
		ack, acked = t.inputs.Ack, t.inputs.Acked
		for _, e := range t.inputs.Entries {
			s.buffer.Add(e, t.sim.Tick(), time.Duration(int32(e.Tick-t.sim.Tick()))*t.tick)
		}
	}
	if !acked {
		return nil
	}
	return s.feed.Ack(ack, now)
}
