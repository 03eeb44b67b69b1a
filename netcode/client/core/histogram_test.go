package core

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestHistogramPercentiles(t *testing.T) {
	var h, other Histogram
	if h.Percentile(50) != 0 {
		t.Error("an empty histogram has a median")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 10_000 {
		to := &h
		if i%2 == 1 {
			to = &other
		}
		to.Add(time.Duration(r.Int64N(int64(100 * ms))))
	}
	h.Merge(&other)
	for p, want := range map[float64]time.Duration{1: 1 * ms, 50: 50 * ms, 99: 99 * ms, 100: 100 * ms} {
		if got := h.Percentile(p); got < want*90/100 || got > want*110/100 {
			t.Errorf("p%v is %v, want about %v", p, got, want)
		}
	}
	if h.Count() != 10_000 {
		t.Errorf("counted %d", h.Count())
	}
}

func TestHistogramBucketsAscendAndHoldTheirValue(t *testing.T) {
	last := -1
	for us := time.Duration(0); us < 3*3600*1e6; us += us/100 + 1 {
		d := us * time.Microsecond
		i := bucket(d)
		if i < last {
			t.Fatalf("%v falls into bucket %d after %d", d, i, last)
		}
		last = i
		if got := middle(i); i < len(Histogram{}.counts)-1 && (got < d*96/100 || got > d*104/100+time.Microsecond) {
			t.Fatalf("%v falls into the bucket of %v", d, got)
		}
	}
	if bucket(-1) != 0 {
		t.Error("a negative duration is not counted as 0")
	}
}
