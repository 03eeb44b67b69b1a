package load

import (
	"time"

	"arbiter/netcode/client/core"
)

// Spread is a distribution of durations, and their greatest.
type Spread struct {
	core.Histogram
	Max time.Duration
}

// Add counts d.
func (s *Spread) Add(d time.Duration) {
	s.Histogram.Add(d)
	s.Max = max(s.Max, d)
}

// Merge adds what o counted.
func (s *Spread) Merge(o *Spread) {
	s.Histogram.Merge(&o.Histogram)
	s.Max = max(s.Max, o.Max)
}

// Books is what a fleet saw in a span of time.
type Books struct {
	Clients int           // that played at its end
	Span    time.Duration // of the measurement
	Tick    time.Duration // between snapshots, as promised

	Gaps  Spread // between a client's snapshots
	Joins Spread // from connecting to the first snapshot

	Snapshots, SnapshotBytes uint64 // payload
	Inputs, InputBytes       uint64 // payload, acks included
	Sampled                  uint64 // snapshots that were applied and checked
	Faults                   Faults

	// of the load generator itself
	Lateness Spread // of inputs against their moment on the wheel
	Turns    Spread // of the loop: what arrives may wait so long for being noted
	Busy     float64
	Waited   float64 // share of the time in which somebody else had its processor
	Stuck    uint64  // messages that the kernel did not take at once
	Errors   []string
}

// merge adds another loop's books of the same span.
func (b *Books) merge(o *Books) {
	b.Clients += o.Clients
	b.Gaps.Merge(&o.Gaps)
	b.Joins.Merge(&o.Joins)
	b.Snapshots += o.Snapshots
	b.SnapshotBytes += o.SnapshotBytes
	b.Inputs += o.Inputs
	b.InputBytes += o.InputBytes
	b.Sampled += o.Sampled
	b.Faults.Add(o.Faults)
	b.Lateness.Merge(&o.Lateness)
	b.Turns.Merge(&o.Turns)
	b.Busy = max(b.Busy, o.Busy)
	b.Waited = max(b.Waited, o.Waited)
	b.Stuck += o.Stuck
	b.Errors = append(b.Errors, o.Errors...)
	b.Span = max(b.Span, o.Span)
}

// Limits within which the load generator's word counts.
const (
	maxBusy     = 0.95 // of a loop's processor
	maxLateness = 0.1  // of a tick, at the 99th percentile, of what it sends
)

// Bottleneck says why these books are about the load generator and not about
// the server; empty if they are about the server.
func (b *Books) Bottleneck() string {
	late := b.Lateness.Percentile(99)
	switch {
	case b.Busy > maxBusy:
		return "the load generator's processor was busy all the time: give it more with --load-cpus, or fewer clients"
	case late > time.Duration(maxLateness*float64(b.Tick)):
		return "the load generator sent late (p99 " + late.Round(10*time.Microsecond).String() + "): its processor is too slow or shared, so give it another with --load-cpus"
	}
	return ""
}

// Per is n per snapshot.
func (b *Books) Per(n uint64) float64 { return float64(n) / float64(max(b.Snapshots, 1)) }
