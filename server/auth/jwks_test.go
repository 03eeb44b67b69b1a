package auth

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// jwkOf spells a public key as an issuer does; more are further members.
func jwkOf(kid string, public any, more ...string) string {
	b64 := base64.RawURLEncoding.EncodeToString
	var is string
	switch k := public.(type) {
	case ed25519.PublicKey:
		is = fmt.Sprintf(`"kty":"OKP","crv":"Ed25519","x":%q`, b64(k))
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			panic(err)
		}
		n := (len(point) - 1) / 2
		is = fmt.Sprintf(`"kty":"EC","crv":%q,"x":%q,"y":%q`, k.Params().Name, b64(point[1:1+n]), b64(point[1+n:]))
	case *rsa.PublicKey:
		is = fmt.Sprintf(`"kty":"RSA","n":%q,"e":%q`, b64(k.N.Bytes()), b64(big.NewInt(int64(k.E)).Bytes()))
	}
	return "{" + strings.Join(append([]string{fmt.Sprintf(`"kid":%q`, kid), is}, more...), ",") + "}"
}

func jwksOf(keys ...string) string { return `{"keys":[` + strings.Join(keys, ",") + `]}` }

func TestReadJWKS(t *testing.T) {
	es, rs := &esPriv.PublicKey, &rsPriv.PublicKey
	good := jwkOf("good", edPub)
	many := make([]string, maxJWKs+1)
	for i := range many {
		many[i] = jwkOf(fmt.Sprint("k", i), edPub)
	}
	for name, row := range map[string]struct {
		text    string
		keys    string // as Keys print
		skipped int
		says    string
	}{
		"one of each": {jwksOf(jwkOf("a", edPub, `"use":"sig"`, `"alg":"EdDSA"`), jwkOf("b", es, `"alg":"ES256"`), jwkOf("c", rs, `"alg":"RS256"`, `"x5c":["AAAA"]`)),
			"a:EdDSA, b:ES256, c:RS256", 0, ""},
		"RFC 9864":           {jwksOf(jwkOf("a", edPub, `"alg":"Ed25519"`)), "a:EdDSA", 0, ""},
		"kid in base64":      {jwksOf(jwkOf("abc+/de=", es)), "abc+/de=:ES256", 0, ""},
		"key_ops":            {jwksOf(jwkOf("a", es, `"key_ops":["verify"]`)), "a:ES256", 0, ""},
		"other members":      {`{"issuer":"x","keys":[` + good + `]}`, "good:EdDSA", 0, ""},
		"as many as may be":  {jwksOf(many[:maxJWKs]...), "", 0, ""},
		"too many":           {jwksOf(many...), "", 0, "65 keys"},
		"too large":          {jwksOf(good) + strings.Repeat(" ", maxJWKS), "", 0, "more than"},
		"empty":              {``, "", 0, "not a JWK set"},
		"null":               {`null`, "", 0, "without a usable key"},
		"an array":           {`[` + good + `]`, "", 0, "not a JWK set"},
		"a page":             {`<html>`, "", 0, "not a JWK set"},
		"cut":                {jwksOf(good)[:40], "", 0, "not a JWK set"},
		"no keys":            {`{"keys":[]}`, "", 0, "without a usable key (0 skipped)"},
		"only unusable ones": {jwksOf(`7`, `{}`, `null`), "", 0, "(3 skipped)"},

		"of no kid":            {jwksOf(good, jwkOf("", es)), "good:EdDSA", 1, ""},
		"of a kid with spaces": {jwksOf(good, jwkOf("a b", es)), "good:EdDSA", 1, ""},
		"of a long kid":        {jwksOf(good, jwkOf(strings.Repeat("k", maxKid+1), es)), "good:EdDSA", 1, ""},
		"of the same kid":      {jwksOf(good, jwkOf("good", es)), "good:EdDSA", 1, ""},
		"for encryption":       {jwksOf(good, jwkOf("a", rs, `"use":"enc"`)), "good:EdDSA", 1, ""},
		"to sign only":         {jwksOf(good, jwkOf("a", rs, `"key_ops":["sign"]`)), "good:EdDSA", 1, ""},
		"secret":               {jwksOf(good, `{"kid":"a","kty":"oct","k":"`+base64.RawURLEncoding.EncodeToString(secret)+`"}`), "good:EdDSA", 1, ""},
		"secret with alg":      {jwksOf(good, jwkOf("a", rs, `"alg":"HS256"`)), "good:EdDSA", 1, ""},
		"alg none":             {jwksOf(good, jwkOf("a", rs, `"alg":"none"`)), "good:EdDSA", 1, ""},
		"alg of another kind":  {jwksOf(good, jwkOf("a", rs, `"alg":"ES256"`)), "good:EdDSA", 1, ""},
		"alg PS256":            {jwksOf(good, jwkOf("a", rs, `"alg":"PS256"`)), "good:EdDSA", 1, ""},
		"private":              {jwksOf(good, jwkOf("a", es, `"d":"AAAA"`)), "good:EdDSA", 1, ""},
		"on P-384":             {jwksOf(good, jwkOf("a", &newEC(elliptic.P384()).PublicKey)), "good:EdDSA", 1, ""},
		"off the curve":        {jwksOf(good, strings.Replace(jwkOf("a", es), `"y":"`, `"y":"AAAA`, 1)), "good:EdDSA", 1, ""},
		"at infinity":          {jwksOf(good, `{"kid":"a","kty":"EC","crv":"P-256","x":"`+strings.Repeat("A", 43)+`","y":"`+strings.Repeat("A", 43)+`"}`), "good:EdDSA", 1, ""},
		"Ed of 31 bytes":       {jwksOf(good, jwkOf("a", edPub[:31])), "good:EdDSA", 1, ""},
		"weak RSA":             {jwksOf(good, jwkOf("a", &rsa.PublicKey{N: new(big.Int).Rsh(rs.N, 1024), E: 65537})), "good:EdDSA", 1, ""},
		"huge RSA":             {jwksOf(good, jwkOf("a", &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 70000), E: 65537})), "good:EdDSA", 1, ""},
		"RSA, exponent 1":      {jwksOf(good, jwkOf("a", &rsa.PublicKey{N: rs.N, E: 1})), "good:EdDSA", 1, ""},
		"wrong types":          {jwksOf(good, `{"kid":1,"kty":{}}`), "good:EdDSA", 1, ""},
		"padded base64":        {jwksOf(good, `{"kid":"a","kty":"OKP","crv":"Ed25519","x":"`+base64.URLEncoding.EncodeToString(edPub)+`"}`), "good:EdDSA", 1, ""},
	} {
		list, skipped, err := readJWKS([]byte(row.text))
		if row.says != "" {
			if err == nil || !strings.Contains(err.Error(), row.says) {
				t.Errorf("%s: %v, %v; want an error with %q", name, list, err, row.says)
			}
			continue
		}
		if err != nil || skipped != row.skipped {
			t.Errorf("%s: %d skipped, %v; want %d", name, skipped, err, row.skipped)
			continue
		}
		keys, err := NewKeys(list...)
		if err != nil || row.keys != "" && keys.String() != row.keys {
			t.Errorf("%s: %v, %v; want %s", name, keys, err, row.keys)
		}
		for _, key := range list {
			if key.CanSign() {
				t.Errorf("%s: %v can sign", name, key)
			}
		}
	}
}

// FuzzJWKS looks for a panic, and for a key that no set should give.
func FuzzJWKS(f *testing.F) {
	f.Add([]byte(jwksOf(jwkOf("a", edPub), jwkOf("b", &esPriv.PublicKey), jwkOf("c", &rsPriv.PublicKey))))
	f.Add([]byte(jwksOf(`{"kid":"a","kty":"oct","k":"AAAA","alg":"HS256"}`)))
	f.Add([]byte(`{"keys":[{"kid":"a","kty":"EC","crv":"P-256","x":"AA","y":"AA"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		keys, _, err := readJWKS(text)
		if (err == nil) != (len(keys) > 0) || len(keys) > maxJWKs {
			t.Fatalf("%d keys, %v", len(keys), err)
		}
		for _, key := range keys {
			if _, secret := key.verify.([]byte); secret || key.CanSign() || !validKid(key.id) || key.method == nil {
				t.Errorf("%v of %q", key, text)
			}
		}
		if err == nil {
			if _, err := newKeySet(keys); err != nil {
				t.Error(err)
			}
		} else if len(err.Error()) > 250 {
			t.Errorf("the error quotes the set: %v", err)
		}
	})
}
