package service

import (
	"time"

	"arbiter/server/httpapi"
)

// who is an identity as a key.
type who struct {
	player  string
	service bool
}

func (i Identity) who() who { return who{i.Player, i.Service} }

// requestLimits is the rate limit of each identity, and its quota of requests
// that wait. It is safe for concurrent use.
type requestLimits struct {
	limits  Limits
	rates   *httpapi.RateLimiter[who]
	waiting httpapi.Quota[who]
}

func newRequestLimits(l Limits) *requestLimits {
	return &requestLimits{limits: l, rates: httpapi.NewRateLimiter[who](l.Identities)}
}

// allow counts a request, or refuses it.
func (l *requestLimits) allow(i Identity) error {
	rate := httpapi.Rate{PerSecond: l.limits.Rate, Burst: int(l.limits.Burst)}
	if i.Service {
		rate = httpapi.Rate{PerSecond: l.limits.ServiceRate, Burst: int(l.limits.ServiceBurst)}
	}
	return l.rates.AllowRequest(i.who(), rate)
}

// wait counts a request that waits (a long poll, a stream) until release is
// called, or refuses it.
func (l *requestLimits) wait(i Identity) (release func(), err error) {
	most := l.limits.Streams
	if i.Service {
		most = l.limits.TicketsEach
	}
	release, ok := l.waiting.Acquire(i.who(), most)
	if !ok {
		return nil, httpapi.TooManyWaiting.Later(time.Second, "%d requests of yours wait already: end one first", most)
	}
	return release, nil
}
