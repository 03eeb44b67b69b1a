package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
)

// ACMEConfig says for what certificates are fetched, and where they are kept.
type ACMEConfig struct {
	// Domains are the names of the server, at least one, without wildcards.
	Domains []string
	// Cache is a directory for keys and certificates, made if it is missing.
	// Authorities limit how many they give out: do without only in tests.
	Cache string
	// Directory is the authority's URL. Empty means Let's Encrypt. Using an
	// authority accepts its terms.
	Directory string
	// Client reaches the authority. Nil means one with a time limit of 30 s.
	Client *http.Client
}

// ACME fetches certificates from an authority (RFC 8555) and renews them. It
// proves that the names are its own in TLS handshakes on the same port, which
// the authority looks for at port 443 (RFC 8737). It is safe for concurrent
// use.
type ACME struct {
	manager *autocert.Manager

	ordersMu sync.Mutex
	orders   map[string]*order // guarded by ordersMu: by name; at most one for each domain
}

// order is a certificate that is being fetched.
type order struct {
	done chan struct{} // closed when cert and err are set
	cert *tls.Certificate
	err  error
}

// NewACME checks the configuration. Nothing is fetched before the first
// handshake.
func NewACME(c ACMEConfig) (*ACME, error) {
	if len(c.Domains) == 0 || slices.Contains(c.Domains, "") {
		return nil, errors.New("transport: acme: no domain: name the hosts that certificates are for")
	}
	client := c.Client
	if client == nil {
		client = &http.Client{Timeout: 30 * time.Second}
	}
	a := &ACME{orders: make(map[string]*order)}
	a.manager = &autocert.Manager{
		Prompt:     autocert.AcceptTOS,
		HostPolicy: autocert.HostWhitelist(c.Domains...),
		Client:     &acme.Client{DirectoryURL: c.Directory, HTTPClient: client},
	}
	if c.Directory == "" {
		a.manager.Client.DirectoryURL = autocert.DefaultACMEDirectory
	}
	if c.Cache != "" {
		a.manager.Cache = autocert.DirCache(c.Cache)
	}
	return a, nil
}

// errOrdered is what handshakes fail with while a certificate is being fetched
// and they have no more time to wait.
var errOrdered = errors.New("transport: acme: the certificate is still being fetched")

// GetCertificate implements [Certificates]. Fetching takes longer than a
// handshake may, so handshakes wait for it as long as they can, and those of
// later clients find it done.
func (a *ACME) GetCertificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if slices.Contains(hello.SupportedProtos, challengeProtocol) {
		return a.manager.GetCertificate(hello) // kept in memory: it does not wait
	}
	name := strings.ToLower(hello.ServerName)
	if err := a.manager.HostPolicy(context.Background(), name); err != nil {
		return nil, fmt.Errorf("transport: %w", err)
	}
	o := a.order(name)
	if s, ok := hello.Conn.(*secure); ok && !s.outside(o.done) {
		return nil, errOrdered
	}
	<-o.done
	return o.cert, o.err
}

// order asks the manager, which remembers what it has. Its clients share one
// question for each name, so that waiting costs no goroutine each.
func (a *ACME) order(name string) *order {
	a.ordersMu.Lock()
	defer a.ordersMu.Unlock()
	if o := a.orders[name]; o != nil {
		return o
	}
	o := &order{done: make(chan struct{})}
	a.orders[name] = o
	asked := &tls.ClientHelloInfo{ // of a client that does ECDSA, as all do
		ServerName:       name,
		CipherSuites:     []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
		SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256},
		SupportedCurves:  []tls.CurveID{tls.CurveP256},
	}
	go func() { // ends with the authority's answer, or with the manager's own limit of 5 minutes
		o.cert, o.err = a.manager.GetCertificate(asked)
		a.ordersMu.Lock()
		delete(a.orders, name)
		a.ordersMu.Unlock()
		close(o.done)
	}()
	return o
}
