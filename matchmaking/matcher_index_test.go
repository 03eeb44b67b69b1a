package matchmaking

import (
	"math/rand/v2"
	"testing"
)

// TestBucketCursor iterates over a bucket whose tickets are taken one by one, and
// compares with a plain list.
func TestBucketCursor(t *testing.T) {
	c := rand.New(rand.NewPCG(5, 5))
	b := &bucket{}
	taken := make([]bool, 300)
	key := 0.0
	for i := range taken {
		key += float64(c.IntN(3))
		b.push(int32(i), key, 0)
	}
	for n := range 250 {
		from, reach := float64(c.IntN(int(key))), float64(c.IntN(100))
		cursor := b.cursor(from, reach, 1, taken)
		seen, last := 0, 0.0
		for ; cursor.at >= 0; cursor.advance() {
			p := cursor.at
			d := max(b.keys[p]-from, from-b.keys[p])
			if taken[b.at[p]] || d < last || d > reach {
				t.Fatalf("step %d: at distance %v after %v, taken %v", n, d, last, taken[b.at[p]])
			}
			seen, last = seen+1, d
		}
		want := 0
		for p, k := range b.keys {
			if d := max(k-from, from-k); d <= reach && !taken[p] {
				want++
			}
		}
		if seen != want {
			t.Fatalf("step %d: %d seen, want %d", n, seen, want)
		}
		taken[c.IntN(len(taken))] = true
	}
}
