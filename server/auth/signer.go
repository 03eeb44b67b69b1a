package auth

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Lifetimes of minted tokens.
const (
	DevLifetime   = 24 * time.Hour // Mint, unless the claims have an expiry
	GuestLifetime = time.Hour      // Guest
)

// Signer mints tokens that a Verifier of the same keys and audience accepts.
// It is safe for concurrent use.
type Signer struct {
	keys     *Keys
	keyID    string
	audience string
	issuer   string
	now      func() time.Time
}

// NewSigner makes a signer. It fails if Config.KeyID names no key, or a key
// that can only verify, or if no key can sign.
func NewSigner(c Config) (*Signer, error) {
	c, err := c.filled()
	if err != nil {
		return nil, err
	}
	if _, err := c.Keys.signing(c.KeyID); err != nil {
		return nil, err
	}
	return &Signer{keys: c.Keys, keyID: c.KeyID, audience: c.Audience, issuer: c.Issuer, now: c.Now}, nil
}

// Mint returns a token that says c. A zero Expiry becomes now plus DevLifetime;
// expiries are cut to whole seconds. It fails for claims that no Verifier would
// accept.
func (s *Signer) Mint(c Claims) (string, error) {
	now := s.now()
	if c.Expiry.IsZero() {
		c.Expiry = now.Add(DevLifetime)
	}
	if err := c.check(); err != nil {
		return "", err
	}
	key, err := s.keys.signing(s.keyID) // the file it is from may have changed
	if err != nil {
		return "", err
	}
	body := newPayload(c, s.audience, now)
	body.Issuer = s.issuer
	token := jwt.NewWithClaims(key.method, body)
	token.Header["kid"] = key.id
	text, err := token.SignedString(key.sign)
	if err != nil {
		return "", fmt.Errorf("auth: sign with key %s: %w", key, err)
	}
	if len(text) > MaxToken {
		return "", errTooLarge
	}
	return text, nil
}

// Guest mints a token for somebody new, valid for GuestLifetime, with a random
// subject "guest-…" of 60 bits and the given name, which may be empty.
func (s *Signer) Guest(name string) (string, error) {
	return s.Mint(Claims{
		Subject: "guest-" + strings.ToLower(rand.Text()[:12]),
		Name:    name,
		Expiry:  s.now().Add(GuestLifetime),
	})
}
