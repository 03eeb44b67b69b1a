package auth

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// Sizes of an RSA modulus, in bits: below, it can be broken; above, checking one
// signature holds up a loop of the transport for milliseconds.
const (
	minRSA = 2048
	maxRSA = 8192
)

const pemBegin = "-----BEGIN "

// newPair makes a key of an asymmetric algorithm from DER or PEM.
func newPair(id, alg string, raw []byte) (Key, error) {
	parsed, err := parsePair(raw)
	if err != nil {
		return pairOf(id, alg, nil, nil) // which says what it should be
	}
	public, private := parsed, any(nil)
	if signer, ok := parsed.(crypto.Signer); ok {
		public, private = signer.Public(), parsed
	}
	return pairOf(id, alg, public, private)
}

// pairOf makes a key of a parsed public and, perhaps, private key, which must be
// of the algorithm.
func pairOf(id, alg string, public, private any) (Key, error) {
	switch k := public.(type) {
	case ed25519.PublicKey:
		if alg == EdDSA && len(k) == ed25519.PublicKeySize {
			return Key{id, jwt.SigningMethodEdDSA, k, private}, nil
		}
	case *ecdsa.PublicKey:
		if alg == ES256 && k.Curve == elliptic.P256() {
			return Key{id, jwt.SigningMethodES256, k, private}, nil
		}
	case *rsa.PublicKey:
		if alg != RS256 {
			break
		}
		if err := checkRSA(k); err != nil {
			return Key{}, fmt.Errorf("auth: key %q: %w", id, err)
		}
		return Key{id, jwt.SigningMethodRS256, k, private}, nil
	}
	wants := map[string]string{EdDSA: "an Ed25519 key: use 32 bytes (public), 64 (private), or unencrypted DER or PEM",
		ES256: "an ECDSA key on P-256: use unencrypted DER or PEM", RS256: "an RSA key: use unencrypted DER or PEM"}
	return Key{}, fmt.Errorf("auth: key %q: not %s", id, wants[alg])
}

func checkRSA(k *rsa.PublicKey) error {
	if bits := k.N.BitLen(); bits < minRSA || bits > maxRSA {
		return fmt.Errorf("RSA key of %d bits: use %d to %d", bits, minRSA, maxRSA)
	}
	if k.E < 3 || k.E%2 == 0 || k.N.Bit(0) == 0 {
		return errors.New("RSA key with an even or tiny number: make another one")
	}
	return nil
}

var errNoPair = errors.New("auth: neither a public nor a private key")

// parsePair reads a public or private key in any of the usual wrappings.
func parsePair(raw []byte) (any, error) {
	if bytes.Contains(raw, []byte(pemBegin)) {
		block, rest := pem.Decode(raw)
		for block != nil && !strings.HasSuffix(block.Type, "KEY") { // such as EC PARAMETERS
			block, rest = pem.Decode(rest)
		}
		if block == nil {
			return nil, errNoPair
		}
		raw = block.Bytes
	}
	// The errors of these could quote the key.
	if k, err := x509.ParsePKIXPublicKey(raw); err == nil {
		return k, nil
	}
	if k, err := x509.ParsePKCS8PrivateKey(raw); err == nil {
		return k, nil
	}
	if k, err := x509.ParseECPrivateKey(raw); err == nil {
		return k, nil
	}
	if k, err := x509.ParsePKCS1PrivateKey(raw); err == nil {
		return k, nil
	}
	if k, err := x509.ParsePKCS1PublicKey(raw); err == nil {
		return k, nil
	}
	return nil, errNoPair
}

// bareEdKey makes a key of the bytes of an Ed25519 key without a wrapping, if
// they are as many as such a key has.
func bareEdKey(id string, raw []byte) (Key, bool, error) {
	switch len(raw) {
	case ed25519.PublicKeySize:
		return Key{id, jwt.SigningMethodEdDSA, ed25519.PublicKey(slices.Clone(raw)), nil}, true, nil
	case ed25519.PrivateKeySize:
		k := ed25519.NewKeyFromSeed(raw[:ed25519.SeedSize])
		if !k.Equal(ed25519.PrivateKey(raw)) {
			return Key{}, false, fmt.Errorf("auth: key %q: the two halves of the private key don't belong together", id)
		}
		return Key{id, jwt.SigningMethodEdDSA, k.Public(), k}, true, nil
	}
	return Key{}, false, nil
}
