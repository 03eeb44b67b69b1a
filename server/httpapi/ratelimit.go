package httpapi

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

// RateLimiter bounds how often each of many keys (an identity, an address) may
// act. It has a token bucket for each key, in two generations. When the young
// one is full it becomes the old one, and what was old is forgotten: so memory
// is bounded and never searched, and those keys are forgotten that acted least
// recently. It is safe for concurrent use.
type RateLimiter[K comparable] struct {
	most int // keys in one generation

	mu         sync.Mutex
	young, old map[K]*rate.Limiter // guarded by mu
}

// NewRateLimiter returns a limiter that remembers at least the most recent half
// of so many keys, 2 or more.
func NewRateLimiter[K comparable](keys int) *RateLimiter[K] {
	return &RateLimiter[K]{most: max(keys/2, 1), young: map[K]*rate.Limiter{}}
}

// Allow counts one act of a key and returns 0, or returns how long to wait for
// the next and counts nothing. r counts when the key is new.
func (l *RateLimiter[K]) Allow(key K, r Rate, now time.Time) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket := l.young[key]
	if bucket == nil {
		if bucket = l.old[key]; bucket == nil {
			bucket = rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)
		}
		if len(l.young) >= l.most {
			l.young, l.old = map[K]*rate.Limiter{}, l.young
		}
		l.young[key] = bucket
	}
	if bucket.AllowN(now, 1) {
		return 0
	}
	short := (1 - bucket.TokensAt(now)) / float64(bucket.Limit())
	return time.Duration(math.Ceil(short * float64(time.Second)))
}

// AllowRequest is [RateLimiter.Allow] for a request that comes now. It returns
// [TooManyRequests] with Retry-After if the key is over its rate limit.
func (l *RateLimiter[K]) AllowRequest(key K, r Rate) error {
	wait := l.Allow(key, r, time.Now())
	if wait == 0 {
		return nil
	}
	return TooManyRequests.Later(wait, "you may make %v requests a second: ask again after the time that Retry-After says; ?wait= and streams need fewer requests than polling", r.PerSecond)
}

// Quota bounds how many requests of each key wait at the same time. The zero
// value is ready to use; it is safe for concurrent use.
type Quota[K comparable] struct {
	mu   sync.Mutex
	held map[K]int // guarded by mu; none is 0
}

// Acquire takes one of most places of the key, until release is called once. It
// reports whether there was one.
func (q *Quota[K]) Acquire(key K, most int) (release func(), ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.held[key] >= most {
		return nil, false
	}
	if q.held == nil {
		q.held = map[K]int{}
	}
	q.held[key]++
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.held[key]--; q.held[key] == 0 {
			delete(q.held, key)
		}
	}, true
}
