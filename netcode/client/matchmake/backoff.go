package matchmake

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff is exponential backoff with jitter between attempts: the ceiling
// doubles with each, and under it any delay is as likely as another ("full jitter", Marc Brooker, 2015), so that the players of
// a server that fell do not come back all at once. The zero value is ready.
type backoff struct{ attempts int }

// next is how long to wait before the next attempt: 0 to a ceiling that doubles
// from minBackoff to maxBackoff.
func (b *backoff) next() time.Duration {
	ceiling := min(minBackoff<<min(b.attempts, 10), maxBackoff)
	b.attempts++
	return time.Duration(rand.Int64N(int64(ceiling) + 1)) // #nosec G404 -- spreads clients in time, hides nothing
}

// reset forgets the attempts that failed.
func (b *backoff) reset() { b.attempts = 0 }

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
