package view

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/netcodetest"
	"arbiter/netcode/replicate"
)

// messages are the snapshots of one connection of player 1 to the proof game.
func messages(seed uint64, n int) (list [][]byte) {
	m := netcodetest.ProofOpen.New(seed)
	r := replicate.New(m, replicate.Config{})
	f := r.NewFeed(1)
	f.Connect(0, false, 0)
	in := sim.TickInput{Joins: []game.Player{{ID: 1, Name: "one"}, {ID: 2, Name: "two"}}}
	for now := time.Duration(0); len(list) < n; {
		now += time.Second / 30
		m.Step(&in)
		in.Reset()
		in.Inputs = append(in.Inputs, sim.PlayerInput{Player: 1, Cells: []int64{1, 2, 1}})
		r.CollectEvents()
		r.Capture()
		f.Ack(f.NewestSent(), now)
		if r.Plan(f, replicate.SeatStatus{AckSeq: uint32(m.Tick()), HasSlack: true, Slack: 7}, now) == replicate.Send {
			list = append(list, f.Append(nil))
			f.Sent(len(list[len(list)-1]), now)
		}
	}
	return list
}

// snapshots is some messages of one connection, each behind its length.
func snapshots(seed uint64, n int) []byte {
	var b []byte
	for _, m := range messages(seed, n) {
		b = append(binary.BigEndian.AppendUint16(b, uint16(len(m))), m...)
	}
	return b
}

type bareState struct{}
type bareRules struct{}

func (bareRules) Start(*game.World[bareState])                                      {}
func (bareRules) Join(*game.World[bareState], game.Player)                          {}
func (bareRules) Leave(*game.World[bareState], game.PlayerID)                       {}
func (bareRules) Step(*game.World[bareState], *game.Inputs[netcodetest.ProofInput]) {}

// A server that sends rows of tables its own schema does not have is refused.
//
// Hazards: mutated.
func TestRowsOfNoTable(t *testing.T) {
	bare := game.MustDefine[bareState, netcodetest.ProofInput]("bare", bareRules{}, game.Config{TickRate: 30})
	refused := 0
	for _, m := range messages(1, 20) {
		v := New(bare.Schema(), 1)
		v.Connect(netcode.Fresh)
		if _, err := v.Apply(m); err != nil {
			refused++
		}
	}
	if refused != 20 {
		t.Errorf("%d of 20 snapshots of another game were refused", refused)
	}
}

// Whatever a server sends, a view neither panics nor asks for absurd memory,
// and a message it refused leaves no trace.
func FuzzView(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(snapshots(seed, 6))
		b := snapshots(seed, 6)
		r := rand.New(rand.NewPCG(seed, 1))
		for range 8 {
			b[r.IntN(len(b))] = byte(r.IntN(256))
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		v := New(netcodetest.ProofOpen.Schema(), 1)
		v.Connect(netcode.Fresh)
		for len(b) >= 2 {
			n := int(binary.BigEndian.Uint16(b))
			b = b[2:]
			n = min(n, len(b))
			before := v.Frame()
			u, err := v.Apply(b[:n])
			b = b[n:]
			if err != nil && v.Frame() != before {
				t.Fatal("a refused snapshot changed the view")
			}
			if err == nil && !u.Old && v.Frame().Tick != u.Tick {
				t.Fatalf("update says tick %d, the frame %d", u.Tick, v.Frame().Tick)
			}
			if fr := v.Frame(); fr != nil {
				netcodetest.Has(netcodetest.ProofOpen, fr.Tick, fr.Tables)
				v.StateHash()
			}
		}
	})
}

// Applying a snapshot allocates nothing in steady state, except for texts.
func TestApplyAlloc(t *testing.T) {
	g := netcodetest.Fleet
	m := g.New(1)
	r := replicate.New(m, replicate.Config{})
	feed, view := r.NewFeed(0), New(g.Schema(), 0)
	feed.Connect(0, false, 0)
	view.Connect(netcode.Fresh)
	var now time.Duration
	var msgs [][]byte
	for range 300 {
		now += time.Second / 30
		m.Step(&sim.TickInput{})
		r.Capture()
		if t := feed.NewestSent(); t != 0 {
			feed.Ack(t, now)
		}
		if r.Plan(feed, replicate.SeatStatus{}, now) == replicate.Send {
			b := feed.Append(nil)
			feed.Sent(len(b), now)
			msgs = append(msgs, b)
		}
	}
	next := 0
	apply := func() {
		if _, err := view.Apply(msgs[next]); err != nil {
			t.Fatal(err)
		}
		next++
	}
	for range 150 {
		apply()
	}
	if n := testing.AllocsPerRun(100, apply); n != 0 {
		t.Errorf("%v allocations per snapshot", n)
	}
}
