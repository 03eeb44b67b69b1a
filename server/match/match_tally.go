package match

import (
	"time"

	"arbiter/netcode"
	"arbiter/netcode/replicate"
	"arbiter/server/metrics"
)

// tally counts what happens in one match during a tick, without
// synchronization. The match loop owns it.
type tally struct {
	decisions  [replicate.CloseSlow + 1]uint64
	pending    uint64 // sends put off because the kernel had not taken the last one
	failed     uint64 // sends on connections that had ended
	snapshots  uint64
	bytes      uint64
	mismatches uint64 // keyframes that clients asked for
	strayAcks  uint64
	resumes    [netcode.ResumedKeyframe + 1]uint64
	lapsed     uint64 // resumes of seats that are gone
	views      uint64 // view ticks that could not be
	replaced   uint64

	groups, groupBytes, shared uint64 // since the match began
	flushed                    replicate.Stats

	sizes, ages, trips, late, took, depth *metrics.Local
}

// timing is how one turn of the loop went.
type timing struct {
	late    time.Duration // of its first step
	took    time.Duration // for all its steps
	steps   int
	dropped time.Duration
}

func newTally(g *gameMetrics) tally {
	return tally{
		sizes: g.sizes.Local(),
		ages:  g.ages.Local(),
		trips: g.trips.Local(),
		late:  g.late.Local(),
		took:  g.took.Local(),
		depth: g.depth.Local(),
	}
}

func (t *tally) countSnapshot(bytes int) {
	t.snapshots++
	t.bytes += uint64(bytes)
	t.sizes.Observe(float64(bytes))
}

// countTurn counts one turn of the loop.
func (t *tally) countTurn(g *gameMetrics, turn timing) {
	t.late.Observe(turn.late.Seconds())
	t.took.Observe(turn.took.Seconds() / float64(turn.steps))
	add(g.ticks, uint64(turn.steps))
	if turn.dropped > 0 {
		g.overruns.Inc()
		g.dropped.Add(turn.dropped.Seconds())
	}
}

// flush adds the counts to the game's metrics and starts again from zero.
func (t *tally) flush(g *gameMetrics) {
	for _, l := range []*metrics.Local{t.sizes, t.ages, t.trips, t.late, t.took, t.depth} {
		l.Flush()
	}
	for d, n := range t.decisions {
		if c := g.decisions[d]; c != nil {
			add(c, n)
		}
	}
	add(g.pending, t.pending)
	add(g.failed, t.failed)
	g.out.messages.Add(t.snapshots)
	g.out.bytes.Add(t.bytes)
	add(g.mismatches, t.mismatches)
	add(g.strayAcks, t.strayAcks)
	for i, n := range t.resumes {
		if c := g.resumes[i]; c != nil {
			add(c, n)
		}
	}
	add(g.lapsed, t.lapsed)
	add(g.inputs.view, t.views)
	add(g.replaced, t.replaced)
	add(g.groups, t.groups-t.flushed.Groups)
	add(g.groupBytes, t.groupBytes-t.flushed.GroupBytes)
	add(g.shared, t.shared-t.flushed.Shared)

	zero := tally{sizes: t.sizes, ages: t.ages, trips: t.trips, late: t.late, took: t.took, depth: t.depth}
	zero.groups, zero.groupBytes, zero.shared = t.groups, t.groupBytes, t.shared
	zero.flushed = replicate.Stats{Groups: t.groups, GroupBytes: t.groupBytes, Shared: t.shared}
	*t = zero
}

// sampleMetrics brings the metrics up to date with what seats and feeds count
// themselves, and samples how far behind each client is.
func (m *Match) sampleMetrics() {
	dt := time.Second / time.Duration(m.game.config.TickRate)
	for _, s := range m.sessions {
		m.countFeed(s.feed)
		if acked := s.feed.AckedTick(); acked != 0 {
			m.tally.ages.Observe((time.Duration(m.sim.Tick().Sub(acked)) * dt).Seconds())
		}
		if rtt := s.feed.RTT(); rtt > 0 {
			m.tally.trips.Observe(rtt.Seconds())
		}
	}
	for _, s := range m.seats {
		m.countInputs(s)
	}
}

func (m *Match) countFeed(f *feed) {
	is, was, g := f.Stats(), f.counted, m.game.metrics
	for reason, n := range is.Keyframes {
		add(g.keyframes[reason], n-was.Keyframes[reason])
	}
	add(g.baselineAges, is.Ages-was.Ages)
	add(g.checks, is.Checks-was.Checks)
	f.counted = is
}

func (m *Match) countInputs(s *seat) {
	is, was, g := s.buffer.Stats(), s.counted, m.game.metrics
	add(g.inputs.applied, is.Applied-was.Applied)
	add(g.inputs.duplicate, is.Duplicates-was.Duplicates)
	add(g.inputs.gap, is.Gaps-was.Gaps)
	add(g.inputs.overflow, is.Overflows-was.Overflows)
	add(g.inputs.clamped, is.Clamped-was.Clamped)
	add(g.inputs.late, is.Late-was.Late)
	add(g.inputs.tickTaken, is.TickTaken-was.TickTaken)
	s.counts.add(is, was)
	s.suspicions.add(is, was)
	s.counted = is
}
