package match

import (
	"math"
	"time"

	"arbiter/netcode"
)

// renewEvery is how often a session's token may be renewed: checking a signature
// costs more than anything else that a message can cause.
const renewEvery = time.Second

// Why a token is not taken in the place of another, beside what Tokens says.
const (
	renewedTooOften = "token-too-often"
	renewedSubject  = "token-subject"
	renewedMatch    = "token-match"
	renewedOK       = "" // it is taken
)

// renewToken answers a renew message. It runs on the transport's loop, as checking
// the first token did.
func (s *Session) renewToken(payload []byte) error {
	m, err := netcode.ParseRenew(payload)
	if err != nil {
		return err
	}
	now := time.Now()
	refusal := s.replaceToken(m.Token, now)
	s.engine.metrics.countRenewal(refusal)
	s.debug("token renewed", "refusal", refusal)
	answer := netcode.Renewed{Left: s.tokenLeft(now), Refusal: refusal}
	b := answer.Append(make([]byte, HeaderRoom, HeaderRoom+32))
	if s.conn.SendPayload(b) == nil {
		s.engine.metrics.countSent(netcode.KindRenewed, len(b)-HeaderRoom)
	}
	return nil
}

// replaceToken puts a token in the place of the session's, or says why not. It must
// be one that could have opened the session.
func (s *Session) replaceToken(token string, now time.Time) (refusal string) {
	at := s.match.Load().now()
	if s.renewedAt != 0 && at-s.renewedAt < renewEvery {
		return renewedTooOften
	}
	s.renewedAt = at
	claims, refusal := s.engine.config.Tokens.Verify(token)
	if refusal != "" {
		return refusal
	}
	switch {
	case claims.Subject != s.admission.Claims.Subject:
		return renewedSubject
	case claims.Match != "" && claims.Match != s.match.Load().id:
		return renewedMatch
	}
	s.engine.sessions.addToken(s, claims.ID, claims.Expiry)
	if s.engine.config.Tokens.Revoked(claims.Subject, claims.ID) { // since it was verified
		s.close(netcode.CodeRevoked, "")
	}
	return renewedOK
}

// tokenLeft is how long the session's token is good.
func (s *Session) tokenLeft(now time.Time) time.Duration {
	return max(time.Unix(0, s.tokenExpires.Load()).Sub(now), 0)
}

// tokenExpired reports whether the token's time is over.
func (s *Session) tokenExpired(now time.Time) bool { return unixNano(now) > s.tokenExpires.Load() }

// unixNano is t in nanoseconds of Unix time, the nearest that an int64 holds: years
// 1678 to 2262. Beyond, time.Time.UnixNano overflows.
func unixNano(t time.Time) int64 {
	switch {
	case t.Before(time.Unix(0, math.MinInt64)):
		return math.MinInt64
	case t.After(time.Unix(0, math.MaxInt64)):
		return math.MaxInt64
	}
	return t.UnixNano()
}
