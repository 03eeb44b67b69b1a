package matchmake

import (
	"context"
	"math/rand/v2"
	"time"
)

// pause spaces attempts: an exponential ceiling, and under it any delay is as
// likely as another ("full jitter", Marc Brooker, 2015), so that the players of
// a server that fell do not come back all at once. The zero value is ready.
type pause struct{ attempts int }

// next is how long to wait before the next attempt: 0 to a ceiling that doubles
// from leastPause to mostPause.
func (p *pause) next() time.Duration {
	ceiling := min(leastPause<<min(p.attempts, 10), mostPause)
	p.attempts++
	return time.Duration(rand.Int64N(int64(ceiling) + 1)) // #nosec G404 -- spreads clients in time, hides nothing
}

// reset forgets the attempts that failed.
func (p *pause) reset() { p.attempts = 0 }

// sleep returns after d, or with why ctx ended.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
