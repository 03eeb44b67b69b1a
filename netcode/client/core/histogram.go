package core

import (
	"math/bits"
	"time"
)

// Histogram counts durations in buckets whose width is a sixteenth of their
// value at most, from 16 µs to over an hour, so percentiles are within 4 %. Its
// memory is fixed. The zero Histogram is ready.
type Histogram struct {
	counts [30 * perOctave]uint32
	total  uint64
}

const (
	octaveBits = 4
	perOctave  = 1 << octaveBits
)

// Add counts d; a negative one as 0.
func (h *Histogram) Add(d time.Duration) {
	h.counts[bucket(d)]++
	h.total++
}

// bucket is made of the place of the highest bit and the bits below it.
func bucket(d time.Duration) int {
	us := uint64(max(d, 0) / time.Microsecond)
	if us < perOctave {
		return int(us)
	}
	e := bits.Len64(us) - 1 - octaveBits
	return min(e*perOctave+int(us>>e), len(Histogram{}.counts)-1)
}

// middle is the middle of a bucket.
func middle(i int) time.Duration {
	if i < 2*perOctave {
		return time.Duration(i) * time.Microsecond
	}
	e := i/perOctave - 1
	low := uint64(i%perOctave+perOctave) << e
	return time.Duration(low+1<<(e-1)) * time.Microsecond
}

// Percentile is about the duration that p percent of those counted do not
// exceed; 0 if there are none.
func (h *Histogram) Percentile(p float64) time.Duration {
	want := uint64(p / 100 * float64(h.total))
	var seen uint64
	for i, n := range h.counts {
		if seen += uint64(n); n > 0 && (seen > want || seen == h.total) {
			return middle(i)
		}
	}
	return 0
}

// Count is the number of durations counted.
func (h *Histogram) Count() uint64 { return h.total }

// Merge adds what o counted, for a report over many clients.
func (h *Histogram) Merge(o *Histogram) {
	for i, n := range o.counts {
		h.counts[i] += n
	}
	h.total += o.total
}
