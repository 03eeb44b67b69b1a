package netcode

import (
	"math"

	"arbiter/game"
)

// MinFrames is how many snapshots back a baseline may at least be: what a
// resumed client or a datagram transport can still use. A client keeps so many
// frames, or two seconds' if those are more; a server keeps those of them that
// some client may name.
const MinFrames = 64

// MaxMessage bounds the bytes of one message to a client. A snapshot of the
// largest state that package game allows is shorter, whatever changed in it.
const MaxMessage = 32 << 20

// maxRunItems bounds the values of one flat run; a state has no more.
const maxRunItems = 1 << 22

// Snapshot brings its receiver the newest state, as a difference to its
// baseline or, as a keyframe, to nothing:
//
//	[17, tick|nil, age, ackSeq, slack|nil, private|nil, update, leave, enter]
//
//	tick     nil: the tick of the snapshot before it on this connection + age,
//	         ackSeq is the increase since then, and Linear fields are
//	         extrapolated; given: tick and ackSeq are absolute and Linear fields
//	         are Delta
//	age      0: keyframe, the baseline is empty; else the baseline is tick − age
//	ackSeq   sequence number of the receiver's last input applied
//	slack    biased ms by which its newest input came before it was due, −500…500;
//	         nil if none came since the snapshot before
//	private  [own|nil, events|nil, check|nil], trailing nils left out; see [Private]
//	update, leave, enter
//	         flat runs of sections, see [Body]; empty ones at the end are left out
//
// A message that is parsed again and again overwrites what it held before.
type Snapshot struct {
	Tick     game.Tick // 0: relative; that of the snapshot before on this connection + Age
	Age      int       // of the baseline, in ticks; 0 = keyframe
	AckSeq   uint32    // last own input applied; relative: the increase since the snapshot before
	Slack    int       // ms by which the newest input was early, −500…500, if HasSlack; negative: too late
	HasSlack bool
	Private  *Private // nil is an empty one
	Body     *Body    // nil is an empty one
}

// Private is the part of a snapshot that is for its receiver alone:
//
//	own      flat run of sections (table, count, (id step, mask…, owner fields…)…)
//	events   flat run (kind, age in ticks, fields…)…
//	check    [state, applied, inputs, ackEvery]; see [Check]
//
// A row enters with its owner fields zero; own changes them. A row that its
// receiver does not own has them zero.
type Private struct {
	Own     FlatRun
	Events  FlatRun
	Check   Check // if Checked
	Checked bool
}

// Check is what a client compares its own state and inputs with, once a second.
type Check struct {
	State    uint32 // hash of what the receiver has now
	Applied  uint32 // how many of its inputs and commands were applied so far
	Inputs   uint32 // [InputDigest] over those
	AckEvery int    // snapshots it may leave unacknowledged from now on, 1…255; 0 = left out: as the welcome says
}

// Body is what a snapshot says of the rows its receiver sees, as flat runs of
// sections (table, count, count entries), one for each table that has entries:
//
//	update   entries (row key, [mask…], the changed fields' values)
//	leave    entries (row step)
//	enter    entries (id step, every public field)
//
// Receivers with the same baseline that see the same share one body. The
// package documentation, under "Flat runs", defines keys, steps and masks.
type Body struct {
	Update, Leave, Enter FlatRun
}

// FlatRun is a msgpack array of so many items, none of them nested, without its
// header.
type FlatRun struct {
	Items int
	Bytes []byte
}

var noBody Body

// Append appends the message.
func (s *Snapshot) Append(b []byte) []byte {
	body := s.Body
	if body == nil {
		body = &noBody
	}
	items := 9
	switch {
	case body.Enter.Items > 0:
	case body.Leave.Items > 0:
		items = 8
	case body.Update.Items > 0:
		items = 7
	default:
		items = 6
	}
	b = append(b, 0x90|byte(items), byte(KindSnapshot))
	if s.Tick == 0 {
		b = AppendNil(b)
	} else {
		b = AppendUint(b, uint64(s.Tick))
	}
	b = AppendUint(b, uint64(s.Age))
	b = AppendUint(b, uint64(s.AckSeq))
	if s.HasSlack {
		b = AppendBiased(b, int64(s.Slack))
	} else {
		b = AppendNil(b)
	}
	b = s.Private.append(b)
	if items > 6 {
		b = body.Update.append(b)
	}
	if items > 7 {
		b = body.Leave.append(b)
	}
	if items > 8 {
		b = body.Enter.append(b)
	}
	return b
}

func (r *FlatRun) append(b []byte) []byte { return append(AppendArray(b, r.Items), r.Bytes...) }

// append appends the private part, nil if it is empty.
func (p *Private) append(b []byte) []byte {
	if p == nil {
		return AppendNil(b)
	}
	switch {
	case p.Checked:
		b = AppendArray(b, 3)
	case p.Events.Items > 0:
		b = AppendArray(b, 2)
	case p.Own.Items > 0:
		b = AppendArray(b, 1)
	default:
		return AppendNil(b)
	}
	b = p.Own.appendOrNil(b)
	if p.Checked || p.Events.Items > 0 {
		b = p.Events.appendOrNil(b)
	}
	if p.Checked {
		b = p.Check.append(b)
	}
	return b
}

func (r *FlatRun) appendOrNil(b []byte) []byte {
	if r.Items == 0 {
		return AppendNil(b)
	}
	return r.append(b)
}

func (c *Check) append(b []byte) []byte {
	items := 3
	if c.AckEvery != 0 {
		items = 4
	}
	b = AppendArray(b, items)
	b = AppendUint(b, uint64(c.State))
	b = AppendUint(b, uint64(c.Applied))
	b = AppendUint(b, uint64(c.Inputs))
	if c.AckEvery != 0 {
		b = AppendUint(b, uint64(c.AckEvery))
	}
	return b
}

// Parse parses what the server sent into s, whose parts are then parts of b. It
// does not read the flat runs' values: package view does. It allocates only what
// s lacks: a Private and a Body. After an error s is not to be used.
func (s *Snapshot) Parse(b []byte) error {
	if s.Private == nil {
		s.Private = new(Private)
	}
	if s.Body == nil {
		s.Body = new(Body)
	}
	var m items
	m.open(b, KindSnapshot, maxItems)
	s.Tick = 0
	absolute := m.next()
	if absolute {
		start := m.pos
		if s.Tick = game.Tick(m.UintTo(math.MaxUint32)); s.Tick == 0 {
			m.failAt(start, ErrRange)
		}
	}
	s.Age = int(m.need().UintTo(math.MaxInt32)) // an int may have 32 bits
	s.AckSeq = uint32(m.need().UintTo(math.MaxUint32))
	if !absolute && s.Age == 0 {
		m.Fail(ErrContinues)
	}
	s.Slack, s.HasSlack = 0, m.next()
	if s.HasSlack {
		s.Slack = int(m.Biased())
	}
	s.Private.parse(&m)
	s.Body.Update, s.Body.Leave, s.Body.Enter = m.run(), m.run(), m.run()
	return m.close()
}

// value moves to the next item and returns its bytes, and where they begin; nil
// if it has no value.
func (m *items) value() (raw []byte, start int) {
	if !m.next() {
		return nil, m.pos
	}
	start = m.pos
	return m.Skip(maxRunItems), start
}

// run reads the next item, a flat run; without a value it is empty.
func (m *items) run() FlatRun {
	raw, start := m.value()
	if raw == nil {
		return FlatRun{}
	}
	r := NewReader(raw)
	n := r.Array(maxRunItems)
	if r.err != nil {
		m.failAt(start, r.err)
		return FlatRun{}
	}
	return FlatRun{n, raw[r.pos:]}
}

// list reads raw, an array inside the message, item by item; nil has none.
func (m *items) list(raw []byte) items {
	in := items{Reader: NewReader(raw), kind: m.kind}
	if raw != nil {
		in.left = in.Array(maxItems)
	}
	return in
}

// closeList passes over items this version does not know of a list that begins
// at start, and makes its error the message's.
func (m *items) closeList(in *items, start int) {
	for ; in.left > 0 && in.err == nil; in.left-- {
		in.Skip(maxUnknownItems)
	}
	if in.err != nil {
		m.failAt(start+in.pos, in.err)
	}
}

func (p *Private) parse(m *items) {
	raw, start := m.value()
	in := m.list(raw)
	p.Own, p.Events = in.run(), in.run()
	p.Checked = p.Check.parse(&in)
	m.closeList(&in, start)
}

// parse reads the next item and reports whether it has a check.
func (c *Check) parse(m *items) bool {
	raw, start := m.value()
	*c = Check{}
	if raw == nil {
		return false
	}
	in := m.list(raw)
	c.State = uint32(in.need().UintTo(math.MaxUint32))
	c.Applied = uint32(in.need().UintTo(math.MaxUint32))
	c.Inputs = uint32(in.need().UintTo(math.MaxUint32))
	if in.next() {
		c.AckEvery = in.rate(255)
	}
	m.closeList(&in, start)
	return true
}
