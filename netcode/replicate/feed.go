package replicate

import (
	"errors"
	"slices"
	"time"

	"arbiter/game"
	"arbiter/netcode"
)

// ErrNeverSent is returned by [Feed.Ack] for a tick that was not sent, or was
// so long ago that it is forgotten. It is for counting.
var ErrNeverSent = errors.New("replicate: acknowledged a snapshot that was not sent or is forgotten")

// Feed is what one seat (or spectator) has been sent of a match, and so which
// baseline its next snapshot is a difference to. It outlives connections;
// [Feed.Connect] begins a new one. It belongs to the match loop, except Append,
// which workers may call for different feeds while the loop waits.
//
// Snapshots sent are records, numbered from 1. Always
//
//	0 ≤ match ≤ last,  first ≤ last+1,  resumeFloor ≤ last+1,  baseline ≤ last
//
// Records match+1…last are in flight, and their bytes are inFlight; records
// first…last are remembered. On an ordered transport baseline is last once a
// snapshot was sent on the connection, on a datagram transport it is match.
type Feed struct {
	r *Replicator

	// Progress, in records.
	records     []record // record n stands at n%len(records)
	first       uint32   // the oldest remembered; last+1: none is
	last        uint32   // the newest; 0: none yet
	match       uint32   // the newest known to have arrived, or given up
	resumeFloor uint32   // the oldest that the client may resume from
	baseline    uint32   // what the next snapshot is a difference to; 0: nothing, a keyframe is due
	newestTick  game.Tick
	inFlight    int

	// Of this connection.
	window         congestionWindow
	relative       bool   // the newest record was sent on it, so relative forms work
	ackSeq         uint32 // last told
	eventTick      game.Tick
	ackTick        game.Tick // newest acknowledged; at first, the newest before the feed began
	player         game.PlayerID
	sendTime       time.Duration // of the newest snapshot
	ackTime        time.Duration // of the newest ack, or when none was due
	checkTick      game.Tick     // of the newest check
	keyframeTime   time.Duration // when one was last granted; 0: never
	divisor        rateDivisor
	acks           ackFrequency
	keyframeReason KeyframeReason

	plan  plan
	stats FeedStats
}

// Connect begins a new connection of the same client (session resumption). last
// is the tick of the newest snapshot it still has, if has is true. Events it did
// not acknowledge are sent again, as far as the log still holds them.
func (f *Feed) Connect(last game.Tick, has bool, now time.Duration) netcode.Resumption {
	f.match, f.inFlight = f.last, 0
	f.baseline, f.relative = 0, false
	f.window, f.acks = f.r.newWindow(), f.r.newFrequency()
	f.divisor = rateDivisor{}
	f.ackTime, f.sendTime = now, now
	f.keyframeReason = KeyframeJoin
	if !has {
		f.forgetAll()
		if f.eventTick = f.ackTick; f.r.events.lost(f.eventTick) {
			f.eventTick = f.r.newest
		}
		return netcode.Fresh
	}
	f.keyframeReason = KeyframeOld
	for n := f.last; f.remembers(n) && f.last-n < maxRecords-3; n-- {
		if rec := f.record(n); rec.tick == last && rec.state() != nil {
			f.baseline, f.resumeFloor = n, n
			f.trim()
			f.eventTick = last
			return netcode.Resumed
		}
	}
	f.forgetAll()
	if !f.r.events.lost(last) && !f.r.newest.Before(last) {
		f.eventTick = last
	} else {
		f.eventTick = f.r.newest
	}
	return netcode.ResumedKeyframe
}

// Restart begins a connection of a client that has nothing to do with the ones
// before it: it is owed no past events.
func (f *Feed) Restart(now time.Duration) {
	f.ackTick = f.r.newest
	f.Connect(0, false, now)
}

// End gives up what is kept for the client, who will not come back. The feed
// must not be used any more.
func (f *Feed) End() {
	f.baseline = 0
	f.forgetAll()
	f.r.feeds = slices.DeleteFunc(f.r.feeds, func(o *Feed) bool { return o == f })
}

// forgetAll gives up every record: the client has none of their states.
func (f *Feed) forgetAll() {
	f.resumeFloor = f.last + 1
	f.forgetBefore(f.resumeFloor)
}

// Ack records that the client says it has applied the snapshot of that tick.
// Tick 0 asks for a keyframe, which is granted once a second.
func (f *Feed) Ack(tick game.Tick, now time.Duration) error {
	if tick == 0 {
		if f.keyframeTime == 0 || now-f.keyframeTime >= time.Second {
			f.keyframeTime = now
			f.baseline, f.relative, f.keyframeReason = 0, false, KeyframeAsked
			f.match, f.inFlight = f.last, 0 // acks of what came before say nothing now
		}
		return nil
	}
	for n := f.last; n > f.match && f.remembers(n); n-- {
		rec := f.record(n)
		if rec.tick != tick {
			continue
		}
		f.window.ack(now-rec.at, int(n-f.match), now)
		f.ackTime, f.ackTick = now, tick
		for m := f.match + 1; m <= n; m++ {
			f.inFlight -= int(f.record(m).bytes)
		}
		f.match, f.resumeFloor = n, n
		f.confirm(n)
		if f.r.config.Datagram {
			f.baseline, f.eventTick = n, tick
		}
		f.trim()
		return nil
	}
	if f.remembers(f.match) && f.record(f.match).tick == tick {
		return nil // said before
	}
	return ErrNeverSent
}

// Sent records that what Append wrote was given to the transport: n bytes.
func (f *Feed) Sent(n int, now time.Duration) {
	f.stats.sent(f, n)
	f.add(record{frame: f.r.now, tick: f.r.newest, at: now, baseline: f.plan.baseline, bytes: int32(n), set: f.plan.visible})
	f.newestTick = f.r.newest
	f.inFlight += n
	if f.plan.private.Checked {
		f.checkTick = f.r.newest
		f.announce(f.plan.ackEvery, f.last)
	}
	if int(f.last-f.match) <= int(f.acks.bound) {
		f.ackTime = now // not yet due
	}
	f.sendTime = now
	f.ackSeq = f.plan.ackSeq
	if !f.r.config.Datagram {
		f.baseline, f.relative = f.last, true
		f.eventTick = f.r.newest
		f.trim()
	}
}

// RTT is the smoothed time from a snapshot's sending to its acknowledgement.
func (f *Feed) RTT() time.Duration { return f.window.rtt }

// NewestSent is the tick of the newest snapshot sent; 0 before the first.
func (f *Feed) NewestSent() game.Tick { return f.newestTick }

// AckedTick is the newest tick the client said it has; before the first, the
// newest there was when the feed began.
func (f *Feed) AckedTick() game.Tick {
	if f.last == 0 {
		return 0
	}
	return f.ackTick
}
