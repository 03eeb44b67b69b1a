package service

import (
	"container/list"
	"fmt"
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// limiter bounds how often each identity asks, and how many of its requests
// wait at once. It is safe for concurrent use.
type limiter struct {
	limits Limits

	mu     sync.Mutex
	rates  map[who]*list.Element // guarded by mu; of *allowance
	recent *list.List            // guarded by mu; the most recent first
}

// who is an identity as a key.
type who struct {
	player  string
	service bool
}

func (i Identity) who() who { return who{i.Player, i.Service} }

type allowance struct {
	who     who
	rate    *rate.Limiter
	streams int
}

func newLimiter(l Limits) *limiter {
	return &limiter{limits: l, rates: map[who]*list.Element{}, recent: list.New()}
}

// of finds an identity's allowance. When the table is full the identity that
// has asked least recently is forgotten, unless it has streams open.
func (l *limiter) of(w who) *allowance {
	if at := l.rates[w]; at != nil {
		l.recent.MoveToFront(at)
		return at.Value.(*allowance)
	}
	for at := l.recent.Back(); at != nil && len(l.rates) >= l.limits.Identities; {
		a, before := at.Value.(*allowance), at.Prev()
		if a.streams == 0 {
			l.recent.Remove(at)
			delete(l.rates, a.who)
		}
		at = before
	}
	a := &allowance{who: w, rate: rate.NewLimiter(rate.Limit(l.limits.Rate), int(l.limits.Burst))}
	if w.service {
		a.rate = rate.NewLimiter(rate.Limit(l.limits.ServiceRate), int(l.limits.ServiceBurst))
	}
	l.rates[w] = l.recent.PushFront(a)
	return a
}

// take counts a request, or says when to ask again.
func (l *limiter) take(i Identity) *problem {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, now := l.of(i.who()), time.Now()
	if a.rate.AllowN(now, 1) {
		return nil
	}
	short := 1 - a.rate.TokensAt(now)
	p := newProblem("too_many_requests", fmt.Sprintf("more than %v requests a second: ask less often, with ?wait= or a stream instead of polling", a.rate.Limit()))
	p.RetryAfter = int(math.Ceil(short / float64(a.rate.Limit())))
	return p
}

// stream takes a place for a request that waits; leave gives it back.
func (l *limiter) stream(i Identity) (leave func(), p *problem) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a, most := l.of(i.who()), l.limits.Streams
	if i.Service {
		most = l.limits.TicketsEach
	}
	if a.streams >= most {
		p := newProblem("too_many_waiting", fmt.Sprintf("%d requests of yours wait already: end one first", most))
		p.RetryAfter = 1
		return nil, p
	}
	a.streams++
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		a.streams--
	}, nil
}

// retryAfter writes what a problem says about asking again.
func retryAfter(h http.Header, seconds int) {
	if seconds > 0 {
		h.Set("Retry-After", fmt.Sprint(seconds))
	}
}
