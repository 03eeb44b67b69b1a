package netcode

import (
	"errors"
	"math"

	"arbiter/game"
	"arbiter/game/sim"
)

// Limits of what a seat sends.
const (
	MaxEntries  = 64 // entries of one inputs message
	MaxBuffered = 64 // entries and commands of one seat that a server keeps until they are due; more and it closes
)

// ErrContinues: a message continues a sequence that never began on this
// connection, or would continue it beyond the last number there is.
var ErrContinues = errors.New("sequence continues nothing; begin it with an absolute number")

// Entry is one change of a seat's input, with its sequence number.
type Entry struct {
	Seq   uint32    // the seat's sequence number, from 1, ascending by 1 over entries and commands
	Tick  game.Tick // the tick it is for
	View  game.Tick // the tick the player was looking at; 0 = no claim
	Cells []int64   // one per leaf of the input
}

// InputLayout is what both ends know of a game's inputs and commands. It is
// immutable and safe for concurrent use.
type InputLayout struct {
	Packing *Packing
	schema  *sim.Schema
}

// NewInputLayout computes the layout for a game.
func NewInputLayout(s *sim.Schema) *InputLayout {
	return &InputLayout{Packing: NewPacking(&s.Input), schema: s}
}

// entryItems is the number of message items one entry takes.
func (l *InputLayout) entryItems() int {
	n := 1 + l.Packing.Len()
	if l.schema.Rewinds {
		n++
	}
	return n
}

// Inputs is a parsed inputs message. It is made to be used again and again:
// the entries and their cells belong to it and are overwritten by the next
// parse.
type Inputs struct {
	Ack     game.Tick // newest snapshot the client has applied, if Acked
	Acked   bool
	Entries []Entry // 1…MaxEntries, in sequence
	arena   []int64
}

// InputReader reads one connection's inputs and commands, which may continue
// where the message before them ended. One goroutine at a time may use it.
type InputReader struct {
	layout *InputLayout
	at     position
}

// position is how far a connection's sequence has come.
type position struct {
	seq   uint32 // last sequence number; 0 = none yet
	tick  game.Tick
	begun bool // tick is the last entry's
}

// NewInputReader returns the reader of a new connection.
func NewInputReader(l *InputLayout) InputReader { return InputReader{layout: l} }

// Parse parses an inputs message into dst:
//
//	[2, seq, ack, (tick, viewAge?, packed…)…]
//	 95 02 c0 cd 04 d2 03 0d            continues: seq +1, tick +3, packed 13
//	 96 02 07 c0 cd 04 d5 02 0d         seq 7, no ack, tick 1237, viewAge 2, packed 13
//
// seq is the first entry's; the others follow by one. With seq nil it is one
// more than the last on this connection, and the first tick is the distance from
// the last entry's on this connection; else that tick is absolute. Later ticks
// are distances (0 or more) from the entry before. viewAge is there if the
// schema says Rewinds: the entry's tick − the tick looked at, 0 for no claim.
// packed is as [Packing] says. ack may be nil.
//
// After an error dst has no entries and the reader stands where it stood. Parse
// does not allocate once dst has grown to its work.
func (r *InputReader) Parse(b []byte, dst *Inputs) error {
	l := r.layout
	per, leaves := l.entryItems(), l.Packing.Leaves()
	var m items
	m.open(b, KindInputs, 3+MaxEntries*per)
	at := r.at
	seq, absolute := readSeq(&m, at)
	at.seq = seq - 1
	dst.Ack, dst.Acked = 0, m.next()
	if dst.Acked {
		dst.Ack = game.Tick(m.UintTo(math.MaxUint32))
	}
	if !absolute && !at.begun {
		m.Fail(ErrContinues)
	}
	if absolute {
		at.tick = 0
	}
	n := m.left / per
	if m.left == 0 || m.left%per != 0 {
		m.Fail(ErrTruncated)
	}
	dst.Entries = dst.Entries[:0]
	if m.err == nil && cap(dst.arena) < n*leaves {
		dst.arena = make([]int64, n*leaves)
	}
	for i := 0; i < n && m.err == nil; i++ {
		e := Entry{Tick: at.tick + game.Tick(m.UintTo(uint64(math.MaxUint32-at.tick)))}
		if l.schema.Rewinds {
			if age := game.Tick(m.UintTo(uint64(e.Tick))); age > 0 {
				e.View = e.Tick - age
			}
		}
		e.Cells = dst.arena[i*leaves : (i+1)*leaves : (i+1)*leaves]
		_ = l.Packing.Read(&m.Reader, e.Cells) // m keeps the error
		if at.seq == math.MaxUint32 {
			m.Fail(ErrContinues)
		}
		e.Seq = at.seq + 1
		at = position{e.Seq, e.Tick, true}
		dst.Entries = append(dst.Entries, e)
	}
	m.left = 0
	if err := m.close(); err != nil {
		dst.Entries = dst.Entries[:0]
		return err
	}
	r.at = at
	return nil
}

// readSeq reads the first sequence number of a message.
func readSeq(m *items, at position) (seq uint32, absolute bool) {
	if m.next() {
		start := m.pos
		if seq = uint32(m.UintTo(math.MaxUint32)); seq == 0 {
			m.failAt(start, ErrRange)
		}
		return seq, true
	}
	if at.seq == 0 || at.seq == math.MaxUint32 {
		m.Fail(ErrContinues)
	}
	return at.seq + 1, false
}

// InputWriter writes one connection's inputs and commands in the shortest form
// the connection's past allows. It is the client's end of [InputReader]; one
// goroutine at a time may use it, and every message it writes must be sent, in
// order. On a link that loses or swaps messages use a new writer for each:
// its messages then stand on their own.
type InputWriter struct {
	layout *InputLayout
	at     position
}

// NewInputWriter returns the writer of a new connection.
func NewInputWriter(l *InputLayout) InputWriter { return InputWriter{layout: l} }

// Append appends an inputs message with ack, or none if it is nil, and as many
// of entries as one message can carry: at most [MaxEntries], with consecutive
// sequence numbers and ticks that never go back. It returns how many those are;
// the caller goes on with the others. Without entries nothing is appended.
func (w *InputWriter) Append(b []byte, ack *Ack, entries []Entry) ([]byte, int) {
	n := joinable(entries)
	if n == 0 {
		return b, 0
	}
	first := &entries[0]
	b = append(AppendArray(b, 3+n*w.layout.entryItems()), byte(KindInputs))
	continues := w.at.begun && first.Seq == w.at.seq+1 && first.Tick >= w.at.tick
	if continues {
		b = AppendNil(b)
	} else {
		b = AppendUint(b, uint64(first.Seq))
		w.at.tick = 0
	}
	if ack == nil {
		b = AppendNil(b)
	} else {
		b = AppendUint(b, uint64(ack.Tick))
	}
	for i := range entries[:n] {
		e := &entries[i]
		b = AppendUint(b, uint64(e.Tick-w.at.tick))
		if w.layout.schema.Rewinds {
			b = AppendUint(b, viewAge(e))
		}
		b = w.layout.Packing.Append(b, e.Cells)
		w.at = position{e.Seq, e.Tick, true}
	}
	return b, n
}

// viewAge is 0 for a view that is no claim: none, or not in the past.
func viewAge(e *Entry) uint64 {
	if e.View == 0 || e.View >= e.Tick {
		return 0
	}
	return uint64(e.Tick - e.View)
}

// joinable is the number of entries from the first on that fit one message.
func joinable(entries []Entry) int {
	for i := 1; i < len(entries); i++ {
		if i == MaxEntries || entries[i].Seq != entries[i-1].Seq+1 || entries[i].Tick < entries[i-1].Tick {
			return i
		}
	}
	return len(entries)
}
