package core

import (
	"errors"
	"slices"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
)

// MaxPending bounds the entries and commands that the server has not yet said
// it applied.
const MaxPending = netcode.MaxBuffered

// ErrFull is returned by Command while MaxPending entries and commands wait.
var ErrFull = errors.New("client: too many commands wait for the server; try again in a moment")

// Inputs is what one seat has asked for and the server has not yet applied. It
// outlives connections. Nothing that has a number is ever dropped: the player's
// control state gets one only when there is room for it, and until then only
// its newest value is kept.
type Inputs struct {
	layout *netcode.InputLayout
	width  int

	now  []int64 // what the player does now
	aims bool    // and whether that needs the view tick

	ring  [MaxPending]pending
	cells []int64 // by index in the ring
	head  int
	n     int

	last    []int64 // cells of the newest entry
	lastAge int     // and the age of its view
	tick    game.Tick
	start   uint32    // newest number given before this client had the seat
	made    uint32    // newest number given
	sent    uint32    // newest number written on this connection
	applied uint32    // newest number the server applied
	base    game.Tick // the tick after which that was so
	held    []int64
	log     netcode.InputDigest // over what was applied

	batch []netcode.Entry
}

// pending is one entry, or one command if kind is not below 0.
type pending struct {
	tick game.Tick // an entry's; of a command the one it was made in
	view game.Tick
	kind int
	row  sim.Row
}

const entryKind = -1

// NewInputs begins the inputs of a new seat of a game.
func NewInputs(s *sim.Schema) *Inputs {
	l := netcode.NewInputLayout(s)
	w := l.Packing.Leaves()
	return &Inputs{
		layout: l, width: w,
		now: make([]int64, w), last: make([]int64, w), held: make([]int64, w),
		cells: make([]int64, MaxPending*w),
		batch: make([]netcode.Entry, 0, MaxPending),
	}
}

// Set makes cells, brought into their bounds, what the player does from the next
// tick on. aims says that
// the server has to be told the view tick.
func (in *Inputs) Set(cells []int64, aims bool) {
	copy(in.now, cells)
	in.layout.Packing.Bound(in.now)
	in.aims = aims
}

// AddEntry gives the player's control state a number, for tick, if it has
// changed since the last entry, or if what they look at (view) has moved by two
// ticks against it while that matters. It reports whether it did; it does not
// while MaxPending wait, never twice for one tick, and not while entries that
// came late still occupy the ticks up to this one: the server applies one a
// tick, and would never catch up with a player who changes their input in each.
func (in *Inputs) AddEntry(tick, view game.Tick) bool {
	age := tick.Sub(view)
	aging := in.aims && view != 0 && (age-in.lastAge >= 2 || in.lastAge-age >= 2)
	if !aging && slices.Equal(in.now, in.last) || in.n == MaxPending || !in.tick.Before(tick) || tick.Before(in.free()) {
		return false
	}
	if !in.aims || view == 0 {
		view, age = 0, 0
	}
	i := in.push(pending{tick: tick, view: view, kind: entryKind})
	copy(in.rowAt(i), in.now)
	copy(in.last, in.now)
	in.lastAge, in.tick = age, tick
	return true
}

// Wanted reports whether what the player does is not what the newest entry says.
func (in *Inputs) Wanted() bool { return !slices.Equal(in.now, in.last) }

// Oldest is the tick that the first entry not yet applied is for.
func (in *Inputs) Oldest() (t game.Tick, waits bool) {
	for k := range in.n {
		if p := &in.ring[(in.head+k)%MaxPending]; p.kind == entryKind {
			return p.tick, true
		}
	}
	return 0, false
}

// free is the first tick in which the server can apply another entry.
func (in *Inputs) free() game.Tick {
	t := in.base
	for k := range in.n {
		if p := &in.ring[(in.head+k)%MaxPending]; p.kind == entryKind {
			t = max(t+1, p.tick)
		}
	}
	return t + 1
}

// Command gives a command, fitted to what the wire can carry, its number. tick is the one being predicted.
func (in *Inputs) Command(tick game.Tick, kind int, row sim.Row) error {
	if in.n == MaxPending {
		return ErrFull
	}
	in.push(pending{tick: tick, kind: kind, row: in.layout.Fit(kind, row)})
	return nil
}

func (in *Inputs) push(p pending) (index int) {
	index = (in.head + in.n) % MaxPending
	in.ring[index] = p
	in.n++
	in.made++
	return index
}

func (in *Inputs) rowAt(index int) []int64 {
	return in.cells[index*in.width : (index+1)*in.width : (index+1)*in.width]
}

// Applied records that, by the server's account, after tick t everything up to
// seq was applied.
func (in *Inputs) Applied(seq uint32, t game.Tick) {
	in.base = t
	for in.n > 0 && in.applied < seq {
		p := &in.ring[in.head]
		if p.kind == entryKind {
			copy(in.held, in.rowAt(in.head))
			in.log.Input(in.layout.Packing, in.held)
		} else {
			in.log.Command(in.layout, p.kind, p.row)
		}
		*p = pending{}
		in.head = (in.head + 1) % MaxPending
		in.n--
		in.applied++
	}
	in.sent = max(in.sent, in.applied) // whatever a server claims, Next goes on behind it
}

// Begin numbers behind seq, the newest that the server has from whoever had
// the seat before.
func (in *Inputs) Begin(seq uint32) { in.start, in.made, in.sent, in.applied = seq, seq, seq, seq }

// Done is how many entries and commands the server applied.
func (in *Inputs) Done() uint32 { return in.applied - in.start }

// Resume begins another connection, on which the server already has
// everything up to seq.
func (in *Inputs) Resume(seq uint32) { in.sent = min(max(seq, in.applied), in.made) }

// Pending is the number of entries and commands not yet applied.
func (in *Inputs) Pending() int { return in.n }

// Made is the newest number given.
func (in *Inputs) Made() uint32 { return in.made }

// Next appends the next message with what was not yet written on this
// connection, or nothing. ack may be nil; it rides on a message of entries,
// and acked reports whether it did.
func (in *Inputs) Next(w *netcode.InputWriter, b []byte, ack *netcode.Ack) (_ []byte, acked bool) {
	in.batch = in.batch[:0]
	for seq := in.sent + 1; seq <= in.made; seq++ {
		i := (in.head + int(seq-in.applied-1)) % MaxPending
		p := &in.ring[i]
		if p.kind != entryKind {
			if len(in.batch) == 0 {
				in.sent = seq
				return w.AppendCommand(b, netcode.Command{Seq: seq, Kind: p.kind, Row: p.row}), false
			}
			break
		}
		in.batch = append(in.batch, netcode.Entry{Seq: seq, Tick: p.tick, View: p.view, Cells: in.rowAt(i)})
	}
	b, n := w.Append(b, ack, in.batch)
	in.sent += uint32(n)
	return b, n > 0 && ack != nil
}

// Waiting reports whether Next has something to write.
func (in *Inputs) Waiting() bool { return in.sent < in.made }

// cursor walks over what is pending as the server's input buffer will: at each
// tick at most one entry, and only when its tick has come; commands at once but
// in their order, which the client assumes to be at the tick they were made in.
type cursor struct {
	in *Inputs
	at int
}

// due appends what the server will apply in tick.
func (c *cursor) due(tick game.Tick, p game.PlayerID, to *sim.TickInput) {
	for entries := 0; c.at < c.in.n; c.at++ {
		i := (c.in.head + c.at) % MaxPending
		w := &c.in.ring[i]
		if tick.Before(w.tick) || w.kind == entryKind && entries > 0 {
			return
		}
		if w.kind != entryKind {
			to.Commands = append(to.Commands, sim.PlayerCommand{Player: p, Kind: w.kind, Row: w.row})
			continue
		}
		entries++
		seq := c.in.applied + 1 + uint32(c.at)
		to.Inputs = append(to.Inputs, sim.PlayerInput{Player: p, Seq: seq, View: w.view, Cells: c.in.rowAt(i)})
	}
}

// Compare checks the server's digest of the inputs it applied, up to the number
// it last acknowledged, against this client's own, and returns how many the
// server lacks and how many it has too many. Of as many, but others, one is lost and one repeated. Each fault is
// reported once.
func (in *Inputs) Compare(server netcode.InputDigest) (lost, repeated uint32) {
	switch mine := in.log; {
	case mine.Count > server.Count:
		lost = mine.Count - server.Count
	case mine.Count < server.Count:
		repeated = server.Count - mine.Count
	case mine.Hash != server.Hash:
		lost, repeated = 1, 1
	}
	in.log = server
	return lost, repeated
}
