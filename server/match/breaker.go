package match

import (
	"sync"
	"time"
)

// circuitBreaker keeps a game whose rules break at once from beginning match after
// match: everybody who was in one comes back for another. Safe for concurrent use; its
// zero value lets matches begin.
type circuitBreaker struct {
	mu       sync.Mutex
	failures int       // guarded by mu: in a row, of matches that broke young
	until    time.Time // guarded by mu: no match begins before
}

const (
	breakerYoung = 10 * time.Second // a match that broke later says nothing about the next one
	breakerFree  = 2                // failures in a row without a consequence
	breakerFirst = time.Second      // how long no match begins after the next one, doubled with each
	breakerMost  = time.Minute
)

// fail notes that a match of this age broke.
func (b *circuitBreaker) fail(now time.Time, age time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if age >= breakerYoung {
		b.failures = 0
	}
	if b.failures++; b.failures > breakerFree {
		b.until = now.Add(min(breakerFirst<<min(b.failures-breakerFree-1, 16), breakerMost))
	}
}

// succeed notes that a match of this age ended in order.
func (b *circuitBreaker) succeed(age time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if age >= breakerYoung {
		b.failures = 0
	}
}

// refuses reports whether no match may begin now.
func (b *circuitBreaker) refuses(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return now.Before(b.until)
}
