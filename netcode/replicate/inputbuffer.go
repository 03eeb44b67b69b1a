package replicate

import (
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
)

// MaxAhead is how many ticks an entry may be ahead of the match. One further
// ahead is for that tick.
const MaxAhead = 64

// MaxSlack bounds a measured slack either way.
const MaxSlack = 500 * time.Millisecond

// AddResult says what became of an entry or command.
type AddResult uint8

const (
	Accepted  AddResult = iota // buffered
	Duplicate                  // its sequence number was accepted before; dropped, as a re-send after a resume is
	Gap                        // a sequence number before it is missing; dropped. On an ordered connection the client is at fault
	Overflow                   // the buffer is full; dropped. The caller closes with the input overflow code
)

// InputBuffer is the input buffer of one seat: what it has sent and the match has
// not yet applied, in order of sequence number.
// It belongs to the seat and outlives its connections, which is what makes
// inputs exactly once: sequence numbers are accepted in order, each one time.
//
// At each tick at most one entry is due: the first, if its tick has come. So
// late entries follow one a tick in their order, and none is lost or merged with
// another. Commands are due at once, but never before the entries in front of
// them: a command behind an entry that is not yet due waits with it.
//
// The match's goroutine owns it. Its memory grows to what the client has waiting
// at most, and no further than [netcode.MaxBuffered].
type InputBuffer struct {
	ring  []waiting // a power of 2 of slots
	cells []int64   // a row of the input for each slot
	head  int       // slot of the oldest
	n     int

	added      uint32 // newest sequence number accepted
	applied    uint32 // newest given out by Due; at most added
	digest     netcode.InputDigest
	slack      time.Duration // least since PopSlack
	measured   bool
	slackAfter game.Tick // see Resumed
	newest     game.Tick // that an entry was for
	resent     uint32    // newest number that may come again since Resumed
	layout     *netcode.InputLayout

	count BufferStats
}

// waiting is one entry, with its cells in the buffer's, or one command.
type waiting struct {
	seq     uint32
	tick    game.Tick
	view    game.Tick
	command *netcode.Command // nil: an entry
}

// firstSlots is how many slots a buffer has at first.
const firstSlots = 4

// BufferStats counts what happened to a seat's entries and commands.
type BufferStats struct {
	Applied    uint64
	Duplicates uint64
	Resent     uint64 // those of Duplicates that a resume explains
	Gaps       uint64
	Overflows  uint64
	Clamped    uint64 // entries further than MaxAhead
	Late       uint64 // entries applied after the tick they were for
	TickTaken  uint64 // entries for a tick that had one already, or for one before it
}

// NewInputBuffer returns the buffer of a new seat, or, with what a lost match's
// checkpoint says, of one that goes on behind applied.
func NewInputBuffer(l *netcode.InputLayout, applied uint32, digest netcode.InputDigest) *InputBuffer {
	return &InputBuffer{layout: l, added: applied, applied: applied, digest: digest}
}

// Add accepts an entry of a message just received, copying its cells. now is
// the match's last completed tick; dueIn is the time until e.Tick is stepped,
// negative if that is past.
func (b *InputBuffer) Add(e netcode.Entry, now game.Tick, dueIn time.Duration) AddResult {
	if refused := b.admit(e.Seq); refused != Accepted {
		return refused
	}
	tick := min(e.Tick, now+MaxAhead)
	switch {
	case tick != e.Tick:
		b.count.Clamped++
	case tick <= b.newest:
		b.count.TickTaken++
	}
	b.newest = max(b.newest, tick)
	i := b.push(waiting{seq: e.Seq, tick: tick, view: e.View})
	copy(b.rowAt(i), e.Cells)
	if e.Tick > b.slackAfter {
		dueIn = min(max(dueIn, -MaxSlack), MaxSlack)
		if !b.measured || dueIn < b.slack {
			b.slack, b.measured = dueIn, true
		}
	}
	return Accepted
}

// AddCommand accepts a command. Its row must not change any more.
func (b *InputBuffer) AddCommand(c netcode.Command) AddResult {
	if refused := b.admit(c.Seq); refused != Accepted {
		return refused
	}
	b.push(waiting{seq: c.Seq, command: &c})
	return Accepted
}

func (b *InputBuffer) admit(seq uint32) AddResult {
	switch {
	case seq <= b.added:
		b.count.Duplicates++
		if b.resent != 0 && seq <= b.resent {
			b.count.Resent++
		}
		return Duplicate
	case seq != b.added+1:
		b.count.Gaps++
		return Gap
	case b.n == netcode.MaxBuffered:
		b.count.Overflows++
		return Overflow
	}
	b.added, b.resent = seq, 0
	return Accepted
}

func (b *InputBuffer) push(w waiting) (slot int) {
	if b.n == len(b.ring) {
		b.grow()
	}
	slot = b.slot(b.n)
	b.ring[slot] = w
	b.n++
	return slot
}

// slot is where the i-th of those that wait stands.
func (b *InputBuffer) slot(i int) int { return (b.head + i) & (len(b.ring) - 1) }

// grow doubles the slots. Cells that Due gave out stay where they are.
func (b *InputBuffer) grow() {
	old := *b
	size := max(firstSlots, 2*len(b.ring))
	b.ring, b.head = make([]waiting, size), 0
	b.cells = make([]int64, size*b.layout.Packing.Leaves())
	for i := range b.n {
		from := old.slot(i)
		b.ring[i] = old.ring[from]
		copy(b.rowAt(i), old.rowAt(from))
	}
}

func (b *InputBuffer) rowAt(slot int) []int64 {
	n := b.layout.Packing.Leaves()
	return b.cells[slot*n : (slot+1)*n : (slot+1)*n]
}

// Due appends to in the entry and the commands of player p that are due at tick.
// It must be called once for every tick, in order. The cells it appends stay valid until the next
// Add.
func (b *InputBuffer) Due(tick game.Tick, p game.PlayerID, in *sim.TickInput) {
	for entries := 0; b.n > 0; {
		w := &b.ring[b.head]
		if c := w.command; c != nil {
			b.digest.Command(b.layout, c.Kind, c.Row)
			in.Commands = append(in.Commands, sim.PlayerCommand{Player: p, Kind: c.Kind, Row: c.Row})
		} else {
			if entries > 0 || w.tick > tick {
				return
			}
			entries++
			if w.tick < tick {
				b.count.Late++
			}
			cells := b.rowAt(b.head)
			b.digest.Input(b.layout.Packing, cells)
			in.Inputs = append(in.Inputs, sim.PlayerInput{Player: p, Seq: w.seq, View: w.view, Cells: cells})
		}
		b.applied = w.seq
		b.count.Applied++
		*w = waiting{}
		b.head = b.slot(1)
		b.n--
	}
}

// LastApplied is the last sequence number applied: what a snapshot acknowledges.
func (b *InputBuffer) LastApplied() uint32 { return b.applied }

// LastAdded is the last sequence number received in order.
func (b *InputBuffer) LastAdded() uint32 { return b.added }

// Len is the number of entries and commands that wait.
func (b *InputBuffer) Len() int { return b.n }

// Digest sums up everything applied so far, for a snapshot's check.
func (b *InputBuffer) Digest() netcode.InputDigest { return b.digest }

// Stats returns the counts so far.
func (b *InputBuffer) Stats() BufferStats { return b.count }

// Resumed tells the buffer of a new connection, welcomed at tick now. Entries
// for ticks up to then were made before it and say nothing about its clock, so
// they don't count as slack. Numbers up to the newest may come again, until a new
// one does.
func (b *InputBuffer) Resumed(now game.Tick) {
	b.slackAfter, b.resent = now, b.added
	b.measured = false
}

// PopSlack returns how long before their tick the entries since the last call
// arrived: the least, in milliseconds rounded down, −500…500, negative if too
// late. It is false if none arrived.
func (b *InputBuffer) PopSlack() (ms int, ok bool) {
	if !b.measured {
		return 0, false
	}
	b.measured = false
	ms = int(b.slack / time.Millisecond)
	if b.slack%time.Millisecond < 0 {
		ms--
	}
	return ms, true
}
