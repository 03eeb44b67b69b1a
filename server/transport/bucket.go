package transport

import "time"

// bucket is a token bucket kept as one number: the time at which it would be
// full again if nothing more were taken (the generic cell rate algorithm,
// ITU-T I.371). The zero bucket is full.
type bucket int64

// rate is the shape of a bucket, shared by all connections.
type rate struct {
	each int64 // nanoseconds that one token takes to come back
	full int64 // nanoseconds that an empty bucket takes to fill
}

func newRate(perSecond, burst int) rate {
	each := int64(time.Second) / int64(max(perSecond, 1))
	return rate{each: each, full: each * int64(max(burst, 1))}
}

// take removes n tokens and reports whether they were there. A bucket that
// refused stays as it was.
func (b *bucket) take(r rate, n int, now int64) bool {
	at := max(int64(*b), now) + int64(n)*r.each
	if at-now > r.full {
		return false
	}
	*b = bucket(at)
	return true
}
