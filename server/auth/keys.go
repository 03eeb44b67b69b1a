package auth

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/golang-jwt/jwt/v5"
)

// The algorithms of a key.
const (
	HS256 = "HS256" // HMAC with SHA-256 and a shared secret of at least 32 bytes
	EdDSA = "EdDSA" // Ed25519, a public key to verify or a private one to sign as well
	ES256 = "ES256" // ECDSA on the curve P-256 with SHA-256, public or private
	RS256 = "RS256" // RSASSA-PKCS1-v1_5 with SHA-256, public or private, 2048 to 8192 bits
)

const minSecret = 32 // bytes; RFC 7518 section 3.2

// Key is one key with its id and its only algorithm. Printing it shows those
// two, never the key itself.
type Key struct {
	id     string
	method jwt.SigningMethod
	verify any // what method verifies with: []byte or a public key
	sign   any // what it signs with: []byte or a private key; nil if the key can only verify
}

// NewKey makes a key from its bytes. For HS256 raw is the secret, at least 32
// bytes. For the others it is a public or private key in DER or PEM as OpenSSL
// writes it (PKIX, PKCS #8, PKCS #1 or SEC 1); for EdDSA it may also be the bare
// 32 bytes of a public key or 64 of a private one. id is 1 to 64 of A-Z a-z 0-9
// . _ - and is what a token's kid must say.
func NewKey(id, alg string, raw []byte) (Key, error) {
	if !validID(id) {
		return Key{}, errors.New("auth: bad key id: use 1 to 64 of A-Z a-z 0-9 . _ -")
	}
	switch alg {
	case HS256:
		return newSecret(id, raw)
	case EdDSA:
		if key, ok, err := bareEdKey(id, raw); ok || err != nil {
			return key, err
		}
		return newPair(id, alg, raw)
	case ES256, RS256:
		return newPair(id, alg, raw)
	}
	return Key{}, fmt.Errorf("auth: key %q: unknown algorithm: use %s, %s, %s or %s", id, HS256, EdDSA, ES256, RS256)
}

func newSecret(id string, raw []byte) (Key, error) {
	if _, err := parsePair(raw); err == nil {
		// A published key as a shared secret would let anybody sign.
		return Key{}, fmt.Errorf("auth: key %q: this is a public or private key, not a secret: use its own algorithm in place of %s", id, HS256)
	}
	if len(raw) < minSecret {
		return Key{}, fmt.Errorf("auth: key %q: secret of %d bytes is too short: use at least %d, such as from openssl rand -base64 32", id, len(raw), minSecret)
	}
	secret := slices.Clone(raw)
	return Key{id, jwt.SigningMethodHS256, secret, secret}, nil
}

// ID returns the id that tokens name the key by.
func (k Key) ID() string { return k.id }

// CanSign reports whether the key can mint tokens, not only verify them.
func (k Key) CanSign() bool { return k.sign != nil }

// String returns the id and the algorithm.
func (k Key) String() string {
	if k.method == nil {
		return "no key"
	}
	return k.id + ":" + k.method.Alg()
}

// GoString keeps %#v from printing the key.
func (k Key) GoString() string { return k.String() }

// ParseKey reads "id:alg:base64", the form of flags and the environment. Both
// alphabets of base64 are read, padded or not. Its errors never show the key.
func ParseKey(spec string) (Key, error) {
	parts := strings.Split(spec, ":")
	if len(parts) != 3 {
		return Key{}, errors.New("auth: bad key: write it as id:alg:base64, such as main:HS256:…")
	}
	return parseKey(parts[0], parts[1], parts[2])
}

// parseKey reads base64, or PEM as it is.
func parseKey(id, alg, text string) (Key, error) {
	if strings.HasPrefix(strings.TrimSpace(text), pemBegin) {
		return NewKey(id, alg, []byte(text))
	}
	plain := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(strings.TrimSpace(text), "="))
	raw, err := base64.RawStdEncoding.DecodeString(plain)
	if err != nil {
		return Key{}, fmt.Errorf("auth: key %q is not base64", id)
	}
	return NewKey(id, alg, raw)
}

// GenerateKey makes a random HS256 key, for a server started without keys: its
// tokens end with the process.
func GenerateKey() Key {
	secret := make([]byte, minSecret)
	rand.Read(secret) // never fails since Go 1.24
	key, err := NewKey("generated", HS256, secret)
	if err != nil {
		panic(err)
	}
	return key
}

func validID(id string) bool {
	return len(id) >= 1 && len(id) <= 64 && strings.Trim(id, alphabet+".") == ""
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" // base64url
