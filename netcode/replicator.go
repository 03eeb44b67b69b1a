package netcode

import (
	"fmt"
	"time"

	"arbiter/game"
	"arbiter/game/sim"
)

// Config sets how one match is replicated. Zero values mean the defaults.
type Config struct {
	// AckEvery is how many snapshots a client may leave unacknowledged, twice
	// as many while its link has room to spare: 1 to 255; 0 means a tenth of a
	// second's, 2 to 4.
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
	sim    sim.Sim
	schema encoding
	config Config
	gaze   *gaze
	events eventLog
	feeds  []*Feed // begun and not ended

	frames frameStore
	now    *Frame // the newest
	newest game.Tick

	// Of this tick, and used again in the next.
	encoder encoder
	owned   run // owner fields, feed after feed
	groups  groups
	stats   ReplicatorStats
}

// NewReplicator prepares to replicate sim.
func NewReplicator(sim sim.Sim, c Config) *Replicator {
	s := sim.Schema()
	c.fill(s.SnapshotRate)
	r := &Replicator{sim: sim, schema: encoding{s, fieldCodes(s)}, config: c, gaze: newGaze(sim), frames: newFrameStore(s)}
	r.encoder.encoding = r.schema
	r.groups.hashed = r.gaze.limits
	return r
}

// NewFeed begins a feed for a player; 0 is a spectator. [Feed.End] ends it.
func (r *Replicator) NewFeed(p game.PlayerID) *Feed {
	f := &Feed{player: p, r: r, flow: r.newFlow(), rate: r.newRate(), oldest: 1, kept: 1, served: r.newest, known: r.newest, reason: KeyframeJoin}
	r.feeds = append(r.feeds, f)
	return f
}

func (r *Replicator) newFlow() flow {
	return newFlow(time.Second/time.Duration(r.schema.SnapshotRate), r.config.AckEvery)
}

func (r *Replicator) newRate() ackRate {
	return ackRate{told: uint8(r.config.AckEvery), bound: uint8(r.config.AckEvery)}
}

// AckEvery is how many snapshots a client may leave unacknowledged until it is
// told otherwise.
func (r *Replicator) AckEvery() int { return r.config.AckEvery }

// Log takes the events of the sim's last step. Call it after every step, also
// of those that are not captured.
func (r *Replicator) Log() { r.events.take(r.sim, r.served) }

// served is the tick up to which nobody needs events any more: what the client
// furthest behind has acknowledged, and may resume from.
func (r *Replicator) served() game.Tick {
	t := r.newest
	for _, f := range r.feeds {
		for _, need := range [...]game.Tick{f.known, f.served} {
			if need.Before(t) {
				t = need
			}
		}
	}
	return t
}

// Capture copies the state after the sim's last step into a frame and makes it
// the one to send.
func (r *Replicator) Capture() *Frame {
	f := r.frames.next()
	f.capture(r.sim, r.gaze.limits)
	r.now, r.newest = f, f.Tick
	r.encoder.renew()
	r.owned.reset()
	r.groups.reset()
	r.gaze.renew()
	return f
}

// Frame returns the frame of that tick, or nil if it was not captured or is
// forgotten, as it is once no feed needs it.
func (r *Replicator) Frame(t game.Tick) *Frame { return r.frames.at(t) }

// group finds or encodes the body for these ends.
func (r *Replicator) group(base, prev *record, look sight) *group {
	want := ends{now: lens{r.now, look}, base: base.lens(), prev: prev.lens()}
	g, found := r.groups.find(&want)
	if found {
		r.stats.Shared++
		return g
	}
	r.encoder.encode(&g.body, &want, r.gaze.limits)
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
