package server

import (
	"context"
	"os"
	"sync/atomic"
	"time"
)

// shedding is what the rest of the server knows of its load. The zero value
// sheds nothing. Safe for concurrent use.
type shedding struct {
	bound time.Duration // static; lateness where it begins, 0: off

	turns atomic.Uint64
	late  [3]atomic.Uint64 // as in load
	level atomic.Int32
	why   atomic.Pointer[string] // set with the level
}

// turn counts one turn of a match's loop that began late.
func (s *shedding) turn(late time.Duration) {
	if s.bound == 0 {
		return
	}
	s.turns.Add(1)
	for i, b := range [...]time.Duration{s.bound / 2, s.bound, 2 * s.bound} {
		if late <= b {
			return
		}
		s.late[i].Add(1)
	}
}

// at is the level now.
func (s *shedding) at() shedLevel { return shedLevel(s.level.Load()) }

// sheds reports whether what the level refuses is refused now, and counts it.
func (c *core) sheds(level shedLevel, what string) bool {
	if c.shedding.at() < level {
		return false
	}
	why := ""
	if p := c.shedding.why.Load(); p != nil {
		why = *p
	}
	c.metrics.shed.WithLabelValues(what, why).Inc()
	return true
}

// watchLoad sets the level until ctx ends.
func (s *Server) watchLoad(ctx context.Context) {
	c, w := s.core.config, &s.core.shedding
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
	ticker := time.NewTicker(shedPeriod)
	defer ticker.Stop()
	decide := shedder{bound: memory.bound}
	var before load
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		total := load{turns: w.turns.Load(), memory: memory.read()}
		period := load{turns: total.turns - before.turns, memory: total.memory}
		for i := range total.late {
			total.late[i] = w.late[i].Load()
			period.late[i] = total.late[i] - before.late[i]
		}
		before = total
		if decide.look(time.Since(begin), period) {
			s.shed(&decide)
		}
	}
}

// shed makes a new level known.
func (s *Server) shed(d *shedder) {
	w := &s.core.shedding
	why := d.why
	w.why.Store(&why)
	was := shedLevel(w.level.Swap(int32(d.level)))
	sum := d.sum()
	say := s.core.log.Info
	if d.level > was {
		say = s.core.log.Warn
	}
	say("shedding", "refused", d.level.String(), "why", why, "turns", sum.turns, "late_turns", sum.late[1], "memory_bytes", sum.memory)
}

// seated reports whether somebody has a place in the match he asks for: a seat,
// or one reserved for him.
func (l *lobby) seated(a *admission) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.seatedLocked(a)
}

func (l *lobby) seatedLocked(a *admission) bool {
	m := l.matches[a.match]
	if m == nil || a.spectate {
		return false
	}
	_, known := m.door.known(a.claims.Subject)
	return known
}

// newcomers reports whether places are asked for that are not there yet.
func (m *match) newcomers(list []Reservation) bool {
	for i := range list {
		if _, known := m.door.known(list[i].Subject); !known {
			return true
		}
	}
	return false
}
