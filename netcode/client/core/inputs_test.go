package core

import (
	"errors"
	"slices"
	"testing"

	"arbiter/game"
	"arbiter/game/arena"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/replicate"
)

// read parses a message of inputs and returns its entries' numbers and ticks.
func read(t *testing.T, r *netcode.InputReader, msg []byte) (seqs []uint32, ticks []game.Tick, in netcode.Inputs) {
	t.Helper()
	if err := r.Parse(msg, &in); err != nil {
		t.Fatalf("% x: %v", msg, err)
	}
	for _, e := range in.Entries {
		seqs, ticks = append(seqs, e.Seq), append(ticks, e.Tick)
	}
	return seqs, ticks, in
}

func TestInputsHeldOnesAreNotSentAgain(t *testing.T) {
	in := NewInputs(arena.Game.Schema())
	if in.AddEntry(5, 0) {
		t.Error("doing nothing made an entry")
	}
	in.Set([]int64{1, 0, 0}, false)
	made := 0
	for tick := game.Tick(10); tick < 50; tick++ {
		if in.AddEntry(tick, tick-3) {
			made++
		}
		if in.AddEntry(tick, tick-3) {
			t.Errorf("a second entry for tick %d", tick)
		}
	}
	if made != 1 || in.Pending() != 1 {
		t.Errorf("one held input made %d entries", made)
	}
}

func TestInputsThatAimRenewTheirViewWhenItMovesByTwoTicks(t *testing.T) {
	in := NewInputs(arena.Game.Schema())
	in.Set([]int64{0, 0, 1}, true)
	var at []game.Tick
	view := func(tick game.Tick) game.Tick {
		switch {
		case tick < 20:
			return tick - 4
		case tick < 30:
			return tick - 5 // one more: still good enough
		}
		return tick - 6
	}
	for tick := game.Tick(10); tick < 40; tick++ {
		if in.AddEntry(tick, view(tick)) {
			at = append(at, tick)
		}
	}
	if !slices.Equal(at, []game.Tick{10, 30}) {
		t.Errorf("entries at %v, want 10 and 30", at)
	}
}

func TestInputsCoalesceWhileFullAndLoseNothingNumbered(t *testing.T) {
	in := NewInputs(arena.Game.Schema())
	layout := netcode.NewInputLayout(arena.Game.Schema())
	for tick := game.Tick(1); tick <= MaxPending+20; tick++ {
		in.Set([]int64{int64(tick % 2), int64(tick%3) - 1, 0}, false)
		in.AddEntry(tick, 0)
	}
	if in.Made() != MaxPending || in.Pending() != MaxPending {
		t.Fatalf("%d made, %d pending; the bound is %d", in.Made(), in.Pending(), MaxPending)
	}
	if err := in.Command(90, 0, sim.Row{Cells: []int64{0}, Texts: []string{"x"}}); !errors.Is(err, ErrFull) {
		t.Errorf("a command into a full store: %v", err)
	}
	w, r := netcode.NewInputWriter(layout), netcode.NewInputReader(layout)
	msg, acked := in.Next(&w, nil, &netcode.Ack{Tick: 9})
	seqs, _, parsed := read(t, &r, msg)
	if !acked || parsed.Ack != 9 || len(seqs) != MaxPending || seqs[0] != 1 || seqs[MaxPending-1] != MaxPending {
		t.Fatalf("sent %v with ack %d", seqs, parsed.Ack)
	}
	in.Set([]int64{1, 1, 1}, false)
	in.Applied(10, 10)
	if !in.AddEntry(200, 0) {
		t.Fatal("with room again the newest state made no entry")
	}
	msg, _ = in.Next(&w, nil, nil)
	if seqs, ticks, p := read(t, &r, msg); len(seqs) != 1 || seqs[0] != 65 || ticks[0] != 200 || !slices.Equal(p.Entries[0].Cells, []int64{1, 1, 1}) {
		t.Errorf("after the gap came %v for %v", seqs, ticks)
	}
}

func TestInputsResumeSendsWhatWasNotTakenWithItsNumbers(t *testing.T) {
	in := NewInputs(arena.Game.Schema())
	layout := netcode.NewInputLayout(arena.Game.Schema())
	w := netcode.NewInputWriter(layout)
	for tick := game.Tick(1); tick <= 6; tick++ {
		in.Set([]int64{int64(tick % 2), 0, 0}, false)
		in.AddEntry(tick, 0)
		if tick == 4 {
			if err := in.Command(4, 0, sim.Row{Cells: []int64{0}, Texts: []string{"zoe"}}); err != nil {
				t.Fatal(err)
			}
		}
		in.Next(&w, nil, nil)
	}
	in.Applied(2, 2)
	in.Resume(3)
	w, r := netcode.NewInputWriter(layout), netcode.NewInputReader(layout)
	msg, _ := in.Next(&w, nil, nil)
	if seqs, ticks, _ := read(t, &r, msg); !slices.Equal(seqs, []uint32{4}) || ticks[0] != 4 {
		t.Errorf("first came %v for %v", seqs, ticks)
	}
	msg, _ = in.Next(&w, nil, nil)
	if c, err := r.ParseCommand(msg); err != nil || c.Seq != 5 || c.Row.Texts[0] != "zoe" {
		t.Errorf("then %+v, %v", c, err)
	}
	msg, _ = in.Next(&w, nil, nil)
	if seqs, ticks, _ := read(t, &r, msg); !slices.Equal(seqs, []uint32{6, 7}) || !slices.Equal(ticks, []game.Tick{5, 6}) {
		t.Errorf("then %v for %v", seqs, ticks)
	}
	if in.Waiting() {
		t.Error("and still something waits")
	}
}

func TestInputsCursorIsTheServersBuffer(t *testing.T) {
	s := arena.Game.Schema()
	in, buffer := NewInputs(s), replicate.NewInputBuffer(netcode.NewInputLayout(s), 0, netcode.InputDigest{})
	for i, tick := range []game.Tick{3, 4, 9, 10, 11} {
		in.Set([]int64{int64(i%2)*2 - 1, 0, 0}, false)
		in.AddEntry(tick, 0)
		if i == 1 {
			in.Command(tick, 0, sim.Row{Cells: []int64{0}, Texts: []string{"n"}})
		}
	}
	for k := range in.n {
		p := in.ring[k]
		if p.kind == entryKind {
			buffer.Add(netcode.Entry{Seq: uint32(k + 1), Tick: p.tick, Cells: in.rowAt(k)}, 5, 0)
		} else {
			buffer.AddCommand(netcode.Command{Seq: uint32(k + 1), Kind: p.kind, Row: p.row})
		}
	}
	c := cursor{in: in}
	for tick := game.Tick(6); tick < 14; tick++ { // 3 and 4 come too late
		var want, got sim.TickInput
		buffer.Due(tick, 7, &want)
		c.due(tick, 7, &got)
		if len(got.Inputs) != len(want.Inputs) || len(got.Commands) != len(want.Commands) {
			t.Fatalf("tick %d: %+v, the server applies %+v", tick, got, want)
		}
		for i := range got.Inputs {
			if g, w := got.Inputs[i], want.Inputs[i]; g.Seq != w.Seq || !slices.Equal(g.Cells, w.Cells) || g.Player != w.Player {
				t.Fatalf("tick %d: %+v, the server applies %+v", tick, g, w)
			}
		}
	}
	if buffer.LastApplied() != 6 || c.at != 6 {
		t.Errorf("the server applied %d, the cursor %d of 6", buffer.LastApplied(), c.at)
	}
}

func TestInputsCompareReportsEachFaultOnce(t *testing.T) {
	in := NewInputs(arena.Game.Schema())
	for tick := game.Tick(1); tick <= 5; tick++ {
		in.Set([]int64{int64(tick % 2), 0, 0}, false)
		in.AddEntry(tick, 0)
	}
	in.Applied(5, 5)
	right := in.log
	for _, c := range []struct {
		server         netcode.InputDigest
		lost, repeated uint32
	}{
		{right, 0, 0},
		{netcode.InputDigest{Count: 4, Hash: 1}, 1, 0},
		{netcode.InputDigest{Count: 4, Hash: 1}, 0, 0},
		{netcode.InputDigest{Count: 7, Hash: 2}, 0, 3},
		{netcode.InputDigest{Count: 7, Hash: 3}, 1, 1},
	} {
		if lost, repeated := in.Compare(c.server); lost != c.lost || repeated != c.repeated {
			t.Errorf("against %+v: %d lost, %d repeated; want %d, %d", c.server, lost, repeated, c.lost, c.repeated)
		}
	}
}

func TestInputsLetTheServerCatchUp(t *testing.T) {
	in := NewInputs(arena.Game.Schema())
	in.Applied(0, 100)
	made := []game.Tick{}
	for tick := game.Tick(98); tick <= 108; tick++ { // 98 and 99 are past when they arrive
		in.Set([]int64{int64(tick % 2), 0, 0}, false)
		if in.AddEntry(tick, 0) {
			made = append(made, tick)
		}
	}
	if want := []game.Tick{101, 102, 103, 104, 105, 106, 107, 108}; !slices.Equal(made, want) {
		t.Errorf("entries for %v, want %v", made, want)
	}
	in = NewInputs(arena.Game.Schema())
	for tick := game.Tick(98); tick <= 108; tick++ {
		in.Set([]int64{int64(tick%3) - 1, 0, 0}, false)
		if tick == 101 {
			in.Applied(0, 101) // 98, 99 and 100 were late: 102, 103 and 104 are theirs
		}
		in.AddEntry(tick, 0)
	}
	if in.Made() != 7 || in.ring[3].tick != 105 {
		t.Errorf("%d entries, the fourth for tick %d", in.Made(), in.ring[3].tick)
	}
}

// A server that claims to have applied what this connection has not sent yet
// is believed, and what it names is not sent.
func TestInputsBelieveClaimsBeyondWhatWasSent(t *testing.T) {
	in := NewInputs(arena.Game.Schema())
	w, r := netcode.NewInputWriter(in.layout), netcode.NewInputReader(in.layout)
	for tick := game.Tick(1); tick <= 4; tick++ {
		in.Set([]int64{int64(tick%2)*2 - 1, 0, 0}, false)
		in.AddEntry(tick, 0)
	}
	in.Applied(3, 10)
	msg, _ := in.Next(&w, nil, nil)
	if seqs, _, _ := read(t, &r, msg); !slices.Equal(seqs, []uint32{4}) {
		t.Errorf("sent %v, want 4 alone", seqs)
	}
	in.Applied(99, 11)
	if msg, _ := in.Next(&w, nil, nil); len(msg) > 0 || in.Pending() != 0 {
		t.Errorf("sent % x with %d pending after all was applied", msg, in.Pending())
	}
}

// looseInput has a leaf that is an integer of its own on the wire.
type looseInput struct {
	Far  int64 `net:"min=-1,max=1099511627776"`
	Near int8  `net:"min=-1,max=1"`
}
type looseOrder struct {
	Name string `net:"len=5"`
	N    int16
}
type looseState struct{ Orders game.Commands[looseOrder] }
type looseRules struct{}

func (looseRules) Join(*game.World[looseState], game.Player)                  {}
func (looseRules) Leave(*game.World[looseState], game.PlayerID)               {}
func (looseRules) Step(w *game.World[looseState], _ *game.Inputs[looseInput]) {}

// What an untyped program sets is counted as it is sent: numbers in their bounds,
// texts cut.
func TestInputsAreCountedAsSent(t *testing.T) {
	g := game.MustDefine[looseState, looseInput]("loose", looseRules{}, game.Config{})
	in, layout := NewInputs(g.Schema()), netcode.NewInputLayout(g.Schema())
	buffer := replicate.NewInputBuffer(layout, 0, netcode.InputDigest{})
	w, r := netcode.NewInputWriter(layout), netcode.NewInputReader(layout)
	in.Set([]int64{-7, 9}, false)
	in.AddEntry(3, 0)
	if err := in.Command(3, 0, sim.Row{Cells: []int64{0, 1 << 40}, Texts: []string{"nanéé"}}); err != nil {
		t.Fatal(err)
	}
	msg, _ := in.Next(&w, nil, nil)
	_, _, parsed := read(t, &r, msg)
	buffer.Add(parsed.Entries[0], 2, 0)
	msg, _ = in.Next(&w, nil, nil)
	c, err := r.ParseCommand(msg)
	if err != nil {
		t.Fatal(err)
	}
	buffer.AddCommand(c)
	var due sim.TickInput
	buffer.Due(3, 1, &due)
	in.Applied(2, 3)
	if lost, repeated := in.Compare(buffer.Digest()); lost+repeated > 0 || c.Row.Texts[0] != "nané" || !slices.Equal(in.held, []int64{-1, 1}) {
		t.Errorf("%d lost, %d repeated; the server applied %+v", lost, repeated, due)
	}
}
