package replicate

import (
	"time"

	"arbiter/game"
)

// maxRecords is how many sent snapshots a feed remembers at most.
const maxRecords = 32

// firstRecords is how many it has room for at first; the room doubles when a
// client has more on the way.
const firstRecords = 4

// record is one sent snapshot. It holds its frame.
type record struct {
	frame    *Frame // of another tick once the store reclaimed it
	at       time.Duration
	tick     game.Tick
	baseline uint32 // record it was a delta from; 0: keyframe
	bytes    int32
	set      visibleSet
}

// state is the frame the client had after the snapshot; nil if it is gone.
func (r *record) state() *Frame {
	if r.frame == nil || r.frame.Tick != r.tick {
		return nil
	}
	return r.frame
}

// visible is what the client saw of it.
func (r *record) visible() visibleFrame {
	if r == nil {
		return visibleFrame{}
	}
	return visibleFrame{r.frame, r.set}
}

// record returns record n, which must be remembered.
func (f *Feed) record(n uint32) *record { return &f.records[n&uint32(len(f.records)-1)] }

// remembers reports whether record n is there.
func (f *Feed) remembers(n uint32) bool { return n >= f.first && n <= f.last && n > 0 }

// add remembers one more snapshot as the last record.
func (f *Feed) add(rec record) {
	switch n := len(f.records); {
	case int(f.last+1-f.first) < n:
	case n < maxRecords:
		f.grow(max(firstRecords, 2*n))
	default:
		f.forgetBefore(f.first + 1)
	}
	f.last++
	*f.record(f.last) = rec
	f.r.frames.hold(rec.frame)
}

func (f *Feed) grow(size int) {
	old := *f
	f.records = make([]record, size)
	for n := old.first; n <= old.last; n++ {
		*f.record(n) = *old.record(n)
	}
}

// forgetBefore gives up the records before n.
func (f *Feed) forgetBefore(n uint32) {
	for ; f.first < n; f.first++ {
		if f.first > f.last {
			f.first = n
			return
		}
		rec := f.record(f.first)
		f.r.frames.release(rec.frame, rec.tick)
		*rec = record{}
	}
}

// trim gives up the records that nothing needs any more: they are older than
// what the client may resume from, and than the baseline and its own baseline,
// by which movement is extrapolated.
func (f *Feed) trim() {
	n := f.resumeFloor
	if f.remembers(f.baseline) {
		n = min(n, f.baseline)
		if b := f.record(f.baseline).baseline; b != 0 {
			n = min(n, b)
		}
	}
	f.forgetBefore(n)
}
