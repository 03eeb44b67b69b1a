package netcode

import (
	"errors"

	"arbiter/game"
	"arbiter/game/sim"
)

// Limits of what a client believes.
const (
	maxRunItems = 1 << 20 // values in one flat run of a snapshot
	maxRows     = 1 << 16 // rows of one table
)

// ErrBaseline is returned by [View.Apply] for a snapshot whose baseline the
// client does not have. Asking for a keyframe mends it.
var ErrBaseline = errors.New("netcode: snapshot is a delta from a state this client does not have")

// View is a client's copy of what it was sent: the server's state, filtered
// for it. One goroutine at a time may use it. After an error it is as before.
type View struct {
	schema *sim.Schema
	player game.PlayerID

	ring   []*Frame // applied frames, by count
	count  int
	newest *Frame // nil before the first

	tick    game.Tick // of the last snapshot on this connection, for the relative forms
	ackSeq  uint32
	chained bool
	served  game.Tick // events up to here were given out

	events []PostedEvent
	texts  []string
	d      decoder
}

// PostedEvent is one event as a client gets it. Row is valid until the next
// Apply.
type PostedEvent struct {
	Kind int       // in Schema.Events
	Tick game.Tick // when it happened
	Row  sim.Row
}

// Update is what one snapshot brought besides state.
type Update struct {
	Tick     game.Tick
	Keyframe bool
	Old      bool   // not newer than what the view has; only its events counted
	AckSeq   uint32 // last own input applied
	Slack    int    // ms
	HasSlack bool
	Events   []PostedEvent // valid until the next Apply

	Checked    bool
	Mismatch   bool   // the check failed: ask for a keyframe
	Applied    uint32 // own inputs applied, at AckSeq; if Checked
	InputsHash uint32
	AckEvery   int // 1 to 255: the welcome's does not hold any more; 0: it does; if Checked
}

// NewView begins a view of player p; 0 is a spectator.
func NewView(s *sim.Schema, p game.PlayerID) *View {
	return &View{schema: s, player: p, ring: make([]*Frame, max(FrameRing, 2*s.SnapshotRate))}
}

// Connect begins a new connection. The newest frame stays, as the baseline to
// resume from, if the server said Resumed; else it is forgotten.
func (v *View) Connect(r Resumption) {
	v.chained = false
	if r != Resumed {
		v.newest, v.count = nil, 0
		for _, f := range v.ring {
			if f != nil {
				f.Tick = 0
			}
		}
	}
	if r == Fresh {
		v.served = 0
	}
}

// Frame is the newest state; nil before the first keyframe. It stays valid for
// as many snapshots as the ring holds, at least FrameRing − 1.
func (v *View) Frame() *Frame { return v.newest }

// At returns the frame of that tick if the view still has it.
func (v *View) At(t game.Tick) *Frame {
	if t == 0 {
		return nil
	}
	for back := 1; back <= min(v.count, len(v.ring)); back++ {
		if f := v.ring[(v.count-back)%len(v.ring)]; f.Tick == t {
			return f
		}
	}
	return nil
}

// Back returns the frame applied n snapshots before the newest, or nil.
func (v *View) Back(n int) *Frame {
	if n < 0 || n >= min(v.count, len(v.ring)) {
		return nil
	}
	return v.ring[(v.count-1-n)%len(v.ring)]
}

// Apply takes one snapshot message.
func (v *View) Apply(msg []byte) (Update, error) {
	var m items
	m.open(msg, KindSnapshot, maxItems)
	d := &v.d
	*d = decoder{View: v, u: d.u, left: d.left}
	d.u = Update{}
	d.times(&m)
	if m.next() {
		d.u.Slack, d.u.HasSlack = int(m.Biased()), true
	}
	private := m.value()
	update, leave, enter := m.value(), m.value(), m.value()
	if err := m.close(); err != nil {
		return Update{}, err
	}
	if d.age > 0 && d.base == nil {
		return Update{}, ErrBaseline
	}
	d.target()
	err := d.tables(update, leave, enter)
	if err == nil {
		err = d.private(private)
	}
	if err != nil {
		d.into.Tick = 0 // a slot of the ring, spoiled
		return Update{}, err
	}
	d.commit()
	return d.u, nil
}

// value returns the bytes of the next item, nil if it has none.
func (m *items) value() []byte {
	if !m.next() {
		return nil
	}
	return m.Skip(maxRunItems)
}

// decoder works on one snapshot.
type decoder struct {
	*View
	u          Update
	age        int
	base, prev *Frame
	into       *Frame
	tick       game.Tick
	ackSeq     uint32
	relative   bool
	num, den   int64
	left       []int // rows that leave
	r          Reader
}

func (d *decoder) times(m *items) {
	absolute := m.next()
	var t game.Tick
	if absolute {
		t = game.Tick(m.UintTo(1<<32 - 1))
	}
	d.age = int(m.need().UintTo(1<<31 - 1)) // an int may have 32 bits
	seq := uint32(m.need().UintTo(1<<32 - 1))
	d.tick, d.ackSeq = t, seq
	if !absolute {
		if !d.chained || d.age == 0 {
			m.Fail(ErrContinues)
			return
		}
		d.relative = true
		d.tick, d.ackSeq = d.View.tick+game.Tick(d.age), d.View.ackSeq+seq
	}
	if d.tick == 0 || uint64(d.age) >= uint64(d.tick) && d.age > 0 {
		m.Fail(ErrRange)
		return
	}
	if d.age > 0 {
		d.base = d.At(d.tick - game.Tick(d.age))
	}
	if d.relative && d.base != nil && leads(d.base.from, d.base.Tick, d.tick) {
		if d.prev = d.At(d.base.from); d.prev != nil {
			d.num, d.den = int64(d.age), int64(d.base.Tick.Sub(d.prev.Tick))
		}
	}
}

// target takes the ring's oldest slot to decode into.
func (d *decoder) target() {
	slot := &d.ring[d.count%len(d.ring)]
	if *slot == nil {
		*slot = newFrame(d.schema)
	}
	d.into = *slot
	d.into.Tick, d.into.from = d.tick, 0
	if d.base != nil {
		d.into.from = d.base.Tick
	}
}

// commit makes the decoded frame the newest. An old one, which only a
// reordering link delivers, gave its events and is dropped.
func (d *decoder) commit() {
	v := d.View
	d.u.Tick, d.u.AckSeq, d.u.Keyframe, d.u.Events = d.tick, d.ackSeq, d.age == 0, d.events
	if v.newest != nil && !v.newest.Tick.Before(d.tick) {
		d.u.Old = true
		d.into.Tick = 0
		return
	}
	v.count++
	v.newest = d.into
	v.tick, v.ackSeq, v.chained = d.tick, d.ackSeq, true
	if v.served.Before(d.tick) {
		v.served = d.tick
	}
}
