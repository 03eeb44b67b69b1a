package servertest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"testing"
	"time"
)

// Certificate is a self-signed one for 127.0.0.1. It is a
// [transport.Certificates].
type Certificate struct{ cert tls.Certificate }

// NewCertificate makes one that is valid for an hour.
func NewCertificate(t testing.TB) *Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{SerialNumber: big.NewInt(1), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, form, form, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &Certificate{tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}}
}

// GetCertificate implements transport.Certificates.
func (c *Certificate) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	return &c.cert, nil
}

// DER is the certificate without its key.
func (c *Certificate) DER() []byte { return c.cert.Certificate[0] }

// Client is what a client needs that trusts it.
func (c *Certificate) Client() *tls.Config { return Trusting(c.DER()) }

// Trusting is what a client needs that trusts one certificate.
func Trusting(der []byte) *tls.Config {
	roots := x509.NewCertPool()
	if cert, err := x509.ParseCertificate(der); err == nil {
		roots.AddCert(cert)
	}
	return &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
}
