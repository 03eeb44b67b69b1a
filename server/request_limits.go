package server

import (
	"net/http"
	"net/netip"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
	"arbiter/server/transport"
)

const (
	requestBurst  = 3      // seconds' worth of requests that a player may make at once
	serviceShare  = 100    // times a player's rate, for a service and for all guests together
	maxRequesters = 65_536 // identities remembered; of more, those that asked least recently are forgotten
)

// requester is an identity as a key of the rate limiter. Guests, who have none
// yet, share one: only a server on loopback has any.
type requester struct{ kind, subject string }

// The kinds of requesters, as metrics name them.
const (
	playerRequester  = "player"
	serviceRequester = "service"
	guestRequester   = "guest"
	codeRequester    = "code" // an address that tries codes of private matches
)

// requestLimits is the rate limit of each identity that asks for matches, seats
// and tokens. It is safe for concurrent use.
type requestLimits struct {
	rate    float64 // requests a second of a player; 0: no bound
	limiter *httpapi.RateLimiter[requester]
	codes   *httpapi.RateLimiter[netip.Prefix] // by address; see transport.AddressKey
}

// codeRate is how often one address may name the code of a private match, right or
// wrong. There are 2^40 codes.
var codeRate = httpapi.Rate{PerSecond: 1, Burst: 30}

func newRequestLimits(rate float64) *requestLimits {
	return &requestLimits{rate: max(rate, 0), limiter: httpapi.NewRateLimiter[requester](maxRequesters),
		codes: httpapi.NewRateLimiter[netip.Prefix](maxRequesters)}
}

// of is the rate limit of a kind of requester.
func (l *requestLimits) of(kind string) httpapi.Rate {
	rate := l.rate
	if kind != playerRequester {
		rate *= serviceShare
	}
	return httpapi.Rate{PerSecond: rate, Burst: max(1, int(requestBurst*rate))}
}

// allow counts a request, or refuses it.
func (l *requestLimits) allow(who requester) error {
	if l.rate == 0 {
		return nil
	}
	return l.limiter.AllowRequest(who, l.of(who.kind))
}

// limit counts a request of somebody, or refuses it.
func (s *Server) limit(who requester) error {
	err := s.limits.allow(who)
	if err != nil {
		s.metrics.rateLimited.WithLabelValues(who.kind).Inc()
	}
	return err
}

// limitCode counts that somebody named the code of a private match, or refuses it:
// whether it was right they learn only within the rate of their address.
func (s *Server) limitCode(r *http.Request, right bool) error {
	if !right {
		s.metrics.wrongCodes.Inc()
	}
	if s.limits.rate == 0 {
		return nil
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return nil // not reached: the transport tells the address of each request
	}
	if err := s.limits.codes.AllowRequest(transport.AddressKey(peer.Addr()), codeRate); err != nil {
		s.metrics.rateLimited.WithLabelValues(codeRequester).Inc()
		return err
	}
	return nil
}

// identifyLimited is Identify for what costs the server something: it counts
// for the identity's rate limit.
func (s *Server) identifyLimited(r *http.Request) (auth.Claims, error) {
	claims, err := s.Identify(r)
	if err != nil {
		return claims, err
	}
	kind := playerRequester
	if claims.Service {
		kind = serviceRequester
	}
	return claims, s.limit(requester{kind, claims.Subject})
}
