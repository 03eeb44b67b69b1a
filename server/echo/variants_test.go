package echo

import (
	"crypto/tls"
	"net"
	"net/http/httptest"
	"testing"

	"arbiter/server/transport"
)

type certificate struct{ tls.Certificate }

// GetCertificate implements [transport.Certificates].
func (c certificate) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return &c.Certificate, nil
}

// variants are all ways to be served on this system.
func variants(t *testing.T) []variant {
	t.Helper()
	s := httptest.NewTLSServer(nil) // for its certificate
	defer s.Close()
	cert := certificate{s.TLS.Certificates[0]}
	trusting := &tls.Config{InsecureSkipVerify: true, ClientSessionCache: tls.NewLRUClientSessionCache(0)} // the certificate is not what is tested
	secured := func(addr string) (net.Conn, error) { return tls.Dial("tcp", addr, trusting) }
	secure := transport.Security{TLS: cert}
	return []variant{
		{"epoll", transport.Config{Kind: transport.Auto}, plain},
		{"net", transport.Config{Kind: transport.Net}, plain},
		{"epoll TLS", transport.Config{Kind: transport.Auto, Security: secure}, secured},
		{"net TLS", transport.Config{Kind: transport.Net, Security: secure}, secured},
	}
}
