package core

import (
	"math"
	"slices"
	"time"

	"arbiter/game"
)

// bend hides a correction from the eye: the field is drawn where it was, and
// goes to where it is by halves. It never touches the state.
type bend struct {
	table int
	id    game.ID
	field int
	off   float64 // in the field's units
	at    time.Duration
}

// bendEnd is after how many halves a bend is forgotten.
const bendEnd = 12

// bend notes what the last re-run changed at the newest tick.
func (p *Prediction) bend(now time.Duration, is []game.Block) {
	if p.half <= 0 {
		return
	}
	p.bends = slices.DeleteFunc(p.bends, func(b bend) bool { return now-b.at > bendEnd*p.half })
	for i := range is {
		s := &p.schema.Tables[i]
		for n, id := range is[i].IDs {
			k, there := p.shown[i].Index(id)
			if !there || s.Owner < 0 {
				continue
			}
			was, row := p.shown[i].Row(k), is[i].Row(n)
			for f := range row {
				if moves(&s.Fields[f]) && was[f] != row[f] {
					p.bendField(now, bend{table: i, id: id, field: f, off: distance(&s.Fields[f], row[f], was[f])})
				}
			}
		}
	}
}

func (p *Prediction) bendField(now time.Duration, b bend) {
	b.at = now
	for i := range p.bends {
		old := &p.bends[i]
		if old.table == b.table && old.id == b.id && old.field == b.field {
			b.off += p.left(now, old)
			*old = b
			return
		}
	}
	p.bends = append(p.bends, b)
}

// Bend is how far a field of an own row is to be drawn from where it is.
func (p *Prediction) Bend(now time.Duration, table int, id game.ID, field int) float64 {
	for i := range p.bends {
		if b := &p.bends[i]; b.table == table && b.id == id && b.field == field {
			return p.left(now, b)
		}
	}
	return 0
}

func (p *Prediction) left(now time.Duration, b *bend) float64 {
	halves := float64(now-b.at) / float64(p.half)
	if halves > bendEnd {
		return 0
	}
	return b.off * math.Exp2(-halves)
}
