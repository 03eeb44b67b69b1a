package replicate

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
	// Static.
	sim    sim.Sim
	schema encoding
	config Config

	// Owned by the match loop.
	visibility *visibility
	events     eventLog
	feeds      []*Feed // begun and not ended
	frames     frameStore
	now        *Frame // the newest
	newest     game.Tick
	stats      Stats

	// Owned by the match loop; of this tick, and used again in the next.
	encoder bodyEncoder
	owned   sectionWriter // owner fields, feed after feed
	posted  sectionWriter // events, feed after feed
	groups  groups
}

// New prepares to replicate sim.
func New(sim sim.Sim, c Config) *Replicator {
	s := sim.Schema()
	c.fill(s.SnapshotRate)
	r := &Replicator{sim: sim, schema: encoding{s, fieldCodes(s)}, config: c, visibility: newVisibility(sim), frames: newFrameStore(s)}
	r.events.keep = s.TickRate + maxDivisor*(s.TickRate+s.SnapshotRate-1)/s.SnapshotRate
	r.encoder.encoding = r.schema
	r.groups.hashed = r.visibility.varies
	return r
}

// NewFeed begins a feed for a player; 0 is a spectator. [Feed.End] ends it.
func (r *Replicator) NewFeed(p game.PlayerID) *Feed {
	f := &Feed{player: p, r: r, window: r.newWindow(), acks: r.newFrequency(), first: 1, resumeFloor: 1, eventTick: r.newest, ackTick: r.newest, keyframeReason: KeyframeJoin}
	r.feeds = append(r.feeds, f)
	return f
}

func (r *Replicator) newWindow() congestionWindow {
	return newWindow(time.Second/time.Duration(r.schema.SnapshotRate), r.config.AckEvery)
}

func (r *Replicator) newFrequency() ackFrequency {
	return ackFrequency{told: uint8(r.config.AckEvery), bound: uint8(r.config.AckEvery)}
}

// AckEvery is how many snapshots a client may leave unacknowledged until it is
// told otherwise.
func (r *Replicator) AckEvery() int { return r.config.AckEvery }

// CollectEvents keeps the events of the sim's last step until they are sent.
// Call it after every step, also of those that are not captured.
func (r *Replicator) CollectEvents() { r.events.collect(r.sim, r.neededAfter) }

// neededAfter is the tick up to which nobody needs events any more: what the
// client furthest behind has acknowledged, and may resume from.
func (r *Replicator) neededAfter() game.Tick {
	t := r.newest
	for _, f := range r.feeds {
		for _, need := range [...]game.Tick{f.ackTick, f.eventTick} {
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
	f.capture(r.sim, r.visibility.varies)
	r.now, r.newest = f, f.Tick
	r.encoder.reset()
	r.owned.reset()
	r.posted.reset()
	r.groups.reset()
	r.visibility.reset()
	return f
}

// Frame returns the frame of that tick, or nil if it was not captured or is
// forgotten, as it is once no feed needs it.
func (r *Replicator) Frame(t game.Tick) *Frame { return r.frames.at(t) }

// group finds or encodes the body for a receiver with these baselines.
func (r *Replicator) group(base, prev *record, set visibleSet) *group {
	want := bodyKey{now: visibleFrame{r.now, set}, base: base.visible(), prev: prev.visible()}
	g, found := r.groups.find(&want)
	if found {
		r.stats.Shared++
		return g
	}
	g.changed = r.encoder.encode(&g.body, &want, r.visibility.varies)
	r.stats.Groups++
	r.stats.GroupBytes += uint64(len(g.body.Update.Bytes) + len(g.body.Leave.Bytes) + len(g.body.Enter.Bytes))
	return g
}

// Stats counts since the match began.
type Stats struct {
	Groups     uint64 // bodies encoded
	GroupBytes uint64 // their bytes
	Shared     uint64 // times a body served one more client
}

// Stats returns the counts so far.
func (r *Replicator) Stats() Stats { return r.stats }

// String names the match for logs.
func (r *Replicator) String() string {
	return fmt.Sprintf("replicator of %s at tick %d", r.schema.Game, r.newest)
}
