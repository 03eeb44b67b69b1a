package replicate

// KeyframeReason says why a keyframe was needed.
type KeyframeReason int

const (
	KeyframeJoin  KeyframeReason = iota // a new connection with nothing to go on from
	KeyframeOld                         // the baseline is no longer kept
	KeyframeAsked                       // the client asked, after a mismatch
	keyframeReasons
)

// KeyframeReasons are the reasons' names, by number.
var KeyframeReasons = [keyframeReasons]string{"join", "old", "asked"}

// FeedStats counts since the feed began.
type FeedStats struct {
	Snapshots     uint64
	Bytes         uint64
	Ages          uint64 // sum of the ages of baselines, in ticks
	Keyframes     [keyframeReasons]uint64
	Checks        uint64
	SkippedWindow uint64 // congestion window full
	SkippedRate   uint64 // rate lowered
	SkippedEmpty  uint64 // nothing changed
}

func (s *FeedStats) sent(f *Feed, n int) {
	s.Snapshots++
	s.Bytes += uint64(n)
	if f.plan.baseline == 0 {
		s.Keyframes[f.keyframeReason]++
	} else {
		s.Ages += uint64(f.r.newest.Sub(f.record(f.plan.baseline).tick))
	}
	if f.plan.private.Checked {
		s.Checks++
	}
}

// Stats returns the counts so far.
func (f *Feed) Stats() FeedStats { return f.stats }
