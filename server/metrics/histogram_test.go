package metrics

import (
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func TestHistogram(t *testing.T) {
	v := NewHistogramVec("x_seconds", "X.", "game", []float64{1, 2, 4})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			l := v.With("a").Local()
			for range 100 {
				for _, x := range []float64{0.5, 1, 1.5, 4, 5} {
					l.Observe(x)
				}
				l.Flush()
			}
			l.Flush()
		})
	}
	wg.Wait()
	registry := prometheus.NewRegistry()
	registry.MustRegister(v)
	families, err := registry.Gather()
	if err != nil || len(families) != 1 || len(families[0].GetMetric()) != 1 {
		t.Fatalf("%v, %v; want one histogram", families, err)
	}
	h := families[0].GetMetric()[0].GetHistogram()
	if h.GetSampleCount() != 2000 || h.GetSampleSum() != 4*100*12 {
		t.Errorf("count %d, sum %v; want 2000, 4800", h.GetSampleCount(), h.GetSampleSum())
	}
	for i, want := range []uint64{800, 1200, 1600} {
		if got := h.GetBucket()[i].GetCumulativeCount(); got != want {
			t.Errorf("bucket %d: %d, want %d", i, got, want)
		}
	}
}

func TestObserveAllocatesNothing(t *testing.T) {
	l := NewHistogramVec("x_seconds", "X.", "game", []float64{1, 2, 4}).With("a").Local()
	if n := testing.AllocsPerRun(100, func() { l.Observe(3); l.Flush() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
