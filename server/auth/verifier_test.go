package auth

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

var (
	noon   = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	secret = []byte("0123456789abcdef0123456789abcdef")
	edPriv = ed25519.NewKeyFromSeed([]byte("seed seed seed seed seed seed 32"))
	edPub  = edPriv.Public().(ed25519.PublicKey)
)

func clock() time.Time { return noon }

func mustKey(tb testing.TB, id, alg string, raw []byte) Key {
	tb.Helper()
	key, err := NewKey(id, alg, raw)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

// testConfig has one key of each kind: "hs", "ed", "es" and "rs".
func testConfig(tb testing.TB) Config {
	tb.Helper()
	keys, err := NewKeys(mustKey(tb, "hs", HS256, secret), mustKey(tb, "ed", EdDSA, edPriv),
		mustKey(tb, "es", ES256, der(tb, esPriv)), mustKey(tb, "rs", RS256, der(tb, rsPriv)))
	if err != nil {
		tb.Fatal(err)
	}
	return Config{Keys: keys, Now: clock}
}

func testVerifier(tb testing.TB) *Verifier {
	tb.Helper()
	v, err := NewVerifier(testConfig(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// forge signs any header and claims, spelled as JSON, as an issuer with the
// secret or as an attacker would.
func forge(header, claims string, sign func(text string) []byte) string {
	enc := base64.RawURLEncoding
	text := enc.EncodeToString([]byte(header)) + "." + enc.EncodeToString([]byte(claims))
	return text + "." + enc.EncodeToString(sign(text))
}

func hmacWith(key []byte) func(string) []byte {
	return func(text string) []byte {
		sig, err := jwt.SigningMethodHS256.Sign(text, key)
		if err != nil {
			panic(err)
		}
		return sig
	}
}

func edSign(text string) []byte { return ed25519.Sign(edPriv, []byte(text)) }
func unsigned(string) []byte    { return nil }

const hsHeader = `{"alg":"HS256","kid":"hs"}`

// says returns claims that are good except for the given changes, such as
// `"exp":1`; a later member of a JSON object replaces an earlier one.
func says(changes ...string) string {
	base := fmt.Sprintf(`"sub":"p1","aud":"arbiter","exp":%d`, noon.Add(time.Hour).Unix())
	return "{" + strings.Join(append([]string{base}, changes...), ",") + "}"
}

func at(name string, d time.Duration) string { return fmt.Sprintf(`"%s":%d`, name, noon.Add(d).Unix()) }

func TestVerifyAccepts(t *testing.T) {
	v := testVerifier(t)
	full := `"name":"Ada 🚀","match":"m-1","team":"red","admin":true,"jti":"j1"`
	for name, token := range map[string]string{
		"HS256":             forge(hsHeader, says(full), hmacWith(secret)),
		"EdDSA":             forge(`{"typ":"JWT","kid":"ed","alg":"EdDSA"}`, says(full), edSign),
		"ES256":             forge(`{"alg":"ES256","kid":"es"}`, says(full), esSign),
		"RS256":             forge(`{"alg":"RS256","kid":"rs"}`, says(full), rsSign),
		"audience in list":  forge(hsHeader, says(full, `"aud":["other","arbiter"]`), hmacWith(secret)),
		"expired in leeway": forge(hsHeader, says(full, at("exp", -9*time.Second)), hmacWith(secret)),
		"expires in 2286":   forge(hsHeader, says(full, `"exp":9999999999`), hmacWith(secret)),
		"expires in 9999":   forge(hsHeader, says(full, `"exp":253402300799`), hmacWith(secret)),
		"nbf in leeway":     forge(hsHeader, says(full, at("nbf", 9*time.Second)), hmacWith(secret)),
	} {
		c, err := v.Verify(token)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := Claims{Subject: "p1", Name: "Ada 🚀", Match: "m-1", Team: "red", Admin: true, ID: "j1", Expiry: c.Expiry}
		if c != want {
			t.Errorf("%s: got %+v, want %+v", name, c, want)
		}
	}
	c, err := v.Verify(forge(hsHeader, says(), hmacWith(secret)))
	if err != nil || !c.Expiry.Equal(noon.Add(time.Hour)) || c.Admin || c.Name != "" {
		t.Errorf("least claims: %+v, %v", c, err)
	}
}

// Hazards: token.
func TestVerifyRefuses(t *testing.T) {
	good := hmacWith(secret)
	alg := func(a string) string { return `{"alg":` + a + `,"kid":"hs"}` }
	for name, row := range map[string]struct {
		token string
		want  *Error
	}{
		"empty":                   {"", ErrMissing},
		"not a token":             {"hello", ErrMalformed},
		"two parts":               {"e30.e30", ErrMalformed},
		"four parts":              {forge(hsHeader, says(), good) + ".e30", ErrMalformed},
		"JWE":                     {"e30.e30.e30.e30.e30", ErrMalformed},
		"line break":              {forge(hsHeader, says(), good) + "\n", ErrMalformed},
		"padding":                 {forge(hsHeader, says(), good) + "=", ErrMalformed},
		"standard base64":         {strings.Replace(forge(hsHeader, says(), good), ".", ".+", 1), ErrMalformed},
		"dots only":               {"..", ErrMalformed},
		"header not JSON":         {forge(`nope`, says(), good), ErrMalformed},
		"header an array":         {forge(`[]`, says(), good), ErrMalformed},
		"header null":             {forge(`null`, says(), good), ErrSignature},
		"claims not JSON":         {forge(hsHeader, `nope`, good), ErrMalformed},
		"claims an array":         {forge(hsHeader, `[]`, good), ErrMalformed},
		"claims null":             {forge(hsHeader, `null`, good), ErrAudience},
		"claims of wrong type":    {forge(hsHeader, says(`"sub":7`), good), ErrMalformed},
		"deep claims":             {forge(hsHeader, says(`"x":`+strings.Repeat("[", 700)), good), ErrMalformed},
		"too large":               {forge(hsHeader, says(`"x":"`+strings.Repeat("a", 2000)+`"`), good), errTooLarge},
		"critical extension":      {forge(`{"alg":"HS256","kid":"hs","crit":["b64"],"b64":false}`, says(), good), errCritical},
		"other secret":            {forge(hsHeader, says(), hmacWith([]byte("another secret of 32 bytes, yes!"))), ErrSignature},
		"no signature":            {forge(hsHeader, says(), unsigned), ErrSignature},
		"alg none":                {forge(alg(`"none"`), says(), unsigned), ErrSignature},
		"alg None":                {forge(alg(`"None"`), says(), unsigned), ErrSignature},
		"alg NONE":                {forge(alg(`"NONE"`), says(), unsigned), ErrSignature},
		"alg nOnE":                {forge(alg(`"nOnE"`), says(), unsigned), ErrSignature},
		"alg escaped none":        {forge(alg(`"\u006eone"`), says(), unsigned), ErrSignature},
		"alg none, signed":        {forge(alg(`"none"`), says(), good), ErrSignature},
		"alg none without kid":    {forge(`{"alg":"none"}`, says(), unsigned), ErrSignature},
		"alg empty":               {forge(alg(`""`), says(), unsigned), ErrSignature},
		"alg null":                {forge(alg(`null`), says(), good), ErrSignature},
		"alg missing":             {forge(`{"kid":"hs"}`, says(), good), ErrSignature},
		"alg list":                {forge(alg(`["HS256"]`), says(), good), ErrSignature},
		"alg twice, none last":    {forge(alg(`"HS256","alg":"none"`), says(), unsigned), ErrSignature},
		"alg lower case":          {forge(alg(`"hs256"`), says(), good), ErrSignature},
		"alg of no key":           {forge(alg(`"HS512"`), says(), good), ErrSignature},
		"alg unregistered":        {forge(alg(`"ES256K"`), says(), good), ErrSignature},
		"public key as secret":    {forge(`{"alg":"HS256","kid":"ed"}`, says(), hmacWith(edPub)), ErrSignature},
		"private key as secret":   {forge(`{"alg":"HS256","kid":"ed"}`, says(), hmacWith(edPriv)), ErrSignature},
		"EdDSA under HS256's key": {forge(`{"alg":"EdDSA","kid":"hs"}`, says(), edSign), ErrSignature},
		"HS256 called EdDSA":      {forge(`{"alg":"EdDSA","kid":"ed"}`, says(), good), ErrSignature},
		"EdDSA called HS256":      {forge(hsHeader, says(), edSign), ErrSignature},
		"ES256 under RS256's key": {forge(`{"alg":"ES256","kid":"rs"}`, says(), esSign), ErrSignature},
		"ES256 called RS256":      {forge(`{"alg":"RS256","kid":"es"}`, says(), esSign), ErrSignature},
		"ES256 in DER":            {forge(`{"alg":"ES256","kid":"es"}`, says(), esSignDER), ErrSignature},
		"ES256 of zeros":          {forge(`{"alg":"ES256","kid":"es"}`, says(), zeros(64)), ErrSignature},
		"EdDSA of zeros":          {forge(`{"alg":"EdDSA","kid":"ed"}`, says(), zeros(64)), ErrSignature},
		"RS256 of zeros":          {forge(`{"alg":"RS256","kid":"rs"}`, says(), zeros(256)), ErrSignature},
		"RS256 under ES256's key": {forge(`{"alg":"RS256","kid":"es"}`, says(), rsSign), ErrSignature},
		"RS256 called PS256":      {forge(`{"alg":"PS256","kid":"rs"}`, says(), rsSign), ErrSignature},
		"PS256":                   {forge(`{"alg":"PS256","kid":"rs"}`, says(), psSign), ErrSignature},
		"PS256 called RS256":      {forge(`{"alg":"RS256","kid":"rs"}`, says(), psSign), ErrSignature},
		"RS512":                   {forge(`{"alg":"RS512","kid":"rs"}`, says(), rsSign), ErrSignature},
		"ES384":                   {forge(`{"alg":"ES384","kid":"es"}`, says(), esSign), ErrSignature},
		"none under RS256's key":  {forge(`{"alg":"none","kid":"rs"}`, says(), unsigned), ErrSignature},
		"none under ES256's key":  {forge(`{"alg":"none","kid":"es"}`, says(), unsigned), ErrSignature},
		"RSA key as secret":       {forge(`{"alg":"HS256","kid":"rs"}`, says(), hmacWith(der(t, &rsPriv.PublicKey))), ErrSignature},
		"RSA PEM as secret":       {forge(`{"alg":"HS256","kid":"rs"}`, says(), hmacWith(pemOf(t, &rsPriv.PublicKey))), ErrSignature},
		"EC PEM as secret":        {forge(`{"alg":"HS256","kid":"es"}`, says(), hmacWith(pemOf(t, &esPriv.PublicKey))), ErrSignature},
		"another RSA key":         {forge(`{"alg":"RS256","kid":"rs"}`, says(), rsSignWith(otherRSA)), ErrSignature},
		"kid missing":             {forge(`{"alg":"HS256"}`, says(), good), ErrUnknownKey},
		"kid empty":               {forge(`{"alg":"HS256","kid":""}`, says(), good), ErrUnknownKey},
		"kid unknown":             {forge(`{"alg":"HS256","kid":"old"}`, says(), good), ErrUnknownKey},
		"kid of other case":       {forge(`{"alg":"HS256","kid":"HS"}`, says(), good), ErrUnknownKey},
		"kid a number":            {forge(`{"alg":"HS256","kid":1}`, says(), good), ErrUnknownKey},
		"kid a path":              {forge(`{"alg":"HS256","kid":"../../dev/null"}`, says(), hmacWith(nil)), ErrUnknownKey},
		"key inside the token":    {forge(`{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}`, says(), hmacWith([]byte{0})), ErrUnknownKey},
		"expired":                 {forge(hsHeader, says(at("exp", -11*time.Second)), good), ErrExpired},
		"expired at zero":         {forge(hsHeader, says(`"exp":0`), good), ErrExpired},
		"expiry absurd":           {forge(hsHeader, says(`"exp":-1e300`), good), ErrExpired},
		"expiry not finite":       {forge(hsHeader, says(`"exp":1e999`), good), ErrMalformed},
		"expiry missing":          {forge(hsHeader, `{"sub":"p1","aud":"arbiter"}`, good), errNoExpiry},
		"expiry a word":           {forge(hsHeader, says(`"exp":"never"`), good), ErrMalformed},
		"expiry in milliseconds":  {forge(hsHeader, says(fmt.Sprintf(`"exp":%d`, noon.UnixMilli())), good), errTooLate},
		"expiry in nanoseconds":   {forge(hsHeader, says(fmt.Sprintf(`"exp":%d`, noon.UnixNano())), good), errTooLate},
		"expiry in year 10000":    {forge(hsHeader, says(`"exp":253402300800`), good), errTooLate},
		"nbf in milliseconds":     {forge(hsHeader, says(fmt.Sprintf(`"nbf":%d`, noon.UnixMilli())), good), errTooLate},
		"join_by in milliseconds": {forge(hsHeader, says(`"jti":"j","match":"m"`, fmt.Sprintf(`"join_by":%d`, noon.UnixMilli())), good), errTooLate},
		"not yet valid":           {forge(hsHeader, says(at("nbf", 11*time.Second)), good), ErrNotYetValid},
		"other audience":          {forge(hsHeader, says(`"aud":"shop"`), good), ErrAudience},
		"audience's prefix":       {forge(hsHeader, says(`"aud":"arbiter2"`), good), ErrAudience},
		"audience list":           {forge(hsHeader, says(`"aud":["shop","bank"]`), good), ErrAudience},
		"audience empty":          {forge(hsHeader, says(`"aud":[]`), good), ErrAudience},
		"audience missing":        {forge(hsHeader, fmt.Sprintf(`{"sub":"p1","exp":%d}`, noon.Unix()+9), good), ErrAudience},
		"audience a number":       {forge(hsHeader, says(`"aud":7`), good), ErrMalformed},
		"subject missing":         {forge(hsHeader, says(`"sub":""`), good), errClaims},
		"subject long":            {forge(hsHeader, says(`"sub":"`+strings.Repeat("s", 129)+`"`), good), errClaims},
		"subject with newline":    {forge(hsHeader, says(`"sub":"a\nb"`), good), errClaims},
		"name long":               {forge(hsHeader, says(`"name":"`+strings.Repeat("n", 65)+`"`), good), errClaims},
		"name turns the text":     {forge(hsHeader, says(`"name":"a\u202eb"`), good), errClaims},
		"match with NUL":          {forge(hsHeader, says(`"match":"a\u0000"`), good), errClaims},
		"team long":               {forge(hsHeader, says(`"team":"`+strings.Repeat("t", 129)+`"`), good), errClaims},
		"id long":                 {forge(hsHeader, says(`"jti":"`+strings.Repeat("j", 129)+`"`), good), errClaims},
	} {
		claims, err := testVerifier(t).Verify(row.token)
		if !errors.Is(err, row.want) || err.Error() != row.want.Error() {
			t.Errorf("%s: got %v (claims %+v), want %v", name, err, claims, row.want)
		}
		if claims != (Claims{}) {
			t.Errorf("%s: refused, yet claims %+v", name, claims)
		}
		checkSilent(t, row.token, err)
	}
}

// checkSilent fails if the error shows any part of the token.
func checkSilent(t *testing.T, token string, err error) {
	t.Helper()
	if err == nil {
		return
	}
	for part := range strings.SplitSeq(token, ".") {
		for text := range strings.SplitSeq(part, " ") {
			if len(text) > 8 && strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), text) {
				t.Errorf("the error %q shows the token", err)
			}
		}
	}
}

// Hazards: truncated.
func TestVerifyRefusesEveryTruncation(t *testing.T) {
	v := testVerifier(t)
	for _, token := range oneOfEach() {
		if _, err := v.Verify(token); err != nil {
			t.Fatal(err)
		}
		for i := range token {
			if _, err := v.Verify(token[:i]); err == nil {
				t.Errorf("accepted the first %d of %d bytes", i, len(token))
			}
		}
	}
}

// Hazards: mutated.
func TestVerifyRefusesEveryMutation(t *testing.T) {
	v := testVerifier(t)
	for _, token := range oneOfEach() {
		for i := range token {
			for bit := range 8 {
				b := []byte(token)
				b[i] ^= 1 << bit
				if _, err := v.Verify(string(b)); err == nil {
					t.Errorf("accepted with bit %d of byte %d of %d flipped", bit, i, len(token))
				}
			}
		}
	}
}

func TestVerifyAudienceAndLeewayAreConfigured(t *testing.T) {
	c := testConfig(t)
	c.Audience, c.Leeway = "arena", -1
	v, err := NewVerifier(c)
	if err != nil {
		t.Fatal(err)
	}
	good := hmacWith(secret)
	if _, err := v.Verify(forge(hsHeader, says(), good)); !errors.Is(err, ErrAudience) {
		t.Errorf("default audience: %v, want %v", err, ErrAudience)
	}
	if _, err := v.Verify(forge(hsHeader, says(`"aud":"arena"`, at("exp", -time.Second)), good)); !errors.Is(err, ErrExpired) {
		t.Errorf("expired a second ago without leeway: %v, want %v", err, ErrExpired)
	}
	if _, err := v.Verify(forge(hsHeader, says(`"aud":"arena"`), good)); err != nil {
		t.Error(err)
	}
	if _, err := NewVerifier(Config{}); err == nil {
		t.Error("a verifier without keys was made")
	}
}

func TestErrorCodesAreStableAndDistinct(t *testing.T) {
	want := []string{"token-missing", "token-malformed", "token-signature", "token-expired", "token-not-yet-valid", "token-audience", "token-issuer", "token-revoked", "token-unknown-key"}
	all := []*Error{ErrMissing, ErrMalformed, ErrSignature, ErrExpired, ErrNotYetValid, ErrAudience, ErrIssuer, ErrRevoked, ErrUnknownKey}
	for i, err := range all {
		if err.Code != want[i] || !strings.HasPrefix(err.Error(), "auth: ") {
			t.Errorf("%q: code %q, want %q and the package's name", err, err.Code, want[i])
		}
		for j, other := range all {
			if errors.Is(err, other) != (i == j) {
				t.Errorf("errors.Is(%q, %q) = %v", err.Code, other.Code, i != j)
			}
		}
	}
}
