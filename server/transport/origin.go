package transport

import (
	"slices"
	"strings"
)

// originPolicy decides which pages may connect. Browsers send the page's
// origin with every request for a WebSocket and let no script change it;
// the same-origin policy does not cover WebSockets, so the server must.
type originPolicy struct {
	allowed      []string // lower case; empty: same host only
	any          bool
	refuseAbsent bool
}

func newOriginPolicy(c *Config) originPolicy {
	p := originPolicy{refuseAbsent: c.RefuseNoOrigin, any: slices.Contains(c.Origins, "*")}
	for _, o := range c.Origins {
		p.allowed = append(p.allowed, strings.ToLower(strings.TrimSuffix(o, "/")))
	}
	return p
}

// allows judges the Origin headers of a request, of which there are count,
// the last with the given value.
func (p *originPolicy) allows(count int, origin, host string) bool {
	switch {
	case count == 0:
		return !p.refuseAbsent
	case count > 1:
		return false
	case p.any:
		return true
	case len(p.allowed) > 0:
		return slices.Contains(p.allowed, strings.ToLower(origin))
	}
	// The scheme of the request is unknown behind a proxy that ends TLS, so
	// both are the same host.
	if page, ok := cutPrefixFold(origin, "https://"); ok {
		return strings.EqualFold(strings.TrimSuffix(page, ":443"), strings.TrimSuffix(host, ":443"))
	}
	if page, ok := cutPrefixFold(origin, "http://"); ok {
		return strings.EqualFold(strings.TrimSuffix(page, ":80"), strings.TrimSuffix(host, ":80"))
	}
	return false
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) > len(prefix) && strings.EqualFold(s[:len(prefix)], prefix) {
		return s[len(prefix):], true
	}
	return s, false
}
