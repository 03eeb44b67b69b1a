package netcode

import (
	"time"

	"arbiter/game"
)

// recordRing is how many sent snapshots a feed remembers at most.
const recordRing = 32

// firstRecords is how many it has room for at first; the room doubles when a
// client has more on the way.
const firstRecords = 4

// record is one sent snapshot. It holds its frame.
type record struct {
	frame *Frame // of another tick once the store took it back
	at    time.Duration
	tick  game.Tick
	base  uint32 // record it was a delta from; 0: keyframe
	bytes int32
	sight sight
}

// state is the frame the client had after the snapshot; nil if it is gone.
func (r *record) state() *Frame {
	if r.frame == nil || r.frame.Tick != r.tick {
		return nil
	}
	return r.frame
}

// lens is what the client saw of it.
func (r *record) lens() lens {
	if r == nil {
		return lens{}
	}
	return lens{r.frame, r.sight}
}

// record returns record n, which must be remembered.
func (f *Feed) record(n uint32) *record { return &f.ring[n&uint32(len(f.ring)-1)] }

// remembers reports whether record n is there.
func (f *Feed) remembers(n uint32) bool { return n >= f.oldest && n <= f.sent && n > 0 }

// add remembers one more snapshot as record f.sent.
func (f *Feed) add(rec record) {
	switch n := len(f.ring); {
	case int(f.sent+1-f.oldest) < n:
	case n < recordRing:
		f.grow(max(firstRecords, 2*n))
	default:
		f.forgetBefore(f.oldest + 1)
	}
	f.sent++
	*f.record(f.sent) = rec
	f.r.frames.hold(rec.frame)
}

func (f *Feed) grow(size int) {
	old := *f
	f.ring = make([]record, size)
	for n := old.oldest; n <= old.sent; n++ {
		*f.record(n) = *old.record(n)
	}
}

// forgetBefore gives up the records before n.
func (f *Feed) forgetBefore(n uint32) {
	for ; f.oldest < n; f.oldest++ {
		if f.oldest > f.sent {
			f.oldest = n
			return
		}
		rec := f.record(f.oldest)
		f.r.frames.release(rec.frame, rec.tick)
		*rec = record{}
	}
}

// trim gives up the records that nothing needs any more: they are older than
// what the client may resume from, and than the last two links of the chain.
func (f *Feed) trim() {
	n := f.kept
	if f.remembers(f.base) {
		n = min(n, f.base)
		if b := f.record(f.base).base; b != 0 {
			n = min(n, b)
		}
	}
	f.forgetBefore(n)
}
