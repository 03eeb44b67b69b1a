package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"

	"arbiter/server/auth"
	"arbiter/server/httpapi"
)

// minAdminToken is in bytes.
const minAdminToken = 16

// checkAdmin refuses an operators' port that others can reach and that asks for
// nothing.
func (c *Config) checkAdmin() error {
	if c.AdminToken != "" && len(c.AdminToken) < minAdminToken {
		return fmt.Errorf("server: operators' token of %d bytes is too short: use at least %d, such as from openssl rand -base64 24", len(c.AdminToken), minAdminToken)
	}
	if c.AdminAddr == NoAdmin || isLoopback(c.AdminAddr) || c.AdminToken != "" || c.Keys != nil {
		return nil
	}
	return fmt.Errorf("server: the operators' port %q can be reached from elsewhere but would ask for no token: set an operators' token, give keys for tokens with admin, or use an address such as 127.0.0.1:8081", c.AdminAddr)
}

// adminAuth lets operators through. Who can reach a port on this machine only needs
// no token, unless one is configured; but web pages, which can reach it through
// its users' browsers, are kept out.
type adminAuth struct {
	open   bool // no token is asked for
	token  [sha256.Size]byte
	tokens bool // token is set
	verify func(token string) (auth.Claims, error)
	cross  *http.CrossOriginProtection
	failed func()
	next   http.Handler
}

func (s *Server) requireAdmin(next http.Handler) http.Handler {
	c := s.config
	g := &adminAuth{
		open:   c.AdminToken == "" && isLoopback(c.AdminAddr),
		token:  sha256.Sum256([]byte(c.AdminToken)),
		tokens: c.AdminToken != "",
		verify: s.verifier.Verify,
		cross:  http.NewCrossOriginProtection(),
		failed: s.metrics.adminRefused.Inc,
		next:   next,
	}
	return g
}

// ServeHTTP implements [http.Handler].
func (g *adminAuth) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := g.check(r); err != nil {
		g.failed()
		httpapi.WriteError(w, err)
		return
	}
	g.next.ServeHTTP(w, r)
}

func (g *adminAuth) check(r *http.Request) error {
	if r.URL.Path == "/healthz" || r.URL.Path == "/readyz" {
		return nil // for probes; they tell nothing more than a connection does
	}
	if err := g.cross.Check(r); err != nil {
		return problemCrossSite.New("a page of another site sent this: ask from the command line, or from a page of this host")
	}
	if g.open {
		// A name that an attacker's DNS gives to 127.0.0.1 would make their page one
		// of this host.
		if !isAddress(r.Host) {
			return problemCrossSite.New("the host %.64q is no address: use localhost or the address itself", r.Host)
		}
		return nil
	}
	scheme, token, _ := strings.Cut(strings.TrimSpace(r.Header.Get("Authorization")), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return operatorsOnly("send an operators' token as Authorization: Bearer TOKEN")
	}
	sum := sha256.Sum256([]byte(token))
	if g.tokens && subtle.ConstantTimeCompare(sum[:], g.token[:]) == 1 {
		return nil
	}
	claims, err := g.verify(token)
	var refused *auth.Error
	switch {
	case errors.As(err, &refused):
		return operatorsOnly("the token is neither the operators' nor a good one: " + strings.TrimPrefix(refused.Error(), "auth: "))
	case err != nil || !claims.Admin:
		return operatorsOnly("the token is a player's: use one with the claim admin")
	}
	return nil
}

func operatorsOnly(detail string) error {
	p := problemOperatorsOnly.New("%s", detail)
	p.Header = http.Header{"Www-Authenticate": {`Bearer realm="arbiter operators"`}}
	return p
}

// isAddress reports whether a Host header is an address or localhost.
func isAddress(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil || host == "localhost"
}
