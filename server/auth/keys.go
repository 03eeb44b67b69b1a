package auth

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
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
)

const minSecret = 32 // bytes; RFC 7518 section 3.2

// Key is one key with its id and its only algorithm. Printing it shows those
// two, never the key itself.
type Key struct {
	id     string
	method jwt.SigningMethod
	verify any // []byte or ed25519.PublicKey, as method wants it
	sign   any // []byte or ed25519.PrivateKey; nil if the key can only verify
}

// NewKey makes a key from its bytes. alg is HS256 (raw is the secret, at least
// 32 bytes) or EdDSA (raw is a public key of 32 bytes, a private one of 64 bytes,
// or either in DER as OpenSSL writes it). id is 1 to 64 of A-Z a-z 0-9 . _ -
// and is what a token's kid must say.
func NewKey(id, alg string, raw []byte) (Key, error) {
	if !validID(id) {
		return Key{}, errors.New("auth: bad key id: use 1 to 64 of A-Z a-z 0-9 . _ -")
	}
	switch alg {
	case HS256:
		if len(raw) < minSecret {
			return Key{}, fmt.Errorf("auth: key %q: secret of %d bytes is too short: use at least %d, such as from openssl rand -base64 32", id, len(raw), minSecret)
		}
		secret := slices.Clone(raw)
		return Key{id, jwt.SigningMethodHS256, secret, secret}, nil
	case EdDSA:
		return newEdKey(id, raw)
	}
	return Key{}, fmt.Errorf("auth: key %q: unknown algorithm: use %s or %s", id, HS256, EdDSA)
}

func newEdKey(id string, raw []byte) (Key, error) {
	private := func(k ed25519.PrivateKey) (Key, error) {
		return Key{id, jwt.SigningMethodEdDSA, k.Public(), k}, nil
	}
	switch len(raw) {
	case ed25519.PublicKeySize:
		return Key{id, jwt.SigningMethodEdDSA, ed25519.PublicKey(slices.Clone(raw)), nil}, nil
	case ed25519.PrivateKeySize:
		k := ed25519.NewKeyFromSeed(raw[:ed25519.SeedSize])
		if !k.Equal(ed25519.PrivateKey(raw)) {
			return Key{}, fmt.Errorf("auth: key %q: the two halves of the private key don't belong together", id)
		}
		return private(k)
	}
	if k, err := x509.ParsePKCS8PrivateKey(raw); err == nil {
		if k, ok := k.(ed25519.PrivateKey); ok {
			return private(k)
		}
	}
	if k, err := x509.ParsePKIXPublicKey(raw); err == nil {
		if k, ok := k.(ed25519.PublicKey); ok {
			return Key{id, jwt.SigningMethodEdDSA, k, nil}, nil
		}
	}
	return Key{}, fmt.Errorf("auth: key %q: not an Ed25519 key: use 32 bytes (public), 64 (private) or DER", id)
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

func parseKey(id, alg, text string) (Key, error) {
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
