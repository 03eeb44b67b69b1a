package view

import (
	"errors"

	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/internal/delta"
)

// maxRows bounds the rows of one table that a client believes.
const maxRows = 1 << 16

// ErrBaseline is returned by [View.Apply] for a snapshot whose baseline the
// client does not have. The client has to ask for a keyframe.
var ErrBaseline = errors.New("view: snapshot is a delta from a state this client does not have")

// Frame is the state after one tick as one client was sent it, as integers. It
// does not change until its view decodes another into it, and then its Tick is
// another.
type Frame struct {
	Tick   game.Tick
	Tables []sim.Block

	baseline game.Tick // that it was a difference to; 0 for a keyframe. It dates the rows' last movement
}

// View is a client's copy of what it was sent: the server's state, filtered
// for it. One goroutine at a time may use it. After an error it is as before.
type View struct {
	schema *sim.Schema
	player game.PlayerID

	ring   []*Frame // applied frames, by count
	count  int
	newest *Frame // nil before the first

	relative  bool      // a snapshot came on this connection, so relative forms work
	tick      game.Tick // of the last snapshot on it
	ackSeq    uint32
	eventTick game.Tick // events up to here were given out

	msg    netcode.Snapshot
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
	Slack    int    // ms by which the newest own input was early, if HasSlack; negative: too late
	HasSlack bool
	Events   []PostedEvent // valid until the next Apply

	Checked    bool
	Mismatch   bool   // the check failed: ask for a keyframe
	Applied    uint32 // own inputs and commands applied so far; if Checked
	InputsHash uint32 // [netcode.InputDigest] over those; if Checked
	AckEvery   int    // 1 to 255: the welcome's does not hold any more; 0: it does; if Checked
}

// New begins a view of player p; 0 is a spectator.
func New(s *sim.Schema, p game.PlayerID) *View {
	return &View{schema: s, player: p, ring: make([]*Frame, max(netcode.MinFrames, 2*s.SnapshotRate))}
}

// Connect begins a new connection (session resumption). The newest frame stays, as the baseline to
// resume from, if the server said Resumed; else it is forgotten.
func (v *View) Connect(r netcode.Resumption) {
	v.relative = false
	if r != netcode.Resumed {
		v.newest, v.count = nil, 0
		for _, f := range v.ring {
			if f != nil {
				f.Tick = 0
			}
		}
	}
	if r == netcode.Fresh {
		v.eventTick = 0
	}
}

// Frame is the newest state; nil before the first keyframe. It stays valid for
// as many snapshots as the ring holds, at least netcode.MinFrames − 1.
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
	if err := v.msg.Parse(msg); err != nil {
		return Update{}, err
	}
	d := &v.d
	*d = decoder{View: v, u: d.u, left: d.left}
	d.u = Update{Slack: v.msg.Slack, HasSlack: v.msg.HasSlack}
	if err := d.times(); err != nil {
		return Update{}, &netcode.ParseError{Kind: netcode.KindSnapshot, At: timesAt, Err: err}
	}
	if d.age > 0 && d.base == nil {
		return Update{}, ErrBaseline
	}
	d.target()
	err := d.tables(v.msg.Body)
	if err == nil {
		err = d.private(v.msg.Private)
	}
	if err != nil {
		d.into.Tick = 0 // a slot of the ring, spoiled
		return Update{}, err
	}
	d.commit()
	return d.u, nil
}

// timesAt is where a snapshot's tick and age begin.
const timesAt = 2

// decoder works on one snapshot.
type decoder struct {
	*View
	u          Update
	age        int
	base, prev *Frame
	into       *Frame
	tick       game.Tick
	ackSeq     uint32
	num, den   int64 // ticks to extrapolate for, and the ticks of the movement
	left       []int // rows that leave
	r          netcode.Reader
}

// times finds out which tick the snapshot is of, and its baseline.
func (d *decoder) times() error {
	s := &d.msg
	d.tick, d.age, d.ackSeq = s.Tick, s.Age, s.AckSeq
	implied := s.Tick == 0
	if implied {
		if !d.relative {
			return netcode.ErrContinues
		}
		d.tick, d.ackSeq = d.View.tick+game.Tick(d.age), d.View.ackSeq+s.AckSeq
	}
	if d.tick == 0 || uint64(d.age) >= uint64(d.tick) && d.age > 0 {
		return netcode.ErrRange
	}
	if d.age > 0 {
		d.base = d.At(d.tick - game.Tick(d.age))
	}
	if implied && d.base != nil && delta.Extrapolates(d.base.baseline, d.base.Tick, d.tick) {
		if d.prev = d.At(d.base.baseline); d.prev != nil {
			d.num, d.den = int64(d.age), int64(d.base.Tick.Sub(d.prev.Tick))
		}
	}
	return nil
}

// target takes the ring's oldest slot to decode into.
func (d *decoder) target() {
	slot := &d.ring[d.count%len(d.ring)]
	if *slot == nil {
		*slot = &Frame{Tables: make([]sim.Block, len(d.schema.Tables))}
	}
	d.into = *slot
	d.into.Tick, d.into.baseline = d.tick, 0
	if d.base != nil {
		d.into.baseline = d.base.Tick
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
	v.tick, v.ackSeq, v.relative = d.tick, d.ackSeq, true
	if v.eventTick.Before(d.tick) {
		v.eventTick = d.tick
	}
}
