package server

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path"
	"strings"

	"arbiter/server/transport"
)

// configuredURL is Config.PublicURL as the base of WebSocket addresses, without
// a slash at its end; nil if it is not set.
func configuredURL(given string) (*url.URL, error) {
	if given == "" {
		return nil, nil
	}
	u, err := url.Parse(given)
	if err != nil || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("server: PublicURL %q must be like wss://play.example, https://example.com/arena or ws://10.0.0.5:8080", given)
	}
	switch u.Scheme {
	case "http":
		u.Scheme = "ws"
	case "https":
		u.Scheme = "wss"
	case "ws", "wss":
	default:
		return nil, fmt.Errorf("server: PublicURL %q must begin with wss:// or ws://", given)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	if u.Path != "" && (u.Path != path.Clean(u.Path) || u.RawPath != "") {
		return nil, fmt.Errorf("server: PublicURL %q: the path must be plain, such as /arena, without escapes, dots and empty parts", given)
	}
	for _, own := range []string{"/v1", playPath} {
		if u.Path == own || strings.HasPrefix(u.Path, own+"/") || strings.HasSuffix(u.Path, playPath) {
			return nil, fmt.Errorf("server: PublicURL %q has a path of the server's own: use another, such as /arena, that does not begin with /v1 or /play nor end in /play", given)
		}
	}
	return u, nil
}

// localURL is the address of the public port, for a server whose PublicURL is
// not set: it can be reached from this machine at least.
func localURL(at net.Addr, tls bool) (string, error) {
	ap, err := netip.ParseAddrPort(at.String())
	if err != nil {
		return "", fmt.Errorf("server: address %q: %w", at, err)
	}
	if ap.Addr().IsUnspecified() {
		ap = netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), ap.Port())
	}
	if tls {
		return "wss://" + ap.String(), nil
	}
	return "ws://" + ap.String(), nil
}

// withoutPrefix is the server's own path of a request. A proxy may pass the
// prefix on or take it away; both are understood.
func withoutPrefix(prefix, at string) string {
	if rest, ok := strings.CutPrefix(at, prefix); ok && prefix != "" && strings.HasPrefix(rest, "/") {
		return rest
	}
	return at
}

// belowPrefix serves the routes below a path prefix and at the root. Addresses of
// what was made, in the header Location, get the prefix.
func belowPrefix(prefix string, routes http.Handler) http.Handler {
	if prefix == "" {
		return routes
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == prefix { // relative addresses in the page need the slash
			w.Header().Set("Location", prefix+"/")
			w.WriteHeader(http.StatusPermanentRedirect)
			return
		}
		if at := withoutPrefix(prefix, r.URL.Path); at != r.URL.Path {
			own := *r.URL
			own.Path, own.RawPath = at, strings.TrimPrefix(r.URL.RawPath, prefix)
			copied := *r
			copied.URL = &own
			r = &copied
		}
		routes.ServeHTTP(&prefixedWriter{w, prefix}, r)
	})
}

// prefixedWriter puts the prefix before the path in Location.
type prefixedWriter struct {
	http.ResponseWriter
	prefix string
}

// WriteHeader implements [http.ResponseWriter].
func (w *prefixedWriter) WriteHeader(status int) {
	if at := w.Header().Get("Location"); strings.HasPrefix(at, "/") {
		w.Header().Set("Location", w.prefix+at)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] find what it needs.
func (w *prefixedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// baseFor is where seats are for somebody who asked over HTTP: unless it was
// configured, they reach the server where they did.
func (s *Server) baseFor(r *http.Request) string {
	switch {
	case s.config.PublicURL != "" || r.Host == "":
		return s.base
	case transport.ClientTLS(r):
		return "wss://" + r.Host
	}
	return "ws://" + r.Host
}
