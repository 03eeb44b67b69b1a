package server

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// publicURL is the address that clients reach the server at, without a slash
// at its end.
func publicURL(c *Config, at net.Addr) (string, error) {
	given := c.PublicURL
	if given == "" {
		ap, err := netip.ParseAddrPort(at.String())
		if err != nil {
			return "", fmt.Errorf("server: address %q: %w", at, err)
		}
		if ap.Addr().IsUnspecified() { // reachable from this machine at least
			ap = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), ap.Port())
		}
		if c.Security.TLS != nil {
			return "wss://" + ap.String(), nil
		}
		return "ws://" + ap.String(), nil
	}
	u, err := url.Parse(given)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return "", fmt.Errorf("server: PublicURL %q must be like wss://play.example or ws://10.0.0.5:8080", given)
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	case "ws", "wss":
	default:
		return "", fmt.Errorf("server: PublicURL %q must begin with wss:// or ws://", given)
	}
	return strings.TrimSuffix(u.String(), "/"), nil
}

// baseFor is publicURL for somebody who asked over HTTP: unless it was
// configured, they reach the server where they did.
func (s *Server) baseFor(r *http.Request) string {
	switch {
	case s.config.PublicURL != "" || r.Host == "":
		return s.base
	case r.TLS != nil:
		return "wss://" + r.Host
	}
	return "ws://" + r.Host
}
