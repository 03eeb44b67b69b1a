package server

import (
	"context"
	"os"
	"sync/atomic"
	"time"
)

// overload is what the rest of the server knows of its load. The zero value
// sheds nothing. Safe for concurrent use.
type overload struct {
	bound time.Duration // static; lateness where it begins, 0: off

	turns atomic.Uint64
	late  [3]atomic.Uint64 // as in load
	level atomic.Int32
	why   atomic.Pointer[string] // set with the level
}

// countTurn counts one turn of a match's loop that began late.
func (o *overload) countTurn(late time.Duration) {
	if o.bound == 0 {
		return
	}
	o.turns.Add(1)
	for i, b := range [...]time.Duration{o.bound / 2, o.bound, 2 * o.bound} {
		if late <= b {
			return
		}
		o.late[i].Add(1)
	}
}

// current is the level now.
func (o *overload) current() overloadLevel { return overloadLevel(o.level.Load()) }

// refuses reports whether what the level refuses is refused now, and counts it.
func (c *core) refuses(level overloadLevel, what string) bool {
	if c.overload.current() < level {
		return false
	}
	why := ""
	if p := c.overload.why.Load(); p != nil {
		why = *p
	}
	c.metrics.shed.WithLabelValues(what, why).Inc()
	return true
}

// watchOverload sets the level until ctx ends.
func (s *Server) watchOverload(ctx context.Context) {
	c, w := s.core.config, &s.core.overload
	memory := newMemoryGauge(c.ShedMemory, os.DirFS("/"))
	if w.bound == 0 && memory.bound == 0 {
		return
	}
	var bounds []any
	if w.bound > 0 {
		bounds = append(bounds, "lateness", w.bound.String())
	}
	if memory.bound > 0 {
		bounds = append(bounds, "memory_bytes", memory.bound, "of", memory.of)
	}
	s.core.log.Info("load is shed beyond", bounds...)
	begin := time.Now()
	ticker := time.NewTicker(overloadPeriod)
	defer ticker.Stop()
	decide := overloadControl{bound: memory.bound}
	var before overloadSample
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		total := overloadSample{turns: w.turns.Load(), memory: memory.read()}
		period := overloadSample{turns: total.turns - before.turns, memory: total.memory}
		for i := range total.late {
			total.late[i] = w.late[i].Load()
			period.late[i] = total.late[i] - before.late[i]
		}
		before = total
		if decide.observe(time.Since(begin), period) {
			s.publishOverload(&decide)
		}
	}
}

// publishOverload makes a new level known.
func (s *Server) publishOverload(d *overloadControl) {
	w := &s.core.overload
	why := d.why
	w.why.Store(&why)
	was := overloadLevel(w.level.Swap(int32(d.level)))
	sum := d.sum()
	say := s.core.log.Info
	if d.level > was {
		say = s.core.log.Warn
	}
	say("shedding", "refused", d.level.String(), "why", why, "turns", sum.turns, "late_turns", sum.late[1], "memory_bytes", sum.memory)
}

// hasSlot reports whether somebody has a slot in the match they ask for: a seat,
// or one reserved for them.
func (l *lobby) hasSlot(a *admission) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.hasSlotLocked(a)
}

func (l *lobby) hasSlotLocked(a *admission) bool {
	m := l.matches[a.match]
	if m == nil || a.spectate {
		return false
	}
	_, known := m.roster.slotOf(a.claims.Subject)
	return known
}

// asksForNewSlots reports whether slots are asked for that are not there yet.
func (m *match) asksForNewSlots(list []Reservation) bool {
	for i := range list {
		if _, known := m.roster.slotOf(list[i].Subject); !known {
			return true
		}
	}
	return false
}
