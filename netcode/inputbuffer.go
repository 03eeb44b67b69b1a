package netcode

import (
	"time"

	"arbiter/game"
	"arbiter/game/sim"
)

// Limits of an InputBuffer.
const (
	MaxBuffered = 64 // entries and commands of one seat that wait
	MaxAhead    = 64 // ticks an entry may be ahead of the match; one further ahead is for that tick
)

// MaxSlack bounds a measured slack either way.
const MaxSlack = 500 * time.Millisecond

// Added says what became of an entry or command.
type Added uint8

const (
	Taken     Added = iota // buffered
	Duplicate              // its number was taken before; dropped, as a re-send after a resume is
	Gap                    // a number before it is missing; dropped. On an ordered connection the client is at fault
	Overflow               // the buffer is full; dropped. The caller closes with the input overflow code
)

// InputBuffer holds what one seat has sent and the match has not yet applied.
// It belongs to the seat and outlives its connections, which is what makes
// inputs exactly once: numbers are taken in order, each one time.
//
// At each tick at most one entry is due: the first, if its tick has come. So
// late entries follow one a tick in their order, and none is lost or merged with
// another. Commands are due at once, but never before the entries in front of
// them: a command behind an entry that is not yet due waits with it.
//
// The match's goroutine owns it. Its memory grows to what the client has waiting
// at most, and no further than MaxBuffered.
type InputBuffer struct {
	ring  []waiting // a power of 2 of places
	cells []int64   // a row of the input for each place
	head  int       // place of the oldest
	n     int

	added    uint32 // newest sequence number taken in
	taken    uint32 // newest applied
	log      InputLog
	slack    time.Duration // least since TakeSlack
	measured bool
	blindTo  game.Tick // see Resumed
	newest   game.Tick // that an entry was for
	resent   uint32    // newest number that may come again since Resumed
	layout   *InputLayout

	count BufferStats
}

// waiting is one entry, with its cells in the buffer's, or one command.
type waiting struct {
	seq     uint32
	tick    game.Tick
	view    game.Tick
	command *Command // nil: an entry
}

// firstPlaces is how many places a buffer has at first.
const firstPlaces = 4

// BufferStats counts what happened to a seat's entries and commands.
type BufferStats struct {
	Applied    uint64
	Duplicates uint64
	Resent     uint64 // those of Duplicates that a resume explains
	Gaps       uint64
	Overflows  uint64
	Clamped    uint64 // entries further than MaxAhead
	Late       uint64 // entries applied after the tick they were for
	Crowded    uint64 // entries for a tick that had one already, or for one before it
}

// NewInputBuffer returns the buffer of a new seat, or, with what a lost match's
// checkpoint says, of one that goes on behind taken.
func NewInputBuffer(l *InputLayout, taken uint32, log InputLog) *InputBuffer {
	return &InputBuffer{layout: l, added: taken, taken: taken, log: log}
}

// Add takes in an entry of a message just received, copying its cells. now is
// the match's last completed tick; dueIn is the time until e.Tick is stepped,
// negative if that is past.
func (b *InputBuffer) Add(e Entry, now game.Tick, dueIn time.Duration) Added {
	if refused := b.admit(e.Seq); refused != Taken {
		return refused
	}
	tick := min(e.Tick, now+MaxAhead)
	switch {
	case tick != e.Tick:
		b.count.Clamped++
	case tick <= b.newest:
		b.count.Crowded++
	}
	b.newest = max(b.newest, tick)
	i := b.push(waiting{seq: e.Seq, tick: tick, view: e.View})
	copy(b.rowAt(i), e.Cells)
	if e.Tick > b.blindTo {
		dueIn = min(max(dueIn, -MaxSlack), MaxSlack)
		if !b.measured || dueIn < b.slack {
			b.slack, b.measured = dueIn, true
		}
	}
	return Taken
}

// AddCommand takes in a command. Its row must not change any more.
func (b *InputBuffer) AddCommand(c Command) Added {
	if refused := b.admit(c.Seq); refused != Taken {
		return refused
	}
	b.push(waiting{seq: c.Seq, command: &c})
	return Taken
}

func (b *InputBuffer) admit(seq uint32) Added {
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
	case b.n == MaxBuffered:
		b.count.Overflows++
		return Overflow
	}
	b.added, b.resent = seq, 0
	return Taken
}

func (b *InputBuffer) push(w waiting) (place int) {
	if b.n == len(b.ring) {
		b.grow()
	}
	place = b.place(b.n)
	b.ring[place] = w
	b.n++
	return place
}

// place is where the i-th of those that wait stands.
func (b *InputBuffer) place(i int) int { return (b.head + i) & (len(b.ring) - 1) }

// grow doubles the places. Cells that Due gave out stay where they are.
func (b *InputBuffer) grow() {
	old := *b
	size := max(firstPlaces, 2*len(b.ring))
	b.ring, b.head = make([]waiting, size), 0
	b.cells = make([]int64, size*b.layout.Packing.Leaves())
	for i := range b.n {
		from := old.place(i)
		b.ring[i] = old.ring[from]
		copy(b.rowAt(i), old.rowAt(from))
	}
}

func (b *InputBuffer) rowAt(place int) []int64 {
	n := b.layout.Packing.Leaves()
	return b.cells[place*n : (place+1)*n : (place+1)*n]
}

// Due appends to in what is due for tick, in the name of p. It must be called
// once for every tick, in order. The cells it appends stay valid until the next
// Add.
func (b *InputBuffer) Due(tick game.Tick, p game.PlayerID, in *sim.TickInput) {
	for entries := 0; b.n > 0; {
		w := &b.ring[b.head]
		if c := w.command; c != nil {
			b.log.Command(b.layout, c.Kind, c.Row)
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
			b.log.Input(b.layout.Packing, cells)
			in.Inputs = append(in.Inputs, sim.PlayerInput{Player: p, Seq: w.seq, View: w.view, Cells: cells})
		}
		b.taken = w.seq
		b.count.Applied++
		*w = waiting{}
		b.head = b.place(1)
		b.n--
	}
}

// Taken is the last sequence number applied: what a snapshot acknowledges.
func (b *InputBuffer) Taken() uint32 { return b.taken }

// LastAdded is the last sequence number received in order.
func (b *InputBuffer) LastAdded() uint32 { return b.added }

// Len is the number of entries and commands that wait.
func (b *InputBuffer) Len() int { return b.n }

// Log sums up everything applied so far, for a snapshot's check.
func (b *InputBuffer) Log() InputLog { return b.log }

// Stats returns the counts so far.
func (b *InputBuffer) Stats() BufferStats { return b.count }

// Resumed tells the buffer of a new connection, welcomed at tick now. Entries
// for ticks up to then were made before it and say nothing about its clock, so
// they don't count as slack. Numbers up to the newest may come again, until a new
// one does.
func (b *InputBuffer) Resumed(now game.Tick) {
	b.blindTo, b.resent = now, b.added
	b.measured = false
}

// TakeSlack returns how long before their tick the entries since the last call
// arrived: the least, in milliseconds rounded down, −500…500, negative if too
// late. It is false if none arrived.
func (b *InputBuffer) TakeSlack() (ms int, ok bool) {
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
