// Package quota bounds how often each of many keys may act, in bounded memory.
package quota

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rate is how often a key may act: PerSecond on average, above 0, and Burst at
// once, from 1.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Table has a token bucket for each key, in two generations. When the young one
// is full it becomes the old one, and what was old is forgotten: so the table
// is bounded and never searched, and of many keys those are forgotten that
// acted least recently. Safe for concurrent use.
type Table[K comparable] struct {
	most int // keys in one generation

	mu         sync.Mutex
	young, old map[K]*rate.Limiter // guarded by mu
}

// NewTable returns a table that remembers at least the most recent half of so
// many keys, 2 or more.
func NewTable[K comparable](keys int) *Table[K] {
	return &Table[K]{most: max(keys/2, 1), young: map[K]*rate.Limiter{}}
}

// Take counts one act of a key and returns 0, or returns how long to wait for
// the next and counts nothing. r counts when the key is new.
func (t *Table[K]) Take(key K, r Rate, now time.Time) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	bucket := t.young[key]
	if bucket == nil {
		if bucket = t.old[key]; bucket == nil {
			bucket = rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)
		}
		if len(t.young) >= t.most {
			t.young, t.old = map[K]*rate.Limiter{}, t.young
		}
		t.young[key] = bucket
	}
	if bucket.AllowN(now, 1) {
		return 0
	}
	short := (1 - bucket.TokensAt(now)) / float64(bucket.Limit())
	return time.Duration(math.Ceil(short * float64(time.Second)))
}
