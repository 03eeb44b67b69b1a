package transport

import (
	"fmt"
	"slices"
	"strings"
)

// Origins is a list of web origins, with wildcards. It is safe for concurrent
// use.
type Origins struct {
	any   bool
	exact []string // lower case, without the default port
	below []below
}

// below is every host under a domain, with one scheme and port.
type below struct {
	scheme string // with ://
	suffix string // .example.com:8443, without the default port
}

// NewOrigins reads a list: scheme://host[:port], scheme://*.domain[:port] for
// every host below a domain, at any depth but not the domain itself, null for
// pages without an origin, and * for all. It returns an error for what no
// origin can match.
func NewOrigins(list []string) (Origins, error) {
	var o Origins
	for _, text := range list {
		if text == "*" {
			o.any = true
			continue
		}
		rule := canonicalOrigin(strings.TrimSuffix(text, "/"))
		if rule == "null" {
			o.exact = append(o.exact, rule)
			continue
		}
		scheme, host, ok := strings.Cut(rule, "://")
		if !ok || scheme == "" {
			return Origins{}, fmt.Errorf("transport: origin %q has no scheme: write it as https://host[:port], https://*.domain, or *", text)
		}
		domain, wild := strings.CutPrefix(host, "*")
		if name, _, _ := strings.Cut(domain, ":"); wild && !wildDomain(name) {
			return Origins{}, fmt.Errorf("transport: origin %q allows too much or nothing: put *. before a whole domain, as in https://*.example.com", text)
		}
		if host == "" || strings.ContainsAny(domain, "*/?#@ ") {
			return Origins{}, fmt.Errorf("transport: origin %q is not one: write a scheme, a host and perhaps a port, as in https://play.example.com", text)
		}
		if wild {
			o.below = append(o.below, below{scheme + "://", domain})
		} else {
			o.exact = append(o.exact, rule)
		}
	}
	return o, nil
}

// wildDomain accepts .example.com and .localhost, but not .com: nobody owns all
// of that.
func wildDomain(s string) bool {
	return isHost(strings.TrimPrefix(s, ".")) && strings.HasPrefix(s, ".") && (strings.Count(s, ".") > 1 || s == ".localhost")
}

// Allows judges the value of one Origin header.
func (o *Origins) Allows(origin string) bool {
	if o.any {
		return true
	}
	origin = canonicalOrigin(origin)
	return slices.Contains(o.exact, origin) ||
		slices.ContainsFunc(o.below, func(b below) bool { return b.covers(origin) })
}

// covers requires that what stands for the star is host labels and nothing
// else: the suffix alone would let another scheme, port or user in.
func (b *below) covers(origin string) bool {
	rest, ok := strings.CutPrefix(origin, b.scheme)
	if !ok {
		return false
	}
	labels, ok := strings.CutSuffix(rest, b.suffix)
	return ok && isHost(labels)
}

// isHost reports whether s is one or more labels of a host name.
func isHost(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 {
			return false
		}
		for i := range len(label) {
			c := label[i]
			if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_') {
				return false
			}
		}
	}
	return true
}

// canonicalOrigin is how browsers write it: lower case, no default port.
func canonicalOrigin(s string) string {
	s = strings.ToLower(s)
	for scheme, port := range map[string]string{"https://": ":443", "http://": ":80"} {
		if strings.HasPrefix(s, scheme) {
			return strings.TrimSuffix(s, port)
		}
	}
	return s
}

// originPolicy decides which pages may connect. Browsers send the page's
// origin with every request for a WebSocket and let no script change it;
// the same-origin policy does not cover WebSockets, so the server must.
type originPolicy struct {
	list         Origins
	listed       bool // false: same host only
	refuseAbsent bool
}

func newOriginPolicy(c *Config) originPolicy {
	list, _ := NewOrigins(c.Origins) // checked when the configuration was filled
	return originPolicy{list: list, listed: len(c.Origins) > 0, refuseAbsent: c.RefuseNoOrigin}
}

// allows judges the Origin headers of a request, of which there are count,
// the last with the given value.
func (p *originPolicy) allows(count int, origin, host string) bool {
	switch {
	case count == 0:
		return !p.refuseAbsent
	case count > 1:
		return false
	case p.listed:
		return p.list.Allows(origin)
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
