package transport

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// authority is a certificate authority as RFC 8555 has it, for one order at a
// time. It checks no signatures; it does look for its challenge.
type authority struct {
	t    *testing.T
	http *httptest.Server
	key  *ecdsa.PrivateKey
	root *x509.Certificate

	mu     sync.Mutex
	server string // guarded by mu: where names lead
	name   string // guarded by mu: of the order
	proven bool   // guarded by mu
	cert   []byte // guarded by mu: PEM
	orders int    // guarded by mu
}

func newAuthority(t *testing.T) *authority {
	a := &authority{t: t}
	var err error
	if a.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "authority"},
		NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.root, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	for path, answer := range map[string]func(payload []byte) (status int, doc any){
		"/account": func([]byte) (int, any) { return 201, map[string]string{"status": "valid"} },
		"/order":   a.order, "/orders/1": a.order1, "/authz/1": a.authz, "/challenge/1": a.challenge, "/finalize/1": a.finalize,
	} {
		mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
			var signed struct{ Payload string }
			_ = json.NewDecoder(r.Body).Decode(&signed)
			payload, _ := base64.RawURLEncoding.DecodeString(signed.Payload)
			a.mu.Lock()
			defer a.mu.Unlock()
			status, doc := answer(payload)
			w.Header().Set("Location", a.http.URL+"/orders/1")
			w.Header().Set("Replay-Nonce", "n")
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(doc)
		})
	}
	mux.HandleFunc("GET /dir", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]string{"newNonce": a.http.URL + "/nonce", "newAccount": a.http.URL + "/account", "newOrder": a.http.URL + "/order"})
	})
	mux.HandleFunc("HEAD /nonce", func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Replay-Nonce", "n") })
	mux.HandleFunc("POST /cert/1", func(w http.ResponseWriter, _ *http.Request) {
		a.mu.Lock()
		defer a.mu.Unlock()
		w.Header().Set("Replay-Nonce", "n")
		_, _ = w.Write(a.cert)
	})
	a.http = httptest.NewServer(mux)
	t.Cleanup(a.http.Close)
	return a
}

func (a *authority) order(payload []byte) (int, any) {
	var o struct{ Identifiers []struct{ Value string } }
	_ = json.Unmarshal(payload, &o)
	a.name, a.proven, a.cert = o.Identifiers[0].Value, false, nil
	a.orders++
	_, doc := a.order1(nil)
	return 201, doc
}

func (a *authority) order1([]byte) (int, any) {
	doc := map[string]any{"status": "pending", "identifiers": []any{map[string]string{"type": "dns", "value": a.name}},
		"authorizations": []string{a.http.URL + "/authz/1"}, "finalize": a.http.URL + "/finalize/1"}
	if a.proven {
		doc["status"] = "ready"
	}
	if a.cert != nil {
		doc["status"], doc["certificate"] = "valid", a.http.URL+"/cert/1"
	}
	return 200, doc
}

func (a *authority) state() string {
	if a.proven {
		return "valid"
	}
	return "pending"
}

func (a *authority) challenge1() map[string]string {
	return map[string]string{"type": "tls-alpn-01", "url": a.http.URL + "/challenge/1", "token": "token", "status": a.state()}
}

func (a *authority) authz([]byte) (int, any) {
	return 200, map[string]any{"status": a.state(), "identifier": map[string]string{"type": "dns", "value": a.name}, "challenges": []any{a.challenge1()}}
}

// challenge looks for the certificate of RFC 8737 at the server.
func (a *authority) challenge([]byte) (int, any) {
	tc, err := tls.Dial("tcp", a.server, &tls.Config{ServerName: a.name, NextProtos: []string{"acme-tls/1"}, InsecureSkipVerify: true})
	if err != nil {
		a.t.Errorf("the authority is not let in: %v", err)
		return 200, a.challenge1()
	}
	defer tc.Close()
	for _, e := range tc.ConnectionState().PeerCertificates[0].Extensions {
		a.proven = a.proven || e.Critical && e.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31})
	}
	if _, err := io.Copy(io.Discard, tc); err != nil && !ended(err) {
		a.t.Errorf("the connection of the authority: %v", err)
	}
	return 200, a.challenge1()
}

func (a *authority) finalize(payload []byte) (int, any) {
	var f struct{ CSR string }
	_ = json.Unmarshal(payload, &f)
	der, _ := base64.RawURLEncoding.DecodeString(f.CSR)
	csr, err := x509.ParseCertificateRequest(der)
	if err != nil || !a.proven {
		return 400, map[string]string{"type": "urn:ietf:params:acme:error:badCSR"}
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: csr.DNSNames,
		NotBefore: time.Now().Add(-time.Minute), NotAfter: time.Now().Add(90 * 24 * time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if der, err = x509.CreateCertificate(rand.Reader, template, a.root, csr.PublicKey, a.key); err != nil {
		a.t.Error(err)
	}
	a.cert = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return a.order1(nil)
}

// TestACME: the first client waits for the certificate and gets it, and after a
// restart nobody has to be asked.
func TestACME(t *testing.T) {
	onTLS(t, func(t *testing.T, v variant) {
		a := newAuthority(t)
		cache := t.TempDir()
		client := &http.Client{Transport: &http.Transport{}}
		defer client.CloseIdleConnections()
		roots := x509.NewCertPool()
		roots.AddCert(a.root)
		visit := func(name string, directory string) error {
			certs, err := NewACME(ACMEConfig{Domains: []string{"play.example.com"}, Cache: cache, Directory: directory, Client: client})
			if err != nil {
				t.Fatal(err)
			}
			s := v.start(t, Config{Security: Security{TLS: certs}}, newDouble(), nil)
			a.mu.Lock()
			a.server = s.Addr().String()
			a.mu.Unlock()
			var wg sync.WaitGroup
			errs := make([]error, 3)
			for i := range errs { // together: one order is enough
				wg.Go(func() {
					tc, err := tls.Dial("tcp", s.Addr().String(), &tls.Config{ServerName: name, RootCAs: roots})
					if errs[i] = err; err == nil {
						_, errs[i] = fmt.Fprint(tc, goodHead)
						_ = tc.Close()
					}
				})
			}
			wg.Wait()
			if directory != "" && errs[0] == nil {
				eventually(t, "challenge counted", func() bool { return s.Stats().Handshakes["acme"] == 1 })
			}
			for _, err := range errs {
				if err != nil {
					return err
				}
			}
			return nil
		}
		if err := visit("Play.example.com", a.http.URL+"/dir"); err != nil {
			t.Fatal(err)
		}
		if a.orders != 1 {
			t.Errorf("%d orders for three clients", a.orders)
		}
		if err := visit("play.example.com", ""); err != nil { // from the cache: the true authority is not asked
			t.Errorf("after a restart: %v", err)
		}
		if err := visit("other.example.com", ""); err == nil {
			t.Error("a certificate for a name that is not ours")
		}
	})
}

func TestACMEConfig(t *testing.T) {
	for _, domains := range [][]string{nil, {""}} {
		if _, err := NewACME(ACMEConfig{Domains: domains}); err == nil || !strings.HasPrefix(err.Error(), "transport: ") {
			t.Errorf("%q: %v", domains, err)
		}
	}
}
