package server

import (
	"net/http"
	"time"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
)

const (
	askBurst     = 3      // seconds' worth of requests that a player may make at once
	serviceShare = 100    // players that a service, or all guests together, may ask as much as
	maxAskers    = 65_536 // identities remembered; of more, those that asked least recently are forgotten
)

// asker is an identity as a key. Guests, who have none yet, share one: only a
// server on loopback has any.
type asker struct{ kind, subject string }

// The kinds of askers, as metrics name them.
const (
	askPlayer  = "player"
	askService = "service"
	askGuest   = "guest"
)

// askRates bound how often each identity asks for matches, seats and tokens.
// Safe for concurrent use.
type askRates struct {
	rate  float64 // requests a second of a player; 0: no bound
	table *httpapi.RateLimiter[asker]
}

func newAskRates(rate float64) *askRates {
	return &askRates{rate: max(rate, 0), table: httpapi.NewRateLimiter[asker](maxAskers)}
}

// take counts a request, or says how long to wait for the next.
func (a *askRates) take(who asker, now time.Time) (wait time.Duration) {
	rate := a.rate
	if rate == 0 {
		return 0
	}
	if who.kind != askPlayer {
		rate *= serviceShare
	}
	return a.table.Allow(who, httpapi.Rate{PerSecond: rate, Burst: max(1, int(askBurst*rate))}, now)
}

// charge counts a request of somebody, or refuses it.
func (s *Server) charge(who asker) error {
	wait := s.asks.take(who, time.Now())
	if wait == 0 {
		return nil
	}
	s.core.metrics.rateLimited.WithLabelValues(who.kind).Inc()
	return later(wait, codeTooManyRequests, "you ask for matches, seats or tokens too often: wait, and try again after the time that Retry-After says")
}

// identifyAsker is Identify for what costs the server something.
func (s *Server) identifyAsker(r *http.Request) (auth.Claims, error) {
	claims, err := s.Identify(r)
	if err != nil {
		return claims, err
	}
	kind := askPlayer
	if claims.Service {
		kind = askService
	}
	return claims, s.charge(asker{kind, claims.Subject})
}
