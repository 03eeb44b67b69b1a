package matchmaking

import (
	"testing"
	"time"
)

func TestBoundAt(t *testing.T) {
	steps := Bound{From: 10, Steps: []Step{{5 * time.Second, 20}, {9 * time.Second, 40}}}
	linear := Bound{From: 10, To: 30, After: 5 * time.Second, Over: 10 * time.Second}
	for _, c := range []struct {
		b    Bound
		age  time.Duration
		want float64
	}{
		{Fixed(7), time.Hour, 7},
		{steps, 0, 10}, {steps, 5*time.Second - 1, 10}, {steps, 5 * time.Second, 20}, {steps, time.Hour, 40},
		{linear, 5 * time.Second, 10}, {linear, 10 * time.Second, 20}, {linear, 15 * time.Second, 30}, {linear, time.Hour, 30},
	} {
		if got := c.b.At(c.age); got != c.want {
			t.Errorf("%+v at %v is %v, want %v", c.b, c.age, got, c.want)
		}
	}
}

// TestBoundNext: following Next, a bound is seen at every value until it
// settles.
func TestBoundNext(t *testing.T) {
	for _, b := range []Bound{
		Fixed(7),
		{From: 10, Steps: []Step{{5 * time.Second, 20}, {9 * time.Second, 40}}},
		{From: 10, To: 30, After: 2500 * time.Millisecond, Over: 10 * time.Second},
	} {
		age := time.Duration(0)
		for n := 0; ; n++ {
			at, value, ok := b.Next(age)
			if !ok {
				break
			}
			if at <= age || value != b.At(at) || value <= b.At(age) || n > 20 {
				t.Fatalf("%+v: after %v comes %v at %v", b, age, value, at)
			}
			age = at
		}
		if age != b.LastExpansion() || b.At(age) != b.Last() {
			t.Errorf("%+v: ends at %v with %v, settled at %v with %v", b, age, b.At(age), b.LastExpansion(), b.Last())
		}
	}
}
