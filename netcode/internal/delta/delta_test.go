package delta

import (
	"math"
	"testing"
)

func TestExtrapolateFloors(t *testing.T) {
	for _, c := range []struct{ d, num, den, want int64 }{
		{5, 1, 1, 5}, {5, 1, 2, 2}, {-5, 1, 2, -3}, {-5, 2, 2, -5}, {7, 3, 2, 10}, {-7, 3, 2, -11}, {0, 9, 4, 0},
	} {
		if got := Extrapolate(c.d, c.num, c.den); got != c.want || got != int64(math.Floor(float64(c.d*c.num)/float64(c.den))) {
			t.Errorf("Extrapolate(%d, %d, %d) = %d, want %d", c.d, c.num, c.den, got, c.want)
		}
	}
}
