package simulate

import "math"

// histogram counts values in buckets of one width, so that its memory does not
// grow with their number. Values beyond the last bucket are counted there.
type histogram struct {
	width  float64
	counts []int
	n      int
	sum    float64
	most   float64
}

const maxBuckets = 1 << 16

func newHistogram(width float64) *histogram { return &histogram{width: width} }

func (t *histogram) add(x float64) {
	i := min(maxBuckets-1, max(0, int(x/t.width)))
	for len(t.counts) <= i {
		t.counts = append(t.counts, 0)
	}
	t.counts[i]++
	t.n++
	t.sum += x
	t.most = max(t.most, x)
}

func (t *histogram) mean() float64 {
	if t.n == 0 {
		return 0
	}
	return t.sum / float64(t.n)
}

// quantile is the upper edge of the bucket in which a share of the values ends.
func (t *histogram) quantile(share float64) float64 {
	rank := int(math.Ceil(share * float64(t.n)))
	seen := 0
	for i, c := range t.counts {
		if seen += c; c > 0 && seen >= rank {
			return min(t.most, float64(i+1)*t.width)
		}
	}
	return 0
}

// Spread summarizes values of one kind.
type Spread struct {
	Mean float64 `json:"mean"`
	P50  float64 `json:"p50"`
	P95  float64 `json:"p95"`
	P99  float64 `json:"p99"`
	Max  float64 `json:"max"`
}

func (t *histogram) spread() Spread {
	return Spread{round(t.mean()), round(t.quantile(0.5)), round(t.quantile(0.95)), round(t.quantile(0.99)), round(t.most)}
}

func round(x float64) float64 { return math.Round(x*1000) / 1000 }

// Point is one point of a curve: that share of the values is at most X.
type Point struct {
	X     float64 `json:"x"`
	Share float64 `json:"share"`
}

// curve is the cumulative distribution in at most about 400 points.
func (t *histogram) curve() []Point {
	var out []Point
	step := max(1, len(t.counts)/400)
	seen := 0
	for i, c := range t.counts {
		seen += c
		if i%step == step-1 || i == len(t.counts)-1 {
			out = append(out, Point{round(float64(i+1) * t.width), round(float64(seen) / float64(t.n))})
		}
	}
	return out
}
