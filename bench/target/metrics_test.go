package target

import (
	"math"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestQuantile(t *testing.T) {
	m := Metrics{
		`late_bucket{game="a",le="0.001"}`: 90, `late_bucket{game="a",le="0.002"}`: 98, `late_bucket{game="a",le="+Inf"}`: 100,
		`late_bucket{game="b",le="0.001"}`: 100, `late_bucket{game="b",le="0.002"}`: 100, `late_bucket{game="b",le="+Inf"}`: 100,
		`later_bucket{le="0.001"}`: 5,
	}
	for q, want := range map[float64]float64{0.5: 0.000526, 0.97: 0.0015, 0.999: 0.002} {
		if got := m.Quantile("late", q); math.Abs(got-want) > 1e-5 {
			t.Errorf("%v: %v, want %v", q, got, want)
		}
	}
	if got := m.Quantile("other", 0.5); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}

func TestSumAndSince(t *testing.T) {
	a, b := Metrics{`n{x="1"}`: 3, `n{x="2"}`: 4, "nn": 9}, Metrics{`n{x="1"}`: 1}
	if a.Sum("n") != 7 || a.Since(b).Sum("n") != 6 {
		t.Errorf("%v, %v", a.Sum("n"), a.Since(b).Sum("n"))
	}
}

// TestProcessThatEnds checks that what a server said on its way out is told.
func TestProcessThatEnds(t *testing.T) {
	addr, err := freeAddr()
	if err != nil {
		t.Fatal(err)
	}
	_, err = start(t.Context(), Command{"sh", "-c", "echo out of memory >&2; exit 3"}, nil, nil, addr)
	if err == nil || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("%v", err)
	}
	if _, err := start(t.Context(), Command{"/no/such/program"}, nil, nil, addr); err == nil {
		t.Error("a program that does not exist was started")
	}
}
