package replicate

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
)

// The game whose inputs the tests buffer.
type (
	pilotState struct {
		Rename game.Commands[pilotRename]
	}
	pilotRename struct {
		Name string `net:"len=16"`
	}
	pilotInput struct {
		Thrust, Turn int8 `net:"min=-1,max=1"`
		Fire         bool
		Aim          float64 `net:"step=tau/256,wrap"`
	}
	pilotRules struct{}
)

func (pilotRules) Join(*game.World[pilotState], game.Player)              {}
func (pilotRules) Leave(*game.World[pilotState], game.PlayerID)           {}
func (pilotRules) Step(*game.World[pilotState], *game.Inputs[pilotInput]) {}

var pilot = game.MustDefine("pilot", pilotRules{}, game.Config{TickRate: 60}).Schema()

func rename(seq uint32, name string) *netcode.Command {
	return &netcode.Command{Seq: seq, Row: sim.Row{Cells: []int64{0}, Texts: []string{name}}}
}

// wants fails the test if the code under test no longer does what its case is
// there for.
func wants[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// seat is a buffer whose ticks a test steps by hand.
type seat struct {
	*InputBuffer
	t  *testing.T
	in sim.TickInput
}

func newSeat(t *testing.T) *seat {
	return &seat{InputBuffer: NewInputBuffer(netcode.NewInputLayout(pilot), 0, netcode.InputDigest{}), t: t}
}

// input adds an entry whose aim is its sequence number.
func (s *seat) input(seq uint32, tick, now game.Tick) AddResult {
	cells := []int64{0, 0, 0, int64(seq % 256)}
	a := s.Add(netcode.Entry{Seq: seq, Tick: tick, Cells: cells}, now, 0)
	cells[3] = -1 // the buffer must have its own copy
	return a
}

func (s *seat) command(seq uint32) AddResult { return s.AddCommand(*rename(seq, fmt.Sprint(seq))) }

// due steps one tick and shows what was due as "i1 c2".
func (s *seat) due(tick game.Tick) string {
	s.in.Reset()
	s.Due(tick, 7, &s.in)
	var out []string
	for _, in := range s.in.Inputs {
		out = append(out, fmt.Sprintf("i%d", in.Seq))
		if in.Player != 7 || in.Cells[3] != int64(in.Seq%256) {
			s.t.Errorf("tick %d: input %+v", tick, in)
		}
	}
	for _, c := range s.in.Commands {
		out = append(out, "c"+c.Row.Texts[0])
		if c.Player != 7 {
			s.t.Errorf("tick %d: command %+v", tick, c)
		}
	}
	return strings.Join(out, " ")
}

func (s *seat) wantDue(tick game.Tick, want string) {
	s.t.Helper()
	wants(s.t, fmt.Sprintf("due at tick %d", tick), s.due(tick), want)
}

func TestEntriesWaitForTheirTick(t *testing.T) {
	s := newSeat(t)
	s.input(1, 12, 9)
	s.input(2, 14, 9)
	for tick, want := range []string{10: "", 11: "", 12: "i1", 13: "", 14: "i2", 15: ""} {
		if tick >= 10 {
			s.wantDue(game.Tick(tick), want)
		}
	}
	wants(t, "taken", s.LastApplied(), 2)
}

func TestLateEntriesFollowOneATick(t *testing.T) {
	s := newSeat(t)
	for seq := range uint32(4) {
		s.input(seq+1, game.Tick(5+seq), 9) // for ticks 5 to 8, all past
	}
	s.input(5, 11, 9) // in time, but behind the others
	for i, want := range []string{"i1", "i2", "i3", "i4", "i5", ""} {
		s.wantDue(game.Tick(10+i), want)
	}
	wants(t, "late", s.Stats().Late, 5)
}

func TestEntriesOfOneTickAreNotMerged(t *testing.T) {
	s := newSeat(t)
	for seq := range uint32(3) {
		s.input(seq+1, 10, 9)
	}
	for i, want := range []string{"i1", "i2", "i3"} {
		s.wantDue(game.Tick(10+i), want)
	}
}

func TestCommandsNeverOvertakeAnEntry(t *testing.T) {
	s := newSeat(t)
	s.command(1)
	s.command(2)
	s.input(3, 12, 9)
	s.command(4)
	s.input(5, 12, 9)
	s.command(6)
	s.wantDue(10, "c1 c2")
	s.wantDue(11, "")
	s.wantDue(12, "i3 c4")
	s.wantDue(13, "i5 c6")
	wants(t, "left", s.Len(), 0)
}

// Hazards: sequence numbers.
func TestOnlyTheNextNumberIsTaken(t *testing.T) {
	s := newSeat(t)
	for i, c := range []struct {
		got, want AddResult
	}{
		{s.input(2, 10, 9), Gap},
		{s.input(1, 10, 9), Accepted},
		{s.input(1, 10, 9), Duplicate},
		{s.command(1), Duplicate},
		{s.command(3), Gap},
		{s.command(2), Accepted},
		{s.input(2, 10, 9), Duplicate},
		{s.input(0, 10, 9), Duplicate},
		{s.input(1<<32-1, 10, 9), Gap},
	} {
		wants(t, fmt.Sprint("step ", i), c.got, c.want)
	}
	s.wantDue(10, "i1 c2")
	wants(t, "after being applied", s.input(1, 11, 10), Duplicate)
	wants(t, "stats", s.Stats(), BufferStats{Applied: 2, Duplicates: 5, Gaps: 3})
	wants(t, "last added", s.LastAdded(), 2)
}

func TestFullBufferOverflows(t *testing.T) {
	s := newSeat(t)
	for seq := range uint32(netcode.MaxBuffered) {
		wants(t, "added", s.input(seq+1, 10, 9), Accepted)
	}
	wants(t, "entry", s.input(netcode.MaxBuffered+1, 10, 9), Overflow)
	wants(t, "command", s.command(netcode.MaxBuffered+1), Overflow)
	wants(t, "duplicate", s.command(1), Duplicate)
	for i := range uint32(netcode.MaxBuffered) {
		s.wantDue(game.Tick(10+i), fmt.Sprintf("i%d", i+1))
	}
	wants(t, "after it drained", s.input(netcode.MaxBuffered+1, 99, 99), Accepted)
	wants(t, "overflows", s.Stats().Overflows, 2)
}

// Hazards: sequence numbers.
func TestEntriesFarAheadAreClamped(t *testing.T) {
	s := newSeat(t)
	s.input(1, 9+MaxAhead, 9)
	s.input(2, 1<<31, 9)
	s.input(3, 1<<32-1, 9)
	wants(t, "clamped", s.Stats().Clamped, 2)
	s.wantDue(8+MaxAhead, "")
	s.wantDue(9+MaxAhead, "i1")
	s.wantDue(10+MaxAhead, "i2")
	s.wantDue(11+MaxAhead, "i3")
}

func TestSlackIsTheLeast(t *testing.T) {
	s := newSeat(t)
	seq := uint32(0)
	add := func(dueIn time.Duration) {
		seq++
		s.Add(netcode.Entry{Seq: seq, Tick: 10, Cells: make([]int64, 4)}, 9, dueIn)
	}
	check := func(what string, want int, wantOK bool) {
		t.Helper()
		if ms, ok := s.PopSlack(); ms != want || ok != wantOK {
			t.Errorf("%s: %d ms, %v; want %d, %v", what, ms, ok, want, wantOK)
		}
	}
	check("nothing arrived", 0, false)
	add(30 * time.Millisecond)
	add(12 * time.Millisecond)
	add(20 * time.Millisecond)
	check("three in time", 12, true)
	check("asked again", 0, false)
	add(-200 * time.Microsecond)
	check("just too late", -1, true)
	add(-time.Hour)
	check("very late", -500, true)
	add(time.Hour)
	check("very early", 500, true)
	add(1900 * time.Microsecond)
	check("rounded down", 1, true)
	s.Add(netcode.Entry{Seq: 1, Tick: 10, Cells: make([]int64, 4)}, 9, -time.Second)
	check("a duplicate says nothing", 0, false)
	add(-time.Second)
	s.Resumed(10)
	check("of the connection before", 0, false)
	add(-time.Second)
	check("re-sent", 0, false)
	seq++
	s.Add(netcode.Entry{Seq: seq, Tick: 11, Cells: make([]int64, 4)}, 9, 5*time.Millisecond)
	check("new", 5, true)
}

func TestBufferGoesOnFromACheckpoint(t *testing.T) {
	b := NewInputBuffer(netcode.NewInputLayout(pilot), 41, netcode.InputDigest{Count: 41, Hash: 0xabc})
	wants(t, "taken", b.LastApplied(), 41)
	wants(t, "re-sent", b.AddCommand(*rename(41, "x")), Duplicate)
	wants(t, "next", b.AddCommand(*rename(42, "y")), Accepted)
	var in sim.TickInput
	b.Due(1, 1, &in)
	want := netcode.InputDigest{Count: 41, Hash: 0xabc}
	want.Command(netcode.NewInputLayout(pilot), 0, rename(42, "y").Row)
	wants(t, "log", b.Digest(), want)
}

// TestExactlyOnce: a client whose connection drops at random re-sends what was
// not acknowledged. Whatever the buffer applies is, in order and content, what
// the client made, and the sums of both agree.
//
// Hazards: sequence numbers.
func TestExactlyOnce(t *testing.T) {
	for seed := range uint64(50) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		s := newSeat(t)
		layout := netcode.NewInputLayout(pilot)
		var client netcode.InputDigest
		var unacked []sentItem
		seq, resends := uint32(0), 0
		for tick := game.Tick(1); tick <= 400; tick++ {
			if tick < 300 && rnd.IntN(3) == 0 {
				seq++
				it := sentItem{seq: seq, command: rnd.IntN(4) == 0, tick: tick + game.Tick(rnd.IntN(6)) - game.Tick(min(3, tick))}
				if it.command {
					client.Command(layout, 0, rename(seq, fmt.Sprint(seq)).Row)
				} else {
					client.Input(layout.Packing, []int64{0, 0, 0, int64(seq % 256)})
				}
				unacked = append(unacked, it)
				if rnd.IntN(10) > 0 { // else it is lost with the connection
					it.add(s, tick)
				}
			}
			if lost := int(seq - s.LastAdded()); lost > 0 && rnd.IntN(8) == 0 || rnd.IntN(20) == 0 || tick == 320 {
				resends++
				for _, it := range unacked {
					it.add(s, tick)
				}
			}
			s.due(tick)
			for len(unacked) > 0 && unacked[0].seq <= s.LastApplied() && rnd.IntN(2) == 0 {
				unacked = unacked[1:]
			}
		}
		if s.LastApplied() != seq || s.Digest() != client || seq < 50 || resends < 5 || s.Stats().Duplicates == 0 {
			t.Fatalf("seed %d: %d of %d applied, %+v at the server, %+v at the client, %d resends, %+v",
				seed, s.LastApplied(), seq, s.Digest(), client, resends, s.Stats())
		}
	}
}

type sentItem struct {
	seq     uint32
	command bool
	tick    game.Tick
}

func (it sentItem) add(s *seat, now game.Tick) {
	if it.command {
		s.command(it.seq)
	} else {
		s.input(it.seq, it.tick, now)
	}
}

func TestBufferDoesNotAllocate(t *testing.T) {
	b := NewInputBuffer(netcode.NewInputLayout(pilot), 0, netcode.InputDigest{})
	cells := make([]int64, 4)
	var in sim.TickInput
	tick := game.Tick(0)
	if n := testing.AllocsPerRun(1000, func() {
		tick++
		in.Reset()
		b.Add(netcode.Entry{Seq: uint32(tick), Tick: tick, Cells: cells}, tick-1, 0)
		b.Due(tick, 1, &in)
		b.PopSlack()
		if len(in.Inputs) != 1 {
			t.Fatal("not due")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// FuzzInputBuffer adds whatever comes and checks that sequence order, one
// entry a tick and the counts hold.
func FuzzInputBuffer(f *testing.F) {
	f.Add([]byte{1, 10, 2, 200, 3, 1, 0x83, 0, 4, 12})
	f.Fuzz(func(t *testing.T, b []byte) {
		s := newSeat(t)
		var now game.Tick
		last := uint32(0)
		calls := uint64(0)
		for ; len(b) >= 2; b = b[2:] {
			calls++
			if seq := s.LastAdded() + uint32(b[0]&15) - 3; b[0] >= 128 {
				s.command(seq)
			} else {
				s.input(seq, now+game.Tick(b[1])-100, now)
			}
			if b[1]%3 > 0 {
				continue
			}
			now++
			s.due(now)
			if len(s.in.Inputs) > 1 {
				t.Fatalf("%d entries in one tick", len(s.in.Inputs))
			}
			last += uint32(len(s.in.Inputs) + len(s.in.Commands))
			if s.LastApplied() != last || s.LastApplied()+uint32(s.Len()) != s.LastAdded() {
				t.Fatalf("last applied %d, applied %d, waiting %d, added %d", s.LastApplied(), last, s.Len(), s.LastAdded())
			}
		}
		c := s.Stats()
		if c.Applied != uint64(last) || c.Applied+uint64(s.Len())+c.Duplicates+c.Gaps+c.Overflows != calls {
			t.Fatalf("%d calls, %d waiting, %+v", calls, s.Len(), c)
		}
	})
}

func BenchmarkBuffer(b *testing.B) {
	buf := NewInputBuffer(netcode.NewInputLayout(pilot), 0, netcode.InputDigest{})
	cells := make([]int64, 4)
	var in sim.TickInput
	tick := game.Tick(0)
	b.ReportAllocs()
	for b.Loop() {
		tick++
		in.Reset()
		buf.Add(netcode.Entry{Seq: uint32(tick), Tick: tick, Cells: cells}, tick-1, 0)
		buf.Due(tick, 1, &in)
	}
}

// What a cheat sends more than once is told from what an honest client does.
func TestSpeedUpAndReplaysAreCounted(t *testing.T) {
	s := newSeat(t)
	for seq, tick := range []game.Tick{0, 11, 12, 12, 11, 13, 900, 901} { // one for a tick taken, one going back, two clamped
		if seq > 0 && s.input(uint32(seq), tick, 10) != Accepted {
			t.Fatalf("entry %d was not taken", seq)
		}
	}
	s.input(7, 13, 10) // again
	s.Resumed(10)
	s.input(6, 900, 10)
	s.input(7, 901, 10) // again, as the resume explains
	s.input(8, 902, 10)
	s.input(7, 901, 10) // which ends with something new
	want := BufferStats{Duplicates: 4, Resent: 2, TickTaken: 2, Clamped: 3}
	if got := s.Stats(); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
}
