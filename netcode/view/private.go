package view

import (
	"arbiter/game"
	"arbiter/game/sim"
	"arbiter/netcode"
	"arbiter/netcode/internal/delta"
)

// private decodes the part of a snapshot that is for its receiver alone.
func (d *decoder) private(p *netcode.Private) error {
	d.events = d.events[:0]
	if err := d.sections(&p.Own, d.own); err != nil {
		return err
	}
	if err := d.readEvents(&p.Events); err != nil {
		return err
	}
	if p.Checked {
		d.check(&p.Check)
	}
	return nil
}

// own reads changed owner fields of the receiver's rows.
func (d *decoder) own(s section) {
	t, b := &d.schema.Tables[s.table], &d.into.Tables[s.table]
	id := uint64(0)
	for range s.rows {
		id += s.UintTo(1<<32-2) + 1
		fields := t.Fields[t.Public:]
		if len(fields) == 0 || id > 1<<32-1 {
			s.Fail(netcode.ErrRange)
		}
		mask := s.mask(len(fields))
		at, there := b.Index(game.ID(id))
		if !there || len(fields) < 64 && mask>>len(fields) != 0 {
			s.Fail(netcode.ErrRange)
		}
		if s.Err() != nil {
			return
		}
		cells := b.Row(at)
		if game.PlayerID(cells[t.Owner]) != d.player {
			s.Fail(netcode.ErrRange)
			return
		}
		d.change(s.Reader, b, fields, cells[t.Public:], mask)
	}
}

// readEvents reads (kind, age, fields…) until the run ends. Events this client
// was given before are dropped.
func (d *decoder) readEvents(run *netcode.FlatRun) error {
	r := netcode.NewReader(run.Bytes)
	for r.Len() > 0 && r.Err() == nil {
		if len(d.schema.Events) == 0 {
			r.Fail(netcode.ErrRange)
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
			e.Row.Cells = append(e.Row.Cells, delta.ReadCell(&r, &d.schema.Events[kind].Fields[k], &b))
		}
		e.Row.Texts = b.Texts
		if !d.eventTick.Before(e.Tick) {
			d.events = d.events[:len(d.events)-1]
		}
	}
	if r.Err() != nil {
		d.events = d.events[:0]
		return &netcode.ParseError{Kind: netcode.KindSnapshot, At: r.Offset(), Err: r.Err()}
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
