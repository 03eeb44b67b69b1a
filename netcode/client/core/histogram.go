package core

import (
	"math/bits"
	"time"
)

// Histogram counts durations in buckets whose width is an eighth of their
// value, from 8 µs to over an hour, so percentiles are within 13 %. Its memory
// is fixed. The zero Histogram is ready.
type Histogram struct {
	counts [32 * 8]uint32
	total  uint64
}

// Add counts d; a negative one as 0.
func (h *Histogram) Add(d time.Duration) {
	h.counts[bucket(d)]++
	h.total++
}

// bucket is made of the place of the highest bit and the three bits below it.
func bucket(d time.Duration) int {
	us := uint64(max(d, 0) / time.Microsecond)
	if us < 8 {
		return int(us)
	}
	e := bits.Len64(us) - 4
	return min((e+1)*8+int(us>>e)-8, len(Histogram{}.counts)-1)
}

// Percentile is the duration that p percent of those counted do not exceed,
// rounded up to its bucket's end; 0 if there are none.
func (h *Histogram) Percentile(p float64) time.Duration {
	if h.total == 0 {
		return 0
	}
	want := uint64(p / 100 * float64(h.total))
	var seen uint64
	for i, n := range h.counts {
		if seen += uint64(n); seen > want || seen == h.total {
			return upper(i)
		}
	}
	return upper(len(h.counts) - 1)
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

func upper(i int) time.Duration {
	if i < 8 {
		return time.Duration(i) * time.Microsecond
	}
	e := i/8 - 1
	return time.Duration((uint64(i%8+9)<<e)-1) * time.Microsecond
}
