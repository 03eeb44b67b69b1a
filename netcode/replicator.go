package netcode

import (
	"fmt"
	"time"

	"arbiter/game"
)

// Config sets how one match is replicated. Zero values mean the defaults.
type Config struct {
	// AckEvery is how many snapshots a client may leave unacknowledged; 0
	// means a tenth of a second's, 2 to 4.
	AckEvery int
	// Datagram is for transports that lose and reorder: baselines are what
	// was acknowledged, not what was written.
	Datagram bool
	// NoAckLimit is how long acks may be overdue before the client counts as
	// too slow to keep; 0 means 5 s.
	NoAckLimit time.Duration
	// Heartbeat is the longest time without a snapshot; 0 means 1 s.
	Heartbeat time.Duration
	// CheckEvery is the time between two checks of a client's state; 0 means 1 s.
	CheckEvery time.Duration
}

func (c *Config) fill(rate int) {
	if c.AckEvery <= 0 {
		c.AckEvery = min(max(rate/10, 2), 4)
	}
	if c.NoAckLimit <= 0 {
		c.NoAckLimit = 5 * time.Second
	}
	if c.Heartbeat <= 0 {
		c.Heartbeat = time.Second
	}
	if c.CheckEvery <= 0 {
		c.CheckEvery = time.Second
	}
}

// Replicator turns the state of one match into snapshots for its feeds. Each
// tick that is to be sent:
//
//	r.Capture()                        after the sim's Step
//	r.Plan(feed, status, now)          for every feed: send or skip
//	b = feed.Append(b)                 for those to send; on workers if you like
//	feed.Sent(len(b), now)             for each that was written
//
// It belongs to the match loop; see [Feed] for the exception.
type Replicator struct {
	sim    game.Sim
	schema encoding
	config Config
	gaze   *gaze
	events eventLog

	ring     []*Frame // captured frames, by capture
	captures int
	newest   game.Tick

	groups []*group // of this tick: groups[:used]
	used   int
	stats  ReplicatorStats
}

// group is what receivers with the same baseline and the same sight share.
type group struct {
	base, prev     game.Tick // 0: none
	look, baseLook *sight
	prevLook       *sight
	body           body
	summed         bool
	sum            uint32
}

// NewReplicator prepares to replicate sim.
func NewReplicator(sim game.Sim, c Config) *Replicator {
	s := sim.Schema()
	c.fill(s.SnapshotRate)
	r := &Replicator{sim: sim, schema: encoding{s, fieldCodes(s)}, config: c, gaze: newGaze(sim)}
	r.ring = make([]*Frame, max(FrameRing, 2*s.SnapshotRate))
	return r
}

// NewFeed begins a feed for a player; 0 is a spectator.
func (r *Replicator) NewFeed(p game.PlayerID) *Feed {
	return &Feed{player: p, r: r, flow: r.newFlow(), served: r.newest, known: r.newest, reason: KeyframeJoin}
}

func (r *Replicator) newFlow() flow {
	return newFlow(time.Second/time.Duration(r.schema.SnapshotRate), r.config.AckEvery)
}

// AckEvery is how many snapshots a client may leave unacknowledged.
func (r *Replicator) AckEvery() int { return r.config.AckEvery }

// Log takes the events of the sim's last step. Call it after every step, also
// of those that are not captured.
func (r *Replicator) Log() { r.events.take(r.sim) }

// Capture copies the state after the sim's last step into the next frame of
// the ring and makes it the one to send.
func (r *Replicator) Capture() *Frame {
	slot := &r.ring[r.captures%len(r.ring)]
	r.captures++
	if *slot == nil {
		*slot = newFrame(r.schema.Schema)
	}
	f := *slot
	f.capture(r.sim, r.gaze.limits)
	r.newest = f.Tick
	r.used = 0
	r.gaze.renew()
	return f
}

// Frame returns the frame of that tick, or nil if it was not captured or is
// forgotten.
func (r *Replicator) Frame(t game.Tick) *Frame {
	for back := 1; back <= min(r.captures, len(r.ring)); back++ {
		f := r.ring[(r.captures-back)%len(r.ring)]
		if f.Tick == t {
			return f
		}
		if f.Tick.Before(t) {
			return nil
		}
	}
	return nil
}

func (r *Replicator) lens(t game.Tick, s *sight) lens {
	if t == 0 {
		return lens{}
	}
	return lens{r.Frame(t), s}
}

// group finds or encodes the body for these ends.
func (r *Replicator) group(base, prev *record, look *sight) *group {
	want := group{look: look}
	if base != nil {
		want.base, want.baseLook = base.tick, base.sight
	}
	if prev != nil {
		want.prev, want.prevLook = prev.tick, prev.sight
	}
	for _, g := range r.groups[:r.used] {
		if g.base == want.base && g.prev == want.prev && sameSight(g.look, look) &&
			sameSight(g.baseLook, want.baseLook) && sameSight(g.prevLook, want.prevLook) {
			r.stats.Shared++
			return g
		}
	}
	if r.used == len(r.groups) {
		r.groups = append(r.groups, new(group))
	}
	g := r.groups[r.used]
	r.used++
	g.base, g.prev, g.look, g.baseLook, g.prevLook = want.base, want.prev, look, want.baseLook, want.prevLook
	g.summed = false
	g.body.encode(&r.schema, r.lens(r.newest, look), r.lens(g.base, g.baseLook), r.lens(g.prev, g.prevLook))
	r.stats.Groups++
	r.stats.GroupBytes += uint64(len(g.body.update.b) + len(g.body.leave.b) + len(g.body.enter.b))
	return g
}

// ReplicatorStats counts since the match began.
type ReplicatorStats struct {
	Groups     uint64 // bodies encoded
	GroupBytes uint64 // their bytes
	Shared     uint64 // times a body served one more client
}

// Stats returns the counts so far.
func (r *Replicator) Stats() ReplicatorStats { return r.stats }

// String names the match for logs.
func (r *Replicator) String() string {
	return fmt.Sprintf("replicator of %s at tick %d", r.schema.Game, r.newest)
}
