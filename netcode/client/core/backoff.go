package core

import (
	"math/rand/v2"
	"time"
)

// Backoff is exponential backoff with jitter between attempts to connect: the
// ceiling doubles with each, and under it any delay is as likely as another ("full jitter", Marc Brooker, 2015), so that the
// clients of a server that fell do not come back all at once.
//
// A Backoff with its source of chance is ready.
type Backoff struct {
	Rand     *rand.Rand
	attempts int
	alone    bool          // the attempts so far met nobody
	since    time.Duration // begin of the connection that stands
	up       bool
}

const (
	backoffFirst = 250 * time.Millisecond
	backoffMax   = 10 * time.Second
	backoffGood  = 10 * time.Second // a connection that lasts this long clears the past
)

// Opened notes that a connection stands.
func (b *Backoff) Opened(now time.Duration) {
	b.Answered()
	b.since, b.up = now, true
}

// Answered notes that the server answered, if with a refusal: attempts that met
// nobody are forgotten.
func (b *Backoff) Answered() {
	if b.alone {
		b.attempts, b.alone = 0, false
	}
}

// Unreachable is Failed for an attempt that met nobody.
func (b *Backoff) Unreachable(now time.Duration) time.Duration {
	b.alone = true
	return b.failed(now)
}

// Failed notes that the connection, or the attempt at one, ended, and returns
// how long to wait before the next: 0 to a ceiling that doubles from 250 ms to
// 10 s and starts over after 10 s of good connection.
func (b *Backoff) Failed(now time.Duration) time.Duration {
	b.Answered()
	return b.failed(now)
}

func (b *Backoff) failed(now time.Duration) time.Duration {
	if b.up && now-b.since >= backoffGood {
		b.attempts = 0
	}
	b.up = false
	ceiling := min(backoffFirst<<min(b.attempts, 10), backoffMax)
	b.attempts++
	return time.Duration(b.Rand.Int64N(int64(ceiling) + 1))
}
