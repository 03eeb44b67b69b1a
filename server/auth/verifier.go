package auth

import (
	"errors"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// DefaultAudience is the aud of tokens unless a Config says otherwise.
const DefaultAudience = "arbiter"

// Config says what a Verifier accepts and what a Signer writes.
type Config struct {
	Keys     *Keys             // required
	Audience string            // aud; "" = DefaultAudience
	Issuer   string            // iss; "" = Verifier: any, Signer: none
	Leeway   time.Duration     // Verifier: by how much clocks may differ; 0 = 10 s, negative = none
	KeyID    string            // Signer: the key to sign with; "" = the first that can
	Revoked  func(Claims) bool // Verifier: reports what is refused as ErrRevoked; nil = nothing. It must not block
	Now      func() time.Time  // nil = time.Now
}

func (c Config) filled() (Config, error) {
	if c.Keys == nil {
		return c, errors.New("auth: config without keys")
	}
	if c.Audience == "" {
		c.Audience = DefaultAudience
	}
	switch {
	case c.Leeway == 0:
		c.Leeway = 10 * time.Second
	case c.Leeway < 0:
		c.Leeway = 0
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, nil
}

// Verifier turns tokens into claims. It is safe for concurrent use.
type Verifier struct {
	keys    *Keys
	parser  *jwt.Parser
	revoked func(Claims) bool
}

// NewVerifier makes a verifier. It fails only for a config without keys.
func NewVerifier(c Config) (*Verifier, error) {
	c, err := c.filled()
	if err != nil {
		return nil, err
	}
	options := []jwt.ParserOption{
		jwt.WithValidMethods([]string{HS256, EdDSA, ES256, RS256}),
		jwt.WithAudience(c.Audience),
		jwt.WithLeeway(c.Leeway),
		jwt.WithTimeFunc(c.Now),
		jwt.WithExpirationRequired(),
		jwt.WithStrictDecoding(),
	}
	if c.Issuer != "" {
		options = append(options, jwt.WithIssuer(c.Issuer))
	}
	return &Verifier{keys: c.Keys, parser: jwt.NewParser(options...), revoked: c.Revoked}, nil
}

// Verify returns what the token says, or an *Error. An empty token is
// ErrMissing.
func (v *Verifier) Verify(token string) (Claims, error) {
	if err := checkShape(token); err != nil {
		return Claims{}, err
	}
	var p payload
	if _, err := v.parser.ParseWithClaims(token, &p, v.key); err != nil {
		return Claims{}, refusal(err, &p)
	}
	claims := p.claims()
	if err := claims.check(); err != nil {
		return Claims{}, err
	}
	if v.revoked != nil && v.revoked(claims) {
		return Claims{}, ErrRevoked
	}
	return claims, nil
}

// checkShape refuses, before anything is decoded, what is not three parts of
// base64url. It also closes a gap of encoding/base64, which skips line breaks
// and so would accept many spellings of one token.
func checkShape(token string) error {
	switch {
	case token == "":
		return ErrMissing
	case len(token) > MaxToken:
		return errTooLarge
	case strings.Count(token, ".") != 2:
		return ErrMalformed
	}
	for i := range len(token) {
		if c := token[i]; c != '.' && !inAlphabet[c] {
			return ErrMalformed
		}
	}
	return nil
}

var inAlphabet = func() (in [256]bool) {
	for i := range len(alphabet) {
		in[alphabet[i]] = true
	}
	return in
}()

// key chooses the key by the token's kid, then insists on that key's algorithm.
func (v *Verifier) key(token *jwt.Token) (any, error) {
	if _, ok := token.Header["crit"]; ok {
		return nil, errCritical
	}
	id, _ := token.Header["kid"].(string)
	key, ok := v.keys.find(id)
	if !ok {
		return nil, ErrUnknownKey
	}
	if token.Method != key.method {
		return nil, ErrSignature
	}
	return key.verify, nil
}

// refusal maps an error of the library to one of ours. Ours carry nothing of
// theirs, which quotes parts of the token.
func refusal(err error, p *payload) *Error {
	var ours *Error
	missing := errors.Is(err, jwt.ErrTokenRequiredClaimMissing) // of aud, iss and exp, in this order
	switch {
	case errors.As(err, &ours):
		return ours
	case errors.Is(err, jwt.ErrTokenSignatureInvalid), errors.Is(err, jwt.ErrTokenUnverifiable):
		return ErrSignature
	case errors.Is(err, jwt.ErrTokenInvalidAudience), missing && strings.Join(p.Audience, "") == "":
		return ErrAudience
	case errors.Is(err, jwt.ErrTokenInvalidIssuer), missing && p.ExpiresAt != nil:
		return ErrIssuer
	case errors.Is(err, jwt.ErrTokenExpired):
		return ErrExpired
	case errors.Is(err, jwt.ErrTokenNotValidYet) && p.NotBefore != nil && tooLate(p.NotBefore.Time):
		return errTooLate
	case errors.Is(err, jwt.ErrTokenNotValidYet):
		return ErrNotYetValid
	case missing:
		return errNoExpiry
	}
	return ErrMalformed
}
