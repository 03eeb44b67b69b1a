package auth

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"
)

var refusals = []*Error{
	ErrMissing, ErrMalformed, ErrSignature, ErrExpired, ErrNotYetValid, ErrAudience, ErrIssuer, ErrRevoked, ErrUnknownKey,
	errTooLarge, errNoExpiry, errCritical, errClaims,
}

// FuzzVerify looks for a token that is accepted though neither key signed it,
// for a panic, and for an error whose text is not one of the fixed ones and so
// might show the token.
func FuzzVerify(f *testing.F) {
	v := testVerifier(f)
	f.Add(forge(hsHeader, says(), hmacWith(secret)))
	f.Add(forge(`{"alg":"EdDSA","kid":"ed"}`, says(), edSign))
	f.Add(forge(`{"alg":"ES256","kid":"es"}`, says(), esSign))
	f.Add(forge(`{"alg":"RS256","kid":"rs"}`, says(), rsSign))
	f.Add(forge(`{"alg":"none","kid":"hs"}`, says(), unsigned))
	f.Add(forge(`{"alg":"HS256","kid":"ed"}`, says(), hmacWith(edPub)))
	f.Fuzz(func(t *testing.T, token string) {
		claims, err := v.Verify(token)
		if err != nil {
			var ours *Error
			if !errors.As(err, &ours) || !slices.Contains(refusals, ours) || claims != (Claims{}) {
				t.Errorf("error %v, claims %+v; want one of the fixed errors and no claims", err, claims)
			}
			return
		}
		if !signedByOurs(token) || claims.Subject == "" || claims.Expiry.Before(noon.Add(-11e9)) {
			t.Errorf("accepted %q: %+v", token, claims)
		}
	})
}

// FuzzClaims signs any header and claims with the right key, as a careless
// issuer would, and looks for a panic or for claims outside their bounds.
func FuzzClaims(f *testing.F) {
	v := testVerifier(f)
	f.Add(hsHeader, says())
	f.Add(hsHeader, says(`"aud":["a",null]`, `"exp":1e18`, `"nbf":-0.5`, `"name":"\ud800"`))
	f.Add(`{"alg":"EdDSA","kid":["hs"]}`, `[[[{}]]]`)
	f.Fuzz(func(t *testing.T, header, text string) {
		claims, err := v.Verify(forge(header, text, hmacWith(secret)))
		if err == nil && claims.check() != nil {
			t.Errorf("accepted %s: %+v", text, claims)
		}
	})
}

// signedByOurs checks the signature without the code under test.
func signedByOurs(token string) bool {
	i := strings.LastIndexByte(token, '.')
	sig, err := base64.RawURLEncoding.DecodeString(token[i+1:])
	if err != nil {
		return false
	}
	text := []byte(token[:i])
	sum := sha256.Sum256(text)
	return bytes.Equal(sig, hmacWith(secret)(token[:i])) ||
		len(sig) == ed25519.SignatureSize && ed25519.Verify(edPub, text, sig) ||
		len(sig) == 64 && ecdsa.Verify(&esPriv.PublicKey, sum[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) ||
		rsa.VerifyPKCS1v15(&rsPriv.PublicKey, crypto.SHA256, sum[:], sig) == nil
}
