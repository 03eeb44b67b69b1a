package compare

import (
	"math"
	"testing"
)

func TestInterval(t *testing.T) {
	for want, ratios := range map[string][]float64{
		"B is less":           {0.8, 0.82, 0.79, 0.81},
		"B is more":           {1.1, 1.12, 1.09},
		"no difference shown": {0.9, 1.1, 1.0, 1.05, 0.93},
	} {
		if i := of(ratios); i.verdict() != want || i.Low > i.Mean || i.Mean > i.High {
			t.Errorf("%v: %+v, %s, want %s", ratios, i, i.verdict(), want)
		}
	}
	if i := of([]float64{2, 8}); math.Abs(i.Mean-4) > 1e-9 {
		t.Errorf("the geometric mean of 2 and 8 is %v", i.Mean)
	}
	if i := of([]float64{0.5}); i.verdict() != "no difference shown" {
		t.Errorf("one round shows %+v", i)
	}
}
