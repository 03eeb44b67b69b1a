package transport

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// Headers in which proxies tell whose request they pass on.
const (
	XForwardedFor = "X-Forwarded-For"
	Forwarded     = "Forwarded" // RFC 7239
)

// proxies says who is believed about the addresses of clients.
type proxies struct {
	trusted  []netip.Prefix
	protocol bool   // they begin connections with the PROXY protocol
	header   string // XForwardedFor or Forwarded: the other is whatever the client sent
}

func newProxies(s *Security) proxies {
	return proxies{trusted: s.TrustedProxies, protocol: s.ProxyProtocol, header: s.ProxyHeader}
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
	hops := strings.Split(strings.Join(lines, ","), ",")
	for _, hop := range slices.Backward(hops) {
		from, ok := p.hop(strings.Trim(hop, " \t"))
		if !ok {
			return peer // the last one whose word can be followed
		}
		if peer = from; !p.trusts(from.Addr()) {
			return peer
		}
	}
	return peer
}

// hop reads one entry: an address, perhaps with a port, and in Forwarded one of
// several parameters. Quoted commas and escapes do not occur in addresses; an
// entry with them is not understood.
func (p *proxies) hop(s string) (netip.AddrPort, bool) {
	if p.header == Forwarded {
		node := ""
		for pair := range strings.SplitSeq(s, ";") {
			name, value, _ := strings.Cut(strings.Trim(pair, " \t"), "=")
			if strings.EqualFold(name, "for") {
				node = value
			}
		}
		s = node
		if len(s) > 1 && s[0] == '"' && s[len(s)-1] == '"' {
			s = s[1 : len(s)-1]
		}
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

// behind gives requests of net/http the address of their client.
func (p *proxies) behind(next http.Handler) http.Handler {
	if len(p.trusted) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peer, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			if client := p.client(unmapped(peer), r.Header.Values(p.header)); client != peer {
				r.RemoteAddr = client.String()
			}
		}
		next.ServeHTTP(w, r)
	})
}
