package netcode

import (
	"math"

	"arbiter/game"
	"arbiter/game/sim"
)

// private decodes the part of a snapshot that is for its receiver alone.
func (d *decoder) private(raw []byte) error {
	d.events = d.events[:0]
	if raw == nil {
		return nil
	}
	r := NewReader(raw)
	m := items{Reader: r, kind: KindSnapshot}
	m.left = m.Array(maxItems)
	own, events, check := m.value(), m.value(), m.value()
	if err := m.close(); err != nil {
		return err
	}
	if err := d.sections(own, d.own); err != nil {
		return err
	}
	if events != nil {
		if err := d.readEvents(events); err != nil {
			return err
		}
	}
	if check == nil {
		return nil
	}
	c := items{Reader: NewReader(check), kind: KindSnapshot}
	c.left = c.Array(maxItems)
	state := uint32(c.need().UintTo(math.MaxUint32))
	d.u.Applied = uint32(c.need().UintTo(math.MaxUint32))
	d.u.InputsHash = uint32(c.need().UintTo(math.MaxUint32))
	if c.next() {
		d.u.AckEvery = c.rate(255)
	}
	d.u.Checked = true
	d.u.Mismatch = state != d.into.sum(d.schema, d.player)
	return c.close()
}

// own reads changed owner fields of the receiver's rows.
func (d *decoder) own(s section) {
	t, b := &d.schema.Tables[s.table], &d.into.Tables[s.table]
	id := uint64(0)
	for range s.rows {
		id += s.UintTo(1<<32-2) + 1
		fields := t.Fields[t.Public:]
		if len(fields) == 0 || id > 1<<32-1 {
			s.Fail(ErrRange)
		}
		mask := s.mask(len(fields))
		at, there := b.Index(game.ID(id))
		if !there || len(fields) < 64 && mask>>len(fields) != 0 {
			s.Fail(ErrRange)
		}
		if s.Err() != nil {
			return
		}
		cells := b.Row(at)
		if game.PlayerID(cells[t.Owner]) != d.player {
			s.Fail(ErrRange)
			return
		}
		d.change(s.Reader, b, fields, cells[t.Public:], mask)
	}
}

// readEvents reads (kind, age, fields…) until the run ends. Events this client
// was given before are dropped.
func (d *decoder) readEvents(raw []byte) error {
	r := NewReader(raw)
	r.Array(maxRunItems)
	for r.Len() > 0 && r.Err() == nil {
		if len(d.schema.Events) == 0 {
			r.Fail(ErrRange)
			break
		}
		kind := int(r.UintTo(uint64(len(d.schema.Events) - 1)))
		age := r.UintTo(uint64(d.tick))
		if r.Err() != nil {
			break
		}
		e := d.nextEvent()
		e.Kind, e.Tick = kind, d.tick-game.Tick(age)
		b := sim.Block{Texts: e.Row.Texts[:0]}
		for k := range d.schema.Events[kind].Fields {
			e.Row.Cells = append(e.Row.Cells, readCell(&r, &d.schema.Events[kind].Fields[k], &b))
		}
		e.Row.Texts = b.Texts
		if !d.served.Before(e.Tick) {
			d.events = d.events[:len(d.events)-1]
		}
	}
	if r.Err() != nil {
		d.events = d.events[:0]
		return &ParseError{Kind: KindSnapshot, At: r.Offset(), Err: r.Err()}
	}
	return nil
}

// nextEvent appends an event that keeps its slot's memory.
func (d *decoder) nextEvent() *PostedEvent {
	n := len(d.events)
	if n < cap(d.events) {
		d.events = d.events[:n+1]
	} else {
		d.events = append(d.events, PostedEvent{})
	}
	e := &d.events[n]
	e.Row.Cells, e.Row.Texts = e.Row.Cells[:0], e.Row.Texts[:0]
	return e
}

// sum is the state check of a client's own frame; see check.go.
func (f *Frame) sum(s *sim.Schema, p game.PlayerID) uint32 {
	var own checksum
	for i := range s.Tables {
		t, b := &s.Tables[i], &f.Tables[i]
		if p == 0 || t.Public == len(t.Fields) {
			continue
		}
		for j := range b.IDs {
			if cells := b.Row(j); game.PlayerID(cells[t.Owner]) == p {
				own.ownRow(i, t, b.IDs[j], sim.Row{Cells: cells, Texts: b.Texts})
			}
		}
	}
	return joinSums(publicSum(s, lens{frame: f}), own.sum())
}

func realCell(v float64) int64 { return int64(math.Float64bits(v)) }
