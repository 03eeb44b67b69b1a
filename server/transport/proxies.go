package transport

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// Headers in which proxies tell whose request they pass on.
const (
	XForwardedFor = "X-Forwarded-For"
	Forwarded     = "Forwarded" // RFC 7239
)

// xForwardedProto is where proxies that write X-Forwarded-For tell whether the
// client came by TLS. Forwarded has it beside the address.
const xForwardedProto = "X-Forwarded-Proto"

// proxies says who is believed about the addresses of clients.
type proxies struct {
	trusted  []netip.Prefix
	protocol bool   // they begin connections with the PROXY protocol
	header   string // XForwardedFor or Forwarded: the other is whatever the client sent
	log      *slog.Logger
	hinted   *sync.Once // of hint
}

func newProxies(s *Security, log *slog.Logger) proxies {
	return proxies{trusted: s.TrustedProxies, protocol: s.ProxyProtocol, header: s.ProxyHeader, log: log, hinted: new(sync.Once)}
}

// hint says, once, that a peer wrote the header though it is not trusted: a proxy whose
// network was forgotten makes all its clients one address, with the limits of one.
// Clients may write the header too, so it is not said again.
func (p *proxies) hint(peer netip.Addr, lines []string) {
	if len(lines) == 0 || p.trusts(peer) {
		return
	}
	p.hinted.Do(func() {
		p.log.Warn("a peer that is no trusted proxy sent a header that proxies send, which is ignored: if it is your proxy, add its network to the trusted proxies (--trusted-proxies)",
			slog.String("peer", peer.String()), slog.String("header", p.header))
	})
}

func (p *proxies) trusts(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return slices.ContainsFunc(p.trusted, func(n netip.Prefix) bool { return n.Contains(a) })
}

// announced reports whether a connection from a has to begin with the PROXY
// protocol.
func (p *proxies) announced(a netip.Addr) bool { return p.protocol && p.trusts(a) }

// client is whose request came from a peer with the given lines of the header,
// in order: the rightmost address that is no trusted proxy's. What stands left
// of it was written by that client, and proves nothing.
func (p *proxies) client(peer netip.AddrPort, lines []string) netip.AddrPort {
	if len(lines) == 0 || !p.trusts(peer.Addr()) {
		return peer
	}
	peer, _ = p.follow(peer, lines)
	return peer
}

// follow walks the entries of the header from the right, up to the client. It
// also returns how many trusted proxies the request came through, at least 1.
func (p *proxies) follow(peer netip.AddrPort, lines []string) (client netip.AddrPort, through int) {
	through = 1
	for _, hop := range slices.Backward(entries(lines)) {
		from, ok := p.hop(hop)
		if !ok {
			return peer, through // the last one whose word can be followed
		}
		if peer = from; !p.trusts(from.Addr()) {
			return peer, through
		}
		through++
	}
	return peer, through
}

// entries are those of a header that is a list, in order, over all its lines.
func entries(lines []string) []string {
	if len(lines) == 0 {
		return nil
	}
	list := strings.Split(strings.Join(lines, ","), ",")
	for i, e := range list {
		list[i] = strings.Trim(e, " \t")
	}
	return list
}

// scheme is what the client of a trusted peer's request used, https or http, as
// the proxy nearest to the client tells; empty if it does not. Of a list that
// has fewer entries than there were proxies it is the first: the others passed
// it on. What stands left of it was written by the client.
func (p *proxies) scheme(peer netip.AddrPort, h http.Header) string {
	if !p.trusts(peer.Addr()) {
		return ""
	}
	lines := h.Values(p.header)
	_, through := p.follow(peer, lines)
	list := entries(h.Values(xForwardedProto))
	if p.header == Forwarded {
		list = entries(lines)
		for i, e := range list {
			list[i] = parameter(e, "proto")
		}
	}
	if len(list) == 0 {
		return ""
	}
	switch strings.ToLower(list[max(0, len(list)-through)]) {
	case "https", "wss":
		return "https"
	case "http", "ws":
		return "http"
	}
	return ""
}

// parameter is the value of a parameter in one entry of Forwarded, empty if it
// is not there.
func parameter(entry, name string) string {
	found := ""
	for pair := range strings.SplitSeq(entry, ";") {
		n, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
		if strings.EqualFold(n, name) {
			found = value
		}
	}
	if len(found) > 1 && found[0] == '"' && found[len(found)-1] == '"' {
		found = found[1 : len(found)-1]
	}
	return found
}

// hop reads one entry: an address, perhaps with a port, and in Forwarded one of
// several parameters. Quoted commas and escapes do not occur in addresses; an
// entry with them is not understood.
func (p *proxies) hop(s string) (netip.AddrPort, bool) {
	if p.header == Forwarded {
		s = parameter(s, "for")
	}
	if at, err := netip.ParseAddrPort(s); err == nil && at.Addr().Zone() == "" {
		return unmapped(at), true
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	a, err := netip.ParseAddr(s)
	if err != nil || a.Zone() != "" {
		return netip.AddrPort{}, false
	}
	return netip.AddrPortFrom(a.Unmap(), 0), true
}

// from makes the client that a proxy named the connection's peer, in the caps
// too. It reports false if there is no room for it.
func (c *Conn) from(client netip.AddrPort, now int64) bool {
	if client == c.remote {
		return true
	}
	c.remote = client
	if c.core.proxies.trusts(client.Addr()) {
		return true // another proxy, which has yet to say
	}
	p, full := c.core.caps.acquireBehindProxy(client.Addr(), now)
	if full != "" {
		c.core.stats.refuse(full)
		if c.phase == phaseHead {
			c.refuse(capRefusal(full), now)
		} else {
			c.end(headDrop(full))
		}
		return false
	}
	c.core.caps.releaseAddress(c.entry)
	c.entry = p
	return true
}

// schemeKey is where a request's context has what a proxy said of the scheme.
type schemeKey struct{}

// ClientTLS reports whether the client of a request to the public port came by
// TLS: to this port, or to a trusted proxy, which says so in X-Forwarded-Proto
// or Forwarded; see Security.ProxyHeader.
func ClientTLS(r *http.Request) bool {
	if scheme, told := r.Context().Value(schemeKey{}).(string); told {
		return scheme == "https"
	}
	return r.TLS != nil
}

// behind gives requests of net/http the address of their client, and what
// ClientTLS reports.
func (p *proxies) behind(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			peer = unmapped(peer)
			p.hint(peer.Addr(), r.Header.Values(p.header))
			if scheme := p.scheme(peer, r.Header); scheme != "" {
				r = r.WithContext(context.WithValue(r.Context(), schemeKey{}, scheme))
			}
			if client := p.client(peer, r.Header.Values(p.header)); client != peer {
				r.RemoteAddr = client.String()
			}
		}
		next.ServeHTTP(w, r)
	})
}
