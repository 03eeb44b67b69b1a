package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
)

// Bounds of a JWK set.
const (
	maxJWKS = 256 << 10 // bytes
	maxJWKs = 64        // keys; with more, nobody could say what is trusted
	maxKid  = 128       // bytes
)

// jwk is what is read of a JSON Web Key (RFC 7517, 7518 section 6, 8037).
type jwk struct {
	Kid string   `json:"kid"`
	Kty string   `json:"kty"`
	Alg string   `json:"alg"`
	Use string   `json:"use"`
	Ops []string `json:"key_ops"`
	Crv string   `json:"crv"`
	X   string   `json:"x"`
	Y   string   `json:"y"`
	N   string   `json:"n"`
	E   string   `json:"e"`
	D   string   `json:"d"`
}

// readJWKS reads a JWK set. As RFC 7517 section 5 asks, keys that cannot be used
// are skipped and counted, so that an issuer may add kinds that this server does
// not know; a set of which nothing is left is an error. The errors hold nothing
// of the set.
func readJWKS(text []byte) (keys []Key, skipped int, err error) {
	if len(text) > maxJWKS {
		return nil, 0, fmt.Errorf("auth: JWK set of more than %d bytes: publish fewer keys", maxJWKS)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(text, &set) != nil {
		return nil, 0, errors.New(`auth: not a JWK set: it must be {"keys":[…]} (RFC 7517 section 5)`)
	}
	if len(set.Keys) > maxJWKs {
		return nil, 0, fmt.Errorf("auth: JWK set of %d keys: publish at most %d", len(set.Keys), maxJWKs)
	}
	seen := map[string]bool{}
	for _, raw := range set.Keys {
		var k jwk
		if json.Unmarshal(raw, &k) != nil {
			skipped++
			continue
		}
		key, err := k.key()
		if err != nil || seen[key.id] { // of two of one name it would not be clear which
			skipped++
			continue
		}
		seen[key.id] = true
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, skipped, fmt.Errorf("auth: JWK set without a usable key (%d skipped): publish public keys for ES256, RS256 or EdDSA with a kid, and use \"sig\" or none", skipped)
	}
	return keys, skipped, nil
}

var errJWK = errors.New("auth: unusable JWK")

// key makes a key that verifies. Shared secrets are refused, because whoever
// reads the set could sign; so are private keys, which everybody knows now.
func (k *jwk) key() (Key, error) {
	if !validKid(k.Kid) || k.D != "" || k.Use != "" && k.Use != "sig" || len(k.Ops) > 0 && !slices.Contains(k.Ops, "verify") {
		return Key{}, errJWK
	}
	alg, public, err := k.public()
	if err != nil {
		return Key{}, err
	}
	if k.Alg != "" && k.Alg != alg && !(alg == EdDSA && k.Alg == "Ed25519") { // its name in RFC 9864
		return Key{}, errJWK
	}
	return pairOf(k.Kid, alg, public, nil)
}

func (k *jwk) public() (alg string, public any, err error) {
	switch {
	case k.Kty == "OKP" && k.Crv == "Ed25519":
		x, err := coordinate(k.X, ed25519.PublicKeySize)
		return EdDSA, ed25519.PublicKey(x), err
	case k.Kty == "EC" && k.Crv == "P-256":
		x, errX := coordinate(k.X, 32)
		y, errY := coordinate(k.Y, 32)
		if err := errors.Join(errX, errY); err != nil {
			return "", nil, err
		}
		point := append(append([]byte{4}, x...), y...)
		public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point) // refuses what is not on the curve
		return ES256, public, err
	case k.Kty == "RSA":
		n, errN := coordinate(k.N, -1)
		e, errE := coordinate(k.E, -1)
		if err := errors.Join(errN, errE); err != nil || len(n) > maxRSA/8 || len(e) > 4 {
			return "", nil, errJWK
		}
		exponent := new(big.Int).SetBytes(e).Int64()
		return RS256, &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent)}, nil
	}
	return "", nil, errJWK
}

// coordinate reads base64url of size bytes, or of any size if that is negative.
func coordinate(text string, size int) ([]byte, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) == 0 || size >= 0 && len(b) != size {
		return nil, errJWK
	}
	return b, nil
}

// validKid is wider than validID: some issuers' are base64, and they are not
// ours to choose.
func validKid(kid string) bool {
	if kid == "" || len(kid) > maxKid {
		return false
	}
	for _, c := range []byte(kid) {
		if c <= ' ' || c > '~' {
			return false
		}
	}
	return true
}
