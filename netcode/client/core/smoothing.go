package core

import (
	"math"
	"slices"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
)

// smoothing is error smoothing for one field of one row: after a correction the
// field is drawn where it was, and approaches where it is, half of the distance
// in each half-life. It changes only what is drawn, never the state.
type smoothing struct {
	table  int
	id     game.ID
	field  int
	offset float64 // in the field's units
	at     time.Duration
}

// smoothingEnd is after how many half-lives a smoothing is forgotten.
const smoothingEnd = 12

// smooth begins the smoothing of what the last re-run changed at the newest
// tick.
func (p *Prediction) smooth(now time.Duration, is []sim.Block) {
	if p.half <= 0 {
		return
	}
	p.smoothings = slices.DeleteFunc(p.smoothings, func(s smoothing) bool { return now-s.at > smoothingEnd*p.half })
	for i := range is {
		s := &p.schema.Tables[i]
		for n, id := range is[i].IDs {
			k, there := p.shown[i].Index(id)
			if !there || s.Owner < 0 {
				continue
			}
			was, row := p.shown[i].Row(k), is[i].Row(n)
			for f := range row {
				if !moves(&s.Fields[f]) || was[f] == row[f] {
					continue
				}
				if d := distance(&s.Fields[f], row[f], was[f]); finite(d) {
					p.smoothField(now, smoothing{table: i, id: id, field: f, offset: d})
				}
			}
		}
	}
}

func (p *Prediction) smoothField(now time.Duration, b smoothing) {
	b.at = now
	for i := range p.smoothings {
		old := &p.smoothings[i]
		if old.table == b.table && old.id == b.id && old.field == b.field {
			b.offset += p.left(now, old)
			*old = b
			return
		}
	}
	p.smoothings = append(p.smoothings, b)
}

// Smoothing is how far a field of an own row is to be drawn from where it is, in
// the field's units.
func (p *Prediction) Smoothing(now time.Duration, table int, id game.ID, field int) float64 {
	for i := range p.smoothings {
		if b := &p.smoothings[i]; b.table == table && b.id == id && b.field == field {
			return p.left(now, b)
		}
	}
	return 0
}

func (p *Prediction) left(now time.Duration, b *smoothing) float64 {
	halves := float64(now-b.at) / float64(p.half)
	if halves > smoothingEnd {
		return 0
	}
	return b.offset * math.Exp2(-halves)
}
