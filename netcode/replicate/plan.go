package replicate

import (
	"time"

	"arbiter/netcode"
	"arbiter/netcode/internal/delta"
	"arbiter/netcode/internal/statehash"
)

// Decision is what to do about one feed in one tick. Skipping is backpressure:
// what a client can't read yet is not encoded.
type Decision int

const (
	Send       Decision = iota
	SkipRate            // a slow client's snapshots are sent at a lower rate
	SkipWindow          // the congestion window is full: the client has enough to read
	SkipEmpty           // nothing changed
	CloseSlow           // the client is too slow to keep
)

// SeatStatus is what a snapshot says about its receiver's own inputs.
type SeatStatus struct {
	AckSeq     uint32 // last entry applied
	Slack      int    // ms by which the newest entry was early; negative: late
	HasSlack   bool
	Applied    uint32 // entries and commands applied so far, for checks
	InputsHash uint32 // [netcode.InputDigest] over them
}

// plan is what the loop decided for this tick: the message that Append writes,
// and what Sent has to note.
type plan struct {
	group    *group
	baseline uint32     // record; 0: a keyframe
	visible  visibleSet // of the newest frame
	ackSeq   uint32
	ackEvery uint8 // a check says: acknowledge so often
	message  netcode.Snapshot
	private  netcode.Private // of message
}

// Plan decides what f gets of the newest frame, and prepares it. The ladder
// for a slow client: wait for acks (SkipWindow), lower its rate (SkipRate),
// and when acks stay away or events overflow, CloseSlow.
func (r *Replicator) Plan(f *Feed, s SeatStatus, now time.Duration) Decision {
	if f.acksOverdue(now) {
		return CloseSlow
	}
	if r.events.lost(f.eventTick) {
		return CloseSlow
	}
	f.giveUpLost(now)
	if f.window.full(int(f.last-f.match), f.inFlight) {
		f.stats.SkippedWindow++
		f.divisor.skipped(now)
		return SkipWindow
	}
	if f.divisor.skip() {
		f.stats.SkippedRate++
		return SkipRate
	}
	p := &f.plan
	p.ackSeq = s.AckSeq
	base, prev := r.baselines(f)
	p.baseline = 0
	if base != nil {
		p.baseline = f.baseline
	}
	p.visible = 0
	if r.visibility.varies {
		p.visible = r.visibility.visibleTo(r.now, f.player)
	}
	p.group = r.group(base, prev, p.visible)
	if f.player != 0 {
		p.private.Own = r.ownFields(f, base)
	}
	p.private.Events.Items = 0
	if r.events.any(f.eventTick) {
		p.private.Events = r.visibleEvents(f)
	}
	p.ackEvery = f.ackEvery()
	p.private.Checked = r.newest.Sub(f.checkTick) >= r.checkTicks() || p.ackEvery < f.acks.told
	if base != nil && f.relative && r.empty(f) && now-f.sendTime < r.config.Heartbeat {
		f.stats.SkippedEmpty++
		return SkipEmpty
	}
	if p.private.Checked {
		p.private.Check = r.check(f, s)
	}
	r.address(f, s, base)
	f.divisor.sent(now)
	return Send
}

// visibleEvents encodes the events that f's client was not sent yet and may know of.
func (r *Replicator) visibleEvents(f *Feed) netcode.FlatRun {
	area, bounded := r.sim.Eye(f.player)
	return r.events.after(f.eventTick, r.newest, f.player, area, bounded, &r.posted)
}

// address fills in the message's head, which no other receiver shares.
func (r *Replicator) address(f *Feed, s SeatStatus, base *record) {
	m := &f.plan.message
	m.Tick, m.Age, m.AckSeq, m.Slack, m.HasSlack = r.newest, 0, s.AckSeq, s.Slack, s.HasSlack
	m.Private, m.Body = &f.plan.private, &f.plan.group.body
	if base != nil {
		m.Age = r.newest.Sub(base.tick)
		if f.relative {
			m.Tick = 0
			m.AckSeq -= f.ackSeq
		}
	}
}

func (r *Replicator) checkTicks() int {
	return max(1, int(r.config.CheckEvery*time.Duration(r.schema.TickRate)/time.Second))
}

// empty reports whether the client would learn nothing. A due check alone is
// no reason to send: it rides on the next snapshot.
func (r *Replicator) empty(f *Feed) bool {
	p := &f.plan
	body := &p.group.body
	return !p.group.changed && body.Update.Items+body.Leave.Items+body.Enter.Items == 0 &&
		p.private.Own.Items == 0 && p.private.Events.Items == 0 && p.ackSeq == f.ackSeq
}

// check works out what f's client is to compare its state with.
func (r *Replicator) check(f *Feed, s SeatStatus) netcode.Check {
	p := &f.plan
	if !p.group.summed {
		p.group.sum, p.group.summed = visibleFrame{r.now, p.visible}.sum(r.schema.Schema), true
	}
	c := netcode.Check{State: statehash.Join(p.group.sum, r.ownSum(f.player)), Applied: s.Applied, Inputs: s.InputsHash}
	if int(p.ackEvery) != r.config.AckEvery {
		c.AckEvery = int(p.ackEvery)
	}
	return c
}

// baselines returns the record f's client will be sent a difference to, and
// the one before it if movement is extrapolated. The ladder: the last snapshot
// of this connection; what the client resumed from or acknowledged; nothing,
// which makes a keyframe.
func (r *Replicator) baselines(f *Feed) (base, prev *record) {
	if f.baseline == 0 {
		return nil, nil
	}
	if !f.remembers(f.baseline) || f.record(f.baseline).state() == nil {
		f.keyframeReason = KeyframeOld
		return nil, nil
	}
	base = f.record(f.baseline)
	if !f.relative || !f.remembers(base.baseline) {
		return base, nil
	}
	prev = f.record(base.baseline)
	if prev.state() == nil || !delta.Extrapolates(prev.tick, base.tick, r.newest) {
		return base, nil
	}
	return base, prev
}

// Append appends the snapshot that Plan prepared; see [netcode.Snapshot].
func (f *Feed) Append(b []byte) []byte { return f.plan.message.Append(b) }
