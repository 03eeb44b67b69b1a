package transport

import (
	"sync/atomic"
	"time"
)

// bucket is a rate limit: a token bucket kept as one number: the time at which it would be
// full again if nothing more were taken (the generic cell rate algorithm,
// ITU-T I.371). The zero bucket is full.
type bucket int64

// rate is the shape of a bucket, shared by all connections. The zero rate is
// no limit.
type rate struct {
	each int64 // nanoseconds that one token takes to come back
	full int64 // nanoseconds that an empty bucket takes to fill
}

// newRate is for limits that are positive; a negative one is none.
func newRate(perSecond, burst int) rate {
	if perSecond < 0 {
		return rate{}
	}
	each := max(1, int64(time.Second)/int64(max(perSecond, 1)))
	return rate{each: each, full: each * int64(max(burst, 1))}
}

// after is the bucket at behind the taking of n tokens. It reports whether they
// were there.
func (r rate) after(at int64, n int, now int64) (int64, bool) {
	next := max(at, now) + int64(n)*r.each
	return next, next-now <= r.full
}

// allow removes n tokens and reports whether there were as many. A bucket that
// refuses stays as it was.
func (b *bucket) allow(r rate, n int, now int64) bool {
	at, ok := r.after(int64(*b), n, now)
	if ok {
		*b = bucket(at)
	}
	return ok
}

// sharedBucket is a bucket of several loops. It is safe for concurrent use.
type sharedBucket struct{ at atomic.Int64 }

// allow is bucket's allow, with a zero rate that never refuses.
func (b *sharedBucket) allow(r rate, n int, now int64) bool {
	if r.each == 0 || n == 0 {
		return true
	}
	for {
		old := b.at.Load()
		at, ok := r.after(old, n, now)
		if !ok {
			return false
		}
		if b.at.CompareAndSwap(old, at) {
			return true
		}
	}
}
