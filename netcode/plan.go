package netcode

import (
	"time"

	"arbiter/game"
	"arbiter/game/sim"
)

// Decision is what to do about one feed in one tick.
type Decision int

const (
	Send       Decision = iota
	SkipRate            // a slow client's snapshots are sent at a lower rate
	SkipWindow          // the ack window is full: the client has enough to read
	SkipEmpty           // nothing changed
	CloseSlow           // the client is too slow to keep
)

// SeatStatus is what a snapshot says about its receiver's own inputs.
type SeatStatus struct {
	AckSeq     uint32 // last entry applied
	Slack      int    // ms by which the newest entry was early; negative: late
	HasSlack   bool
	Applied    uint32 // entries and commands applied so far, for checks
	InputsHash uint32 // [InputLog] over them
}

// Plan decides what f gets of the newest frame, and prepares it. The ladder
// for a slow client: wait for acks (SkipWindow), lower its rate (SkipRate),
// and when acks stay away or events overflow, CloseSlow.
func (r *Replicator) Plan(f *Feed, s SeatStatus, now time.Duration) Decision {
	if f.behind(now) {
		return CloseSlow
	}
	if r.events.lost(f.served) {
		return CloseSlow
	}
	f.forget(now)
	if f.flow.full(int(f.sent-f.acked), f.inFlight) {
		f.stats.SkippedWindow++
		f.slow.skipped(now)
		return SkipWindow
	}
	if f.slow.rest() {
		f.stats.SkippedRate++
		return SkipRate
	}
	p := &f.plan
	p.status, p.since = s, f.served
	base, prev := r.baselines(f)
	p.base = 0
	if base != nil {
		p.base = f.base
	}
	p.look = 0
	if r.gaze.limits {
		p.look = r.gaze.look(r.now, f.player)
	}
	p.group = r.group(base, prev, p.look)
	r.own(f, base)
	p.events = r.events.any(p.since, f.player)
	p.every = f.ackEvery()
	p.check = r.newest.Sub(f.checked) >= r.checkTicks() || p.every < f.rate.told
	if base != nil && f.chained && r.empty(f, s) && now-f.lastSent < r.config.Heartbeat {
		f.stats.SkippedEmpty++
		return SkipEmpty
	}
	if p.check && p.group != nil && !p.group.summed {
		p.group.sum, p.group.summed = publicSum(r.schema.Schema, lens{r.now, p.look}), true
	}
	f.slow.sent(now)
	return Send
}

func (r *Replicator) checkTicks() int {
	return max(1, int(r.config.CheckEvery*time.Duration(r.schema.TickRate)/time.Second))
}

// empty reports whether the client would learn nothing. A due check alone is
// no reason to send: it rides on the next snapshot.
func (r *Replicator) empty(f *Feed, s SeatStatus) bool {
	p := &f.plan
	return !p.group.body.moved && p.group.body.empty() && p.own.items == 0 && !p.events && s.AckSeq == f.ackSeq
}

// baselines returns the record f's client will be sent a difference to, and
// the one before it if movement may be carried on. The ladder: the last
// snapshot of this connection; what the client resumed from or acknowledged;
// nothing, which makes a keyframe.
func (r *Replicator) baselines(f *Feed) (base, prev *record) {
	if f.base == 0 {
		return nil, nil
	}
	if !f.remembers(f.base) || f.record(f.base).state() == nil {
		f.reason = KeyframeOld
		return nil, nil
	}
	base = f.record(f.base)
	if !f.chained || !f.remembers(base.base) {
		return base, nil
	}
	prev = f.record(base.base)
	if prev.state() == nil || !leads(prev.tick, base.tick, r.newest) {
		return base, nil
	}
	return base, prev
}

// own encodes what only f's player may know of his rows: for each of them with
// a changed owner field (id step, mask…, values), as residuals to what he had.
func (r *Replicator) own(f *Feed, base *record) {
	f.plan.own = span{}
	if f.player == 0 {
		return
	}
	now := r.now
	var old *Frame
	if base != nil {
		old = base.frame
	}
	own := &r.owned
	own.open()
	for i := range r.schema.Tables {
		t := &r.schema.Tables[i]
		if t.Public == len(t.Fields) {
			continue
		}
		var before []ownedRow
		if old != nil {
			before = old.owned(i, f.player)
		}
		own.begin(i)
		last := game.ID(0)
		for _, o := range now.owned(i, f.player) {
			id := now.Tables[i].IDs[o.index]
			for len(before) > 0 && old.Tables[i].IDs[before[0].index] < id {
				before = before[1:]
			}
			var was sim.Row
			if len(before) > 0 && old.Tables[i].IDs[before[0].index] == id {
				was = sim.Row{Cells: old.Tables[i].Row(int(before[0].index)), Texts: old.Tables[i].Texts}
			}
			is := sim.Row{Cells: now.Tables[i].Row(int(o.index)), Texts: now.Tables[i].Texts}
			if own.ownRow(t, int64(id-last-1), is, was) {
				last = id
			}
		}
		own.end()
	}
	f.plan.own = own.span()
}

// ownRow appends one row's changed owner fields and reports whether any were.
// Without an earlier row every field counts as zero.
func (r *run) ownRow(t *sim.RowSchema, step int64, is, was sim.Row) bool {
	var mask uint64
	fields := t.Fields[t.Public:]
	for k := range fields {
		if ownChanged(&fields[k], t.Public+k, is, was) {
			mask |= 1 << k
		}
	}
	if mask == 0 {
		return false
	}
	r.b = AppendInt(r.b, step)
	r.items++
	for n, m := len(fields), mask; n > 0; n -= 32 {
		r.b = AppendInt(r.b, int64(uint32(m)))
		m >>= 32
		r.items++
	}
	for k := range fields {
		if mask&(1<<k) == 0 {
			continue
		}
		r.items++
		f, c := &fields[k], is.Cells[t.Public+k]
		if f.Codec == sim.Absolute {
			r.b = appendCell(r.b, f, c, is.Texts)
			continue
		}
		var pred int64
		if was.Cells != nil {
			pred = was.Cells[t.Public+k]
		}
		r.b = AppendBiased(r.b, residual(c, pred, f.Wrap))
	}
	r.rows++
	return true
}

func ownChanged(f *sim.Field, k int, is, was sim.Row) bool {
	if f.Kind == sim.Text {
		before := ""
		if was.Cells != nil {
			before = was.Texts[was.Cells[k]]
		}
		return is.Texts[is.Cells[k]] != before
	}
	var before int64
	if was.Cells != nil {
		before = was.Cells[k]
	}
	return is.Cells[k] != before
}
