package match

import (
	"context"
	"os"
	"sync/atomic"
	"time"
)

// overload is what match loops report of the load, and the level that overload
// control has set for it. The zero value refuses nothing. Safe for concurrent use.
type overload struct {
	// Static.
	bound time.Duration // of lateness, where load shedding begins; 0: nowhere
	warn  bool          // as Config.ShedWarn

	// Safe for concurrent use.
	turns atomic.Uint64
	late  [3]atomic.Uint64 // as in load
	level atomic.Int32
	why   atomic.Pointer[string] // set with the level
}

// countTurn counts one turn of a match loop that began late.
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

// enforced is the level by which something is refused now.
func (o *overload) enforced() overloadLevel {
	if o.warn && o.byLateness() {
		return refuseNothing
	}
	return o.current()
}

func (o *overload) byLateness() bool {
	why := o.why.Load()
	return why != nil && *why == byLateness
}

// refuses reports whether what the level refuses is refused now, and counts it.
func (e *Engine) refuses(level overloadLevel, what string) bool {
	if e.overload.enforced() < level {
		return false
	}
	why := ""
	if p := e.overload.why.Load(); p != nil {
		why = *p
	}
	e.metrics.shed.WithLabelValues(what, why).Inc()
	return true
}

// RefusesConnections reports whether overload control refuses everybody who has no
// slot in a match.
func (e *Engine) RefusesConnections() bool { return e.overload.enforced() >= refuseConnections }

// RefusesConnection reports whether overload control refuses a connection before
// it becomes a session, and counts it if so. Who has a slot in the match they ask
// for is not refused.
func (e *Engine) RefusesConnection(a *Admission) bool {
	return e.RefusesConnections() && !e.lobby.hasSlot(a) && e.refuses(refuseConnections, "connection")
}

// WatchOverload measures the load and sets the level of overload control, until
// ctx ends. Without it nothing is ever refused for overload.
func (e *Engine) WatchOverload(ctx context.Context) {
	c, w := e.config, &e.overload
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
	e.log.Info("load is shed beyond", bounds...)
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
			e.publishOverload(&decide)
		}
	}
}

// publishOverload makes a new level known.
func (e *Engine) publishOverload(d *overloadControl) {
	w := &e.overload
	why := d.why
	w.why.Store(&why)
	was := overloadLevel(w.level.Swap(int32(d.level)))
	sum := d.sum()
	say := e.log.Info
	if d.level > was {
		say = e.log.Warn
	}
	refused := d.level.String()
	if w.warn && why == byLateness {
		refused += ", but for development mode"
	}
	say("shedding", "refused", refused, "why", why, "turns", sum.turns, "late_turns", sum.late[1], "memory_bytes", sum.memory)
}
