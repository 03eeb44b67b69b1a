package load

import (
	"cmp"
	"sync"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/view"
)

// Players makes clients of an Arbiter server.
type Players struct {
	Schema *sim.Schema
	// Sample is that one client of so many applies every snapshot and checks
	// it: 1 is all, 0 is none.
	Sample int
	// Hold is for how many input intervals a client keeps an input: 0 and 1
	// change it in each, and so send a message in each.
	Hold int

	once   sync.Once
	layout *netcode.InputLayout
}

// Seat returns client number n.
func (p *Players) Seat(n int) Seat {
	p.once.Do(func() { p.layout = netcode.NewInputLayout(p.Schema) })
	s := &player{game: p, rng: uint32(n)*2654435761 + 1, number: n}
	s.cells = make([]int64, len(p.Schema.Input.Fields))
	s.drift.interval = time.Second / time.Duration(p.Schema.TickRate)
	return s
}

// player is one client of an Arbiter server.
type player struct {
	game   *Players
	number int
	view   *view.View // nil: reads heads only
	drift  drift
	writer netcode.InputWriter

	tick     game.Tick // of the newest snapshot
	every    game.Tick // ticks between snapshots
	welcomed int       // ackEvery of the welcome
	ackEvery int
	unacked  int
	rng      uint32
	held     int

	entry [1]netcode.Entry
	cells []int64
}

// Open implements [Seat].
func (p *player) Open(b []byte) []byte {
	return netcode.Hello{Version: netcode.Version, SchemaHash: p.game.Schema.Hash}.Append(b)
}

// Message implements [Seat].
func (p *player) Message(now time.Duration, msg []byte, f *Faults) Said {
	switch netcode.KindOf(msg) {
	case netcode.KindSnapshot:
		return p.snapshot(now, msg, f)
	case netcode.KindWelcome:
		w, err := netcode.ParseWelcome(msg)
		if err != nil || len(w.Schema) > 0 {
			f.Corrupted++
			return Nothing
		}
		p.welcomed, p.ackEvery, p.every = w.AckEvery, w.AckEvery, game.Tick(max(1, w.TickRate/w.SnapshotRate))
		p.writer = netcode.NewInputWriter(p.game.layout)
		p.entry[0] = netcode.Entry{Seq: w.SeqTaken, Cells: p.cells}
		if n := p.game.Sample; n > 0 && p.number%n == 0 {
			p.view = view.New(p.game.Schema, w.Player)
		}
		return Seated
	case netcode.KindBye:
		return Farewell
	case netcode.KindPong:
		return Nothing
	}
	f.Corrupted++
	return Nothing
}

func (p *player) snapshot(now time.Duration, msg []byte, f *Faults) Said {
	tick, age, rest, ok := readHead(msg, p.tick)
	switch {
	case !ok:
		f.Corrupted++
		return Nothing
	case tick <= p.tick:
		f.Repeated++
		return Nothing
	case age > 0 && tick-age != p.tick:
		f.Lost++
	case p.tick != 0 && tick-p.tick > p.every:
		f.Skipped += uint64((tick-p.tick)/p.every - 1)
	}
	p.tick = tick
	p.unacked++
	if p.view == nil {
		p.asked(rest)
	}
	switch n := p.drift.arrived(now, uint32(tick)); {
	case n > 0:
		f.Lost += uint64(n)
	case n < 0:
		f.Repeated += uint64(-n)
	}
	if p.view != nil {
		p.apply(msg, f)
	}
	return Snapshot
}

// apply is what a real client does with a snapshot.
func (p *player) apply(msg []byte, f *Faults) {
	u, err := p.view.Apply(msg)
	switch {
	case err != nil:
		f.Corrupted++
	case u.Mismatch:
		f.Mismatched++
	}
	if u.Checked {
		f.Checks++
		p.ackEvery = cmp.Or(u.AckEvery, p.welcomed)
	}
}

// asked learns from the check of a snapshot, if it has one, how often to
// acknowledge. r stands at its slack.
func (p *player) asked(r netcode.Reader) {
	r.Skip(1)
	if r.Nil() || r.Array(64) < 3 {
		return
	}
	r.Skip(1 << 16) // own fields
	r.Skip(1 << 16) // events
	items := r.Array(64)
	if items < 3 {
		return
	}
	p.ackEvery = p.welcomed
	for range 3 {
		r.Skip(1)
	}
	if items > 3 {
		p.ackEvery = int(r.UintTo(255))
	}
}

// readHead reads the tick and the age of a snapshot; rest stands behind them.
// last is the tick of the one before.
func readHead(msg []byte, last game.Tick) (tick, age game.Tick, rest netcode.Reader, ok bool) {
	r := netcode.NewReader(msg)
	if r.Array(64) < 4 {
		return 0, 0, r, false
	}
	r.Uint() // the kind
	if r.Nil() {
		age = game.Tick(r.UintTo(1 << 31))
		tick = last + age
	} else {
		tick = game.Tick(r.UintTo(1<<32 - 1))
		age = game.Tick(r.UintTo(1 << 31))
	}
	r.UintTo(1<<32 - 1) // inputs applied
	return tick, age, r, r.Err() == nil && tick > 0 && age < tick
}

// lead is for how many ticks after the newest snapshot inputs are meant.
const lead = 2

// Input implements [Seat]: another input than the last, with an ack, as a
// player sends it who does something else in every tick.
func (p *player) Input(b []byte) []byte {
	if p.tick == 0 {
		return b
	}
	if p.held++; p.held < p.game.Hold {
		return p.ack(b)
	}
	e := &p.entry[0]
	next := max(e.Tick+1, p.tick+lead)
	if next > p.tick+4*lead {
		return p.ack(b) // the match is behind: inputs would pile up
	}
	p.held = 0
	e.Tick = next
	e.Seq++
	p.choose()
	var ack *netcode.Ack
	if p.unacked > 0 {
		ack, p.unacked = &netcode.Ack{Tick: p.tick}, 0
	}
	b, _ = p.writer.Append(b, ack, p.entry[:])
	return b
}

// ack acknowledges what must be.
func (p *player) ack(b []byte) []byte {
	if p.unacked < p.ackEvery {
		return b
	}
	p.unacked = 0
	return netcode.Ack{Tick: p.tick}.Append(b)
}

// choose changes one field of the input, so that it differs from the last.
func (p *player) choose() {
	p.rng = p.rng*1664525 + 1013904223
	if len(p.cells) == 0 {
		return
	}
	i := int(p.rng>>16) % len(p.cells)
	least, most := bounds(&p.game.Schema.Input.Fields[i])
	span := most - least + 1
	if span <= 1 {
		return
	}
	step := 1 + int64(p.rng>>20)%(span-1)
	p.cells[i] = least + (p.cells[i]-least+step)%span
}

// bounds are between which values an input's field is changed.
func bounds(f *sim.Field) (least, most int64) {
	const without = 100 // steps, either way, for fields that declare no bounds
	switch {
	case f.Kind == sim.Bool:
		return 0, 1
	case f.Wrap > 0:
		return 0, int64(f.Wrap) - 1
	case f.Bounded:
		return f.Min, f.Max
	}
	return -without, without
}
