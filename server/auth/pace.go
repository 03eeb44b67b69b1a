package auth

import (
	"strconv"
	"strings"
	"time"
)

// How often a JWK set is fetched.
const (
	refreshUsual = 15 * time.Minute // without a Cache-Control of the issuer's
	refreshLeast = time.Minute
	refreshMost  = 24 * time.Hour

	askLeast = 30 * time.Second // between fetches that unknown key ids bring about
	askMost  = refreshUsual

	retryFirst = 2 * time.Second
	retryMost  = 5 * time.Minute
)

// pace decides when a JWK set is fetched: in good time, soon after a failure,
// and early if tokens come with unknown key ids. Anybody can make up key ids, so
// each early fetch that finds nothing new doubles the time to the next one that
// they can bring about; one that does starts over.
type pace struct {
	due      time.Time     // next fetch; zero = now
	last     time.Time     // when the last one was made
	askWait  time.Duration // least time between last and an early one
	early    bool          // the next one is early
	failures int
}

// asked moves the next fetch forward because of an unknown key id.
func (p *pace) asked() {
	if p.failures > 0 || p.last.IsZero() {
		return // it is being tried anyway
	}
	if at := p.last.Add(max(p.askWait, askLeast)); at.Before(p.due) {
		p.due, p.early = at, true
	}
}

// fetched notes a fetch that succeeded. The set holds for age.
func (p *pace) fetched(now time.Time, age time.Duration, changed bool) {
	switch {
	case changed:
		p.askWait = askLeast
	case p.early:
		p.askWait = min(2*max(p.askWait, askLeast), askMost)
	default:
		p.askWait /= 2 // whoever made them up has perhaps gone
	}
	p.failures, p.early, p.last = 0, false, now
	p.due = now.Add(min(max(age, refreshLeast), refreshMost))
}

// failed notes one that did not. chance is 0 to 1 and spreads the servers of one
// issuer.
func (p *pace) failed(now time.Time, chance float64) {
	wait := min(retryFirst<<min(p.failures, 16), retryMost)
	p.failures++
	p.early, p.last = false, now
	p.due = now.Add(wait/2 + time.Duration(chance*float64(wait)/2))
}

// maxAge is how long an answer with that Cache-Control holds.
func maxAge(cacheControl string) time.Duration {
	age := refreshUsual
	for part := range strings.SplitSeq(cacheControl, ",") {
		name, value, _ := strings.Cut(strings.ToLower(strings.TrimSpace(part)), "=")
		switch name {
		case "no-store", "no-cache":
			return 0
		case "max-age":
			if n, err := strconv.ParseUint(strings.Trim(value, `"`), 10, 31); err == nil {
				age = time.Duration(n) * time.Second
			}
		}
	}
	return age
}
