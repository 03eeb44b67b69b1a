package core

import (
	"time"

	"arbiter/game/sim"
	"arbiter/netcode/view"
)

// Canvas is what a state is loaded into: a [game.Match] that is not stepped.
type Canvas interface{ Rows(i int) sim.Rows }

// renderScratch is memory that rendering uses again and again.
type renderScratch struct{ table sim.Block }

// Load makes c the newest state the server sent. Before the first it leaves c
// alone and returns false.
func (s *Seat) Load(c Canvas) bool {
	f := s.Frame()
	if f == nil {
		return false
	}
	for i := range f.Tables {
		c.Rows(i).Load(&f.Tables[i])
	}
	return true
}

// LoadPredicted makes c the newest state the server sent, with the player's
// own rows as predicted.
func (s *Seat) LoadPredicted(c Canvas) bool {
	own := s.ownRows()
	if own == nil {
		return s.Load(c)
	}
	f := s.Frame()
	for i := range f.Tables {
		s.loadTable(c, i, &f.Tables[i], own)
	}
	return true
}

// ownRows are the newest predicted own rows, nil if there are none.
func (s *Seat) ownRows() []sim.Block {
	if s.prediction == nil || s.Frame() == nil {
		return nil
	}
	return s.prediction.At(s.prediction.Newest())
}

// loadTable loads table i from a block, with the own rows in place of its own.
// It returns what it loaded.
func (s *Seat) loadTable(c Canvas, i int, from *sim.Block, own []sim.Block) *sim.Block {
	if own != nil && s.schema.Tables[i].Owner >= 0 {
		replaceOwn(&s.schema.Tables[i], from, &own[i], &s.scratch.table, s.player)
		from = &s.scratch.table
	}
	c.Rows(i).Load(from)
	return from
}

// span is a moment between two frames, for interpolation.
type span struct {
	from, to *view.Frame
	at       float64 // 0 at from, 1 at to, above 1 beyond it
	base     *view.Frame
}

// span finds the frames around match time d. The rows drawn are those of base:
// of the earlier frame, until the later one's time has come.
func (s *Seat) span(d time.Duration) span {
	at := s.ticks(d)
	var later *view.Frame
	for n := 0; ; n++ {
		f := s.view.Back(n)
		if f == nil {
			return span{later, later, 0, later}
		}
		if float64(f.Tick) > at {
			later = f
			continue
		}
		if later != nil {
			return span{f, later, (at - float64(f.Tick)) / float64(later.Tick.Sub(f.Tick)), f}
		}
		before := s.view.Back(1)
		if before == nil {
			return span{f, f, 0, f}
		}
		beyond := coast(at-float64(f.Tick), s.ticks(MaxExtrapolation))
		return span{before, f, 1 + beyond/float64(f.Tick.Sub(before.Tick)), f}
	}
}

// Draw makes c what a player is to see at now: others as they were a moment
// ago, between two states the server sent and each field as its schema says;
// the player's own rows as predicted, between two ticks, with what is left of
// corrections. Without a prediction the own rows are drawn like others'.
func (s *Seat) Draw(now time.Duration, c Canvas) bool {
	if s.Frame() == nil {
		return false
	}
	sp := s.span(s.RenderTime(now))
	own := s.ownRows()
	for i := range sp.base.Tables {
		b := s.loadTable(c, i, &sp.base.Tables[i], own)
		s.drawTable(c.Rows(i), i, b, sp, own != nil)
	}
	if own != nil {
		s.drawOwn(now, c, own)
	}
	return true
}

// drawTable moves the rows of others in table i, of which b was loaded.
func (s *Seat) drawTable(rows sim.Rows, i int, b *sim.Block, sp span, predicted bool) {
	t := &s.schema.Tables[i]
	from, to, newest := &sp.from.Tables[i], &sp.to.Tables[i], &s.Frame().Tables[i]
	for n := range b.IDs {
		if predicted && owned(t, b, n, s.player) {
			continue
		}
		a, inFrom := from.Index(b.IDs[n])
		z, inTo := to.Index(b.IDs[n])
		latest, inNewest := newest.Index(b.IDs[n])
		for k := range t.Fields {
			f := &t.Fields[k]
			switch {
			case moves(f) && inFrom && inTo && from.Row(a)[k] != to.Row(z)[k]:
				rows.SetFloat(n, k, lerp(f, from.Row(a)[k], to.Row(z)[k], sp.at))
			case f.Interp == sim.Snap && inNewest && f.Kind != sim.Text:
				rows.SetCell(n, k, newest.Row(latest)[k])
			}
		}
	}
}

// drawOwn moves the own rows between their last two ticks.
func (s *Seat) drawOwn(now time.Duration, c Canvas, own []sim.Block) {
	p := s.prediction
	before := p.At(p.Newest() - 1)
	part := min(max(s.ticks(s.lead.Now(now, s.clock.Server(now)))-float64(s.tick), 0), 1)
	if p.Newest() != s.tick || before == nil {
		part = 1 // the prediction stands still
	}
	for i := range own {
		t := &s.schema.Tables[i]
		if t.Owner < 0 || len(own[i].IDs) == 0 {
			continue
		}
		rows, n := c.Rows(i), -1
		for k, id := range own[i].IDs {
			if n = rows.Index(id); n < 0 {
				continue
			}
			is, was := own[i].Row(k), own[i].Row(k)
			if before != nil {
				if b, there := before[i].Index(id); there {
					was = before[i].Row(b)
				}
			}
			for f := range t.Fields {
				if field := &t.Fields[f]; moves(field) {
					v := lerp(field, was[f], is[f], part)
					rows.SetFloat(n, f, within(field, v+p.Smoothing(now, i, id, f)))
				}
			}
		}
	}
}
