package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// localCert writes a certificate for 127.0.0.1 and its key.
func localCert(t *testing.T) (chain, key string, roots *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	roots = x509.NewCertPool()
	roots.AppendCertsFromPEM(text)
	return file(t, "chain.pem", string(text)), file(t, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}))), roots
}

// TestServeTLS: the public port speaks TLS, to pages and to WebSockets, and
// believes its proxy about who they are.
func TestServeTLS(t *testing.T) {
	t.Parallel()
	chain, key, roots := localCert(t)
	s := serving(t, "--tls-cert", chain, "--tls-key", key, "--trusted-proxies", "127.0.0.1", "--proxy-header", "forwarded", "--proxy-protocol")
	tc, err := tls.Dial("tcp", s.addr, &tls.Config{ServerName: "localhost", RootCAs: roots})
	if err == nil {
		_ = tc.Close()
		t.Error("let in without the PROXY protocol")
	}
	nc, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	_ = nc.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = io.WriteString(nc, "PROXY TCP4 192.0.2.1 198.51.100.1 4660 443\r\n")
	tc = tls.Client(nc, &tls.Config{ServerName: "localhost", RootCAs: roots})
	if _, err := io.WriteString(tc, "GET /v1/games HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if answer, err := io.ReadAll(tc); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200 OK\r\n") {
		t.Errorf("answer %.100q, %v", answer, err)
	}
	if _, page := fetch(t, http.MethodGet, "http://"+s.admin+"/metrics"); !strings.Contains(page, `arbiter_tls_handshakes_total{version="1.3"} 1`) ||
		!strings.Contains(page, `arbiter_handshakes_total{result="proxy_protocol"} 1`) {
		t.Error("the metrics count neither the handshake nor the connection that was dropped")
	}
}

func TestEdgeFlags(t *testing.T) {
	t.Parallel()
	for flags, want := range map[string]string{
		"--tls-cert a.pem":                                      "give both",
		"--tls-cert a.pem --tls-key b.pem":                      "no such file",
		"--tls-cert a.pem --tls-key b.pem --acme-domain a.test": "give one",
		"--acme-domain a.test":                                  "--acme-cache",
		"--acme-cache dir":                                      "without --acme-domain",
		"--proxy-protocol":                                      "--trusted-proxies",
		"--trusted-proxies 10.0.0.0/33":                         "is not a network",
		"--proxy-header via":                                    "must be one of",
		"--connect-rate 0":                                      "too small",
		"--address-message-rate=-1":                             "too small",
		"--origins https://*.com --addr 127.0.0.1:0 --admin-addr off": "too much",
	} {
		if o := command(t, append([]string{"serve"}, strings.Fields(flags)...)...); o.status == exitDone || !strings.Contains(o.err, want) {
			t.Errorf("%s: status %d, %s", flags, o.status, o.err)
		}
	}
}
