package auth

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

var (
	esPriv   = newEC(elliptic.P256())
	rsPriv   = newRSA(2048)
	otherRSA = newRSA(2048)
)

func newEC(c elliptic.Curve) *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		panic(err)
	}
	return k
}

func newRSA(bits int) *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		panic(err)
	}
	return k
}

// der wraps a public or private key as OpenSSL does.
func der(tb testing.TB, key any) []byte {
	tb.Helper()
	var raw []byte
	var err error
	if _, private := key.(crypto.Signer); private {
		raw, err = x509.MarshalPKCS8PrivateKey(key)
	} else {
		raw, err = x509.MarshalPKIXPublicKey(key)
	}
	if err != nil {
		tb.Fatal(err)
	}
	return raw
}

func pemOf(tb testing.TB, key any) []byte {
	tb.Helper()
	kind := "PUBLIC KEY"
	if _, private := key.(crypto.Signer); private {
		kind = "PRIVATE KEY"
	}
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der(tb, key)})
}

func esSign(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, esPriv, sum[:])
	if err != nil {
		panic(err)
	}
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}

func esSignDER(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	sig, err := ecdsa.SignASN1(rand.Reader, esPriv, sum[:])
	if err != nil {
		panic(err)
	}
	return sig
}

func rsSign(text string) []byte { return rsSignWith(rsPriv)(text) }

func rsSignWith(k *rsa.PrivateKey) func(string) []byte {
	return func(text string) []byte {
		sum := sha256.Sum256([]byte(text))
		sig, err := rsa.SignPKCS1v15(nil, k, crypto.SHA256, sum[:])
		if err != nil {
			panic(err)
		}
		return sig
	}
}

func psSign(text string) []byte {
	sum := sha256.Sum256([]byte(text))
	sig, err := rsa.SignPSS(rand.Reader, rsPriv, crypto.SHA256, sum[:], nil)
	if err != nil {
		panic(err)
	}
	return sig
}

func zeros(n int) func(string) []byte { return func(string) []byte { return make([]byte, n) } }

// oneOfEach is a good token of each algorithm.
func oneOfEach() []string {
	return []string{
		forge(hsHeader, says(), hmacWith(secret)),
		forge(`{"alg":"EdDSA","kid":"ed"}`, says(), edSign),
		forge(`{"alg":"ES256","kid":"es"}`, says(), esSign),
		forge(`{"alg":"RS256","kid":"rs"}`, says(), rsSign),
	}
}

// Every wrapping in which a key may come, public and private, as bytes, as
// base64 of them, and as PEM in a key file.
func TestPairForms(t *testing.T) {
	sec1, err := x509.MarshalECPrivateKey(esPriv)
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string, raw []byte) []byte {
		return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw})
	}
	pkcs1, pkcs1Pub := x509.MarshalPKCS1PrivateKey(rsPriv), x509.MarshalPKCS1PublicKey(&rsPriv.PublicKey)
	for name, row := range map[string]struct {
		alg  string
		raw  []byte
		sign bool
	}{
		"EC public DER":      {ES256, der(t, &esPriv.PublicKey), false},
		"EC public PEM":      {ES256, pemOf(t, &esPriv.PublicKey), false},
		"EC PKCS 8":          {ES256, der(t, esPriv), true},
		"EC PKCS 8 PEM":      {ES256, pemOf(t, esPriv), true},
		"EC SEC 1":           {ES256, sec1, true},
		"EC with parameters": {ES256, append(block("EC PARAMETERS", []byte{6, 1, 1}), block("EC PRIVATE KEY", sec1)...), true},
		"RSA public DER":     {RS256, der(t, &rsPriv.PublicKey), false},
		"RSA public PEM":     {RS256, pemOf(t, &rsPriv.PublicKey), false},
		"RSA PKCS 8 PEM":     {RS256, pemOf(t, rsPriv), true},
		"RSA PKCS 1":         {RS256, pkcs1, true},
		"RSA PKCS 1 PEM":     {RS256, block("RSA PRIVATE KEY", pkcs1), true},
		"RSA PKCS 1 public":  {RS256, block("RSA PUBLIC KEY", pkcs1Pub), false},
		"Ed public PEM":      {EdDSA, pemOf(t, edPub), false},
		"Ed PKCS 8 PEM":      {EdDSA, pemOf(t, edPriv), true},
	} {
		key, err := NewKey("k1", row.alg, row.raw)
		if err != nil || key.CanSign() != row.sign || key.String() != "k1:"+row.alg {
			t.Errorf("%s: %v, can sign %v, %v", name, key, key.CanSign(), err)
		}
		if _, err := ParseKey("k1:" + row.alg + ":" + base64.StdEncoding.EncodeToString(row.raw)); err != nil {
			t.Errorf("%s, as a flag: %v", name, err)
		}
		if !strings.HasPrefix(string(row.raw), pemBegin) {
			continue
		}
		if keys, err := decodeKeys(fmt.Appendf(nil, `{"keys":[{"id":"k1","alg":%q,"key":%q}]}`, row.alg, row.raw)); err != nil || len(keys) != 1 {
			t.Errorf("%s, in a key file: %v", name, err)
		}
		text := fmt.Sprintf("%v %+v %#v", key, key, key)
		if strings.Contains(text, rsPriv.D.String()) || len(text) > 100 {
			t.Errorf("%s: printing shows the key", name)
		}
	}
}

func TestPairRefuses(t *testing.T) {
	even := rsa.PublicKey{N: rsPriv.N, E: 4}
	for name, row := range map[string]struct {
		alg  string
		raw  []byte
		says string
	}{
		"EC for RS256":        {RS256, der(t, esPriv), "not an RSA key"},
		"RSA for ES256":       {ES256, der(t, rsPriv), "not an ECDSA key on P-256"},
		"Ed for ES256":        {ES256, der(t, edPriv), "not an ECDSA key on P-256"},
		"RSA for EdDSA":       {EdDSA, der(t, rsPriv), "not an Ed25519 key"},
		"curve P-384":         {ES256, der(t, newEC(elliptic.P384())), "not an ECDSA key on P-256"},
		"RSA of 1024 bits":    {RS256, x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: new(big.Int).Rsh(rsPriv.N, 1024), E: 65537}), "1024 bits: use 2048"},
		"RSA of 16384 bits":   {RS256, x509.MarshalPKCS1PublicKey(&rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(3), 16382), E: 65537}), "16384 bits: use 2048 to 8192"},
		"RSA, even exponent":  {RS256, x509.MarshalPKCS1PublicKey(&even), "even"},
		"junk":                {RS256, []byte("junk"), "not an RSA key"},
		"PEM of junk":         {ES256, []byte("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"), "not an ECDSA key"},
		"PEM of no key":       {ES256, []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "not an ECDSA key"},
		"public key, secret":  {HS256, der(t, &rsPriv.PublicKey), "not a secret"},
		"PEM key as a secret": {HS256, pemOf(t, &esPriv.PublicKey), "not a secret"},
	} {
		if _, err := NewKey("k", row.alg, row.raw); err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, want an error with %q", name, err, row.says)
		}
	}
}

func TestSignWithPairs(t *testing.T) {
	for _, row := range []struct{ id, alg string }{{"es", ES256}, {"rs", RS256}} {
		c := testConfig(t)
		c.KeyID = row.id
		signer, err := NewSigner(c)
		if err != nil {
			t.Fatal(err)
		}
		token, err := signer.Mint(Claims{Subject: "p1"})
		if err != nil {
			t.Fatal(err)
		}
		if claims, err := testVerifier(t).Verify(token); err != nil || claims.Subject != "p1" {
			t.Errorf("%s: %+v, %v", row.alg, claims, err)
		}
	}
}

func TestIssuerAndRevoked(t *testing.T) {
	c := testConfig(t)
	c.Issuer = "https://id.example.com"
	c.Revoked = func(c Claims) bool { return c.ID == "stolen" }
	v, err := NewVerifier(c)
	if err != nil {
		t.Fatal(err)
	}
	iss := `"iss":"https://id.example.com"`
	for name, row := range map[string]struct {
		claims string
		want   error
	}{
		"good":            {says(iss), nil},
		"missing":         {says(), ErrIssuer},
		"empty":           {says(`"iss":""`), ErrIssuer},
		"another":         {says(`"iss":"https://id.example.com.evil"`), ErrIssuer},
		"a number":        {says(`"iss":7`), ErrMalformed},
		"other case":      {says(`"iss":"https://ID.example.com"`), ErrIssuer},
		"revoked":         {says(iss, `"jti":"stolen"`), ErrRevoked},
		"another token":   {says(iss, `"jti":"mine"`), nil},
		"forged, revoked": {says(`"jti":"stolen"`), ErrIssuer},
	} {
		if _, err := v.Verify(forge(hsHeader, row.claims, hmacWith(secret))); err != row.want && !(row.want == ErrMalformed && err != nil) {
			t.Errorf("%s: %v, want %v", name, err, row.want)
		}
	}
	signer, err := NewSigner(c)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signer.Mint(Claims{Subject: "p1"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(token); err != nil {
		t.Errorf("a minted token: %v", err)
	}
}
