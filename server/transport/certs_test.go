package transport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"sync"
	"testing"
	"time"
)

// issued is a self-signed certificate, and its two PEM files.
type issued struct {
	cert         tls.Certificate
	chain, key   []byte
	certificates *x509.CertPool
}

func issue(name string) (*issued, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()),
		Subject:      pkix.Name{CommonName: name},
		DNSNames:     []string{name},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IsCA:         true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	i := &issued{
		chain:        pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		key:          pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
		certificates: x509.NewCertPool(),
	}
	i.certificates.AppendCertsFromPEM(i.chain)
	i.cert, err = tls.X509KeyPair(i.chain, i.key)
	return i, err
}

// GetCertificate implements Certificates.
func (i *issued) GetCertificate(*tls.ClientHelloInfo) (*tls.Certificate, error) { return &i.cert, nil }

// game is the certificate of the tests' servers.
var game = sync.OnceValues(func() (*issued, error) { return issue("game.example") })

func gameCert(t testing.TB) *issued {
	t.Helper()
	i, err := game()
	if err != nil {
		t.Fatal(err)
	}
	return i
}
