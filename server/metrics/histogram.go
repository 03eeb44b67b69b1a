// Package metrics is what the server's metrics need beyond the Prometheus
// client: a histogram that a loop fills without synchronization and gives up
// once per tick.
package metrics

import (
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// HistogramVec is a histogram for each value of one label. It is a
// [prometheus.Collector] and safe for concurrent use.
type HistogramVec struct {
	desc   *prometheus.Desc
	bounds []float64

	mu       sync.Mutex
	children map[string]*Histogram // guarded by mu
}

// NewHistogramVec makes one whose buckets end at the ascending bounds.
func NewHistogramVec(name, help, label string, bounds []float64) *HistogramVec {
	return &HistogramVec{
		desc:     prometheus.NewDesc(name, help, []string{label}, nil),
		bounds:   slices.Clone(bounds),
		children: make(map[string]*Histogram),
	}
}

// With returns the histogram of a label's value, making it if need be.
func (v *HistogramVec) With(value string) *Histogram {
	v.mu.Lock()
	defer v.mu.Unlock()
	h := v.children[value]
	if h == nil {
		h = &Histogram{bounds: v.bounds, counts: make([]atomic.Uint64, len(v.bounds)+1)}
		v.children[value] = h
	}
	return h
}

// Describe implements [prometheus.Collector].
func (v *HistogramVec) Describe(ch chan<- *prometheus.Desc) { ch <- v.desc }

// Collect implements [prometheus.Collector].
func (v *HistogramVec) Collect(ch chan<- prometheus.Metric) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for value, h := range v.children {
		count, sum, buckets := h.read()
		ch <- prometheus.MustNewConstHistogram(v.desc, count, sum, buckets, value)
	}
}

// Histogram counts observations by size. It is safe for concurrent use.
type Histogram struct {
	bounds []float64
	counts []atomic.Uint64 // one for each bound, and one for what is above
	sum    atomic.Uint64   // bits of a float64
}

// Local returns a part of h for one goroutine.
func (h *Histogram) Local() *Local { return &Local{h: h, counts: make([]uint64, len(h.counts))} }

func (h *Histogram) read() (count uint64, sum float64, buckets map[float64]uint64) {
	buckets = make(map[float64]uint64, len(h.bounds))
	for i := range h.counts {
		count += h.counts[i].Load()
		if i < len(h.bounds) {
			buckets[h.bounds[i]] = count
		}
	}
	return count, math.Float64frombits(h.sum.Load()), buckets
}

// Local is one goroutine's share of a histogram. It does not allocate.
type Local struct {
	h      *Histogram
	counts []uint64
	sum    float64
	filled bool
}

// Observe counts one observation.
func (l *Local) Observe(v float64) {
	i := 0
	for i < len(l.h.bounds) && v > l.h.bounds[i] {
		i++
	}
	l.counts[i]++
	l.sum += v
	l.filled = true
}

// Flush adds what was observed since the last Flush to the histogram.
func (l *Local) Flush() {
	if !l.filled {
		return
	}
	for i, n := range l.counts {
		if n > 0 {
			l.h.counts[i].Add(n)
			l.counts[i] = 0
		}
	}
	for {
		old := l.h.sum.Load()
		if l.h.sum.CompareAndSwap(old, math.Float64bits(math.Float64frombits(old)+l.sum)) {
			break
		}
	}
	l.sum, l.filled = 0, false
}
