package netcode

import (
	"errors"
	"slices"
	"time"

	"arbiter/game"
)

// ErrNeverSent is returned by [Feed.Ack] for a tick that was not sent, or was
// so long ago that it is forgotten. It is for counting.
var ErrNeverSent = errors.New("netcode: acknowledged a snapshot that was not sent or is forgotten")

// Feed is what one seat (or spectator) has been sent of a match. It outlives
// connections; [Feed.Connect] begins a new one. It belongs to the match loop,
// except Append, which workers may call for different feeds while the loop
// waits.
type Feed struct {
	r *Replicator

	ring     []record  // record n stands at n%len(ring)
	oldest   uint32    // number of the oldest record remembered; sent+1: none is
	sent     uint32    // number of the newest record; 0: none yet
	acked    uint32    // newest record known to have arrived, or given up
	kept     uint32    // oldest record that the client may resume from
	base     uint32    // record of the baseline; 0: none, a keyframe is due
	newest   game.Tick // newest sent, on whatever connection
	inFlight int       // bytes in the records after acked

	flow     flow
	chained  bool      // the newest record was sent on this connection, so relative forms work
	ackSeq   uint32    // last told on this connection
	served   game.Tick // events up to here were sent
	known    game.Tick // newest tick acknowledged; at first, the newest before the feed began
	player   game.PlayerID
	lastSent time.Duration
	lastAck  time.Duration
	checked  game.Tick // last tick with a check
	asked    time.Duration
	slow     slowness
	rate     ackRate
	reason   KeyframeReason

	plan  plan
	stats FeedStats
}

// plan is what the loop decided for this tick, for Append to carry out.
type plan struct {
	group  *group
	base   uint32
	look   sight // of the newest frame
	status SeatStatus
	check  bool
	every  uint8 // a check says: acknowledge so often
	own    span
	since  game.Tick // events after this are due
	events bool
}

// Resumption says how a connection begins.
type Resumption uint8

const (
	Fresh           Resumption = iota // nothing to go on from
	Resumed                           // the client's last snapshot is the baseline
	ResumedKeyframe                   // the seat goes on, but a keyframe follows
)

// Connect begins a new connection of the same client. last is the tick of the
// newest snapshot it still has, if has is true. Events it did not acknowledge
// are sent again, as far as the log goes back.
func (f *Feed) Connect(last game.Tick, has bool, now time.Duration) Resumption {
	f.acked, f.inFlight = f.sent, 0
	f.base, f.chained = 0, false
	f.flow, f.rate = f.r.newFlow(), f.r.newRate()
	f.slow = slowness{}
	f.lastAck, f.lastSent = now, now
	f.reason = KeyframeJoin
	if !has {
		f.forgetAll()
		if f.served = f.known; f.r.events.lost(f.served) {
			f.served = f.r.newest
		}
		return Fresh
	}
	f.reason = KeyframeOld
	for n := f.sent; f.remembers(n) && f.sent-n < recordRing-3; n-- {
		if rec := f.record(n); rec.tick == last && rec.state() != nil {
			f.base, f.kept = n, n
			f.trim()
			f.served = last
			return Resumed
		}
	}
	f.forgetAll()
	if !f.r.events.lost(last) && !f.r.newest.Before(last) {
		f.served = last
	} else {
		f.served = f.r.newest
	}
	return ResumedKeyframe
}

// Renew begins a connection of a client that has nothing to do with the ones
// before it: it is owed no past events.
func (f *Feed) Renew(now time.Duration) {
	f.known = f.r.newest
	f.Connect(0, false, now)
}

// End gives up what is kept for the client, who will not come back. The feed
// must not be used any more.
func (f *Feed) End() {
	f.base = 0
	f.forgetAll()
	f.r.feeds = slices.DeleteFunc(f.r.feeds, func(o *Feed) bool { return o == f })
}

// forgetAll gives up every record: the client has none of their states.
func (f *Feed) forgetAll() {
	f.kept = f.sent + 1
	f.forgetBefore(f.kept)
}

// Ack takes the client's word that it has applied the snapshot of that tick.
// Tick 0 asks for a keyframe, which is granted once a second.
func (f *Feed) Ack(tick game.Tick, now time.Duration) error {
	if tick == 0 {
		if f.asked == 0 || now-f.asked >= time.Second {
			f.asked = now
			f.base, f.chained, f.reason = 0, false, KeyframeAsked
			f.acked, f.inFlight = f.sent, 0 // acks of what came before say nothing now
		}
		return nil
	}
	for n := f.sent; n > f.acked && f.remembers(n); n-- {
		rec := f.record(n)
		if rec.tick != tick {
			continue
		}
		f.flow.ack(now-rec.at, int(n-f.acked), now)
		f.lastAck, f.known = now, tick
		for m := f.acked + 1; m <= n; m++ {
			f.inFlight -= int(f.record(m).bytes)
		}
		f.acked, f.kept = n, n
		f.confirms(n)
		if f.r.config.Datagram {
			f.base, f.served = n, tick
		}
		f.trim()
		return nil
	}
	if f.remembers(f.acked) && f.record(f.acked).tick == tick {
		return nil // said before
	}
	return ErrNeverSent
}

// Sent records that what Append wrote was given to the transport: n bytes.
func (f *Feed) Sent(n int, now time.Duration) {
	f.stats.sent(f, n)
	f.add(record{frame: f.r.now, tick: f.r.newest, at: now, base: f.plan.base, bytes: int32(n), sight: f.plan.look})
	f.newest = f.r.newest
	f.inFlight += n
	if f.plan.check {
		f.checked = f.r.newest
		f.tells(f.plan.every, f.sent)
	}
	if int(f.sent-f.acked) <= int(f.rate.bound) {
		f.lastAck = now // not yet due
	}
	f.lastSent = now
	f.ackSeq = f.plan.status.AckSeq
	if !f.r.config.Datagram {
		f.base, f.chained = f.sent, true
		f.served = f.r.newest
		f.trim()
	}
}

// RTT is the smoothed time from a snapshot's sending to its acknowledgement.
func (f *Feed) RTT() time.Duration { return f.flow.rtt }

// NewestSent is the tick of the newest snapshot sent; 0 before the first.
func (f *Feed) NewestSent() game.Tick { return f.newest }

// AckedTick is the newest tick the client said it has; before the first, the
// newest there was when the feed began.
func (f *Feed) AckedTick() game.Tick {
	if f.sent == 0 {
		return 0
	}
	return f.known
}
