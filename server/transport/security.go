package transport

import (
	"fmt"
	"net/netip"
	"slices"
)

// Security says how the port proves who it is, and whom it believes. The zero
// Security is a port without TLS that trusts no proxy.
type Security struct {
	// TLS has the port speak TLS, and nothing else, with these certificates. Nil
	// means plain.
	TLS Certificates
	// TrustedProxies are the networks whose hosts are believed about the
	// clients they connect: their addresses, and whether they came by TLS. Empty
	// means none.
	TrustedProxies []netip.Prefix
	// ProxyHeader is the header that those proxies write: XForwardedFor, with
	// X-Forwarded-Proto beside it, or Forwarded with for= and proto=. The other one
	// is not believed. Empty means XForwardedFor.
	ProxyHeader string
	// ProxyProtocol has connections from TrustedProxies begin with the PROXY
	// protocol, version 1 or 2; those that do not are dropped. From elsewhere it
	// is not understood.
	ProxyProtocol bool
}

func (s *Security) fill() error {
	if s.ProxyHeader == "" {
		s.ProxyHeader = XForwardedFor
	}
	if s.ProxyHeader != XForwardedFor && s.ProxyHeader != Forwarded {
		return fmt.Errorf("transport: proxy header %q is not understood: use %s or %s", s.ProxyHeader, XForwardedFor, Forwarded)
	}
	s.TrustedProxies = slices.Clone(s.TrustedProxies)
	for i, p := range s.TrustedProxies {
		if !p.IsValid() {
			return fmt.Errorf("transport: trusted network %v is not one: write it as 10.0.0.0/8", p)
		}
		if a := p.Addr(); a.Is4In6() && p.Bits() >= 96 {
			p = netip.PrefixFrom(a.Unmap(), p.Bits()-96)
		}
		s.TrustedProxies[i] = p.Masked()
	}
	if s.ProxyProtocol && len(s.TrustedProxies) == 0 {
		return fmt.Errorf("transport: the PROXY protocol needs trusted proxies: name their networks")
	}
	return nil
}
