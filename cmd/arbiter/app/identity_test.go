package app

import (
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"arbiter/game/tag"
	"arbiter/netcode/client"
	"arbiter/server/auth"
)

// A fresh key of each algorithm signs tokens that it verifies.
func TestTokenAlgorithms(t *testing.T) {
	for _, alg := range []string{auth.HS256, auth.EdDSA, auth.ES256, auth.RS256} {
		key := strings.TrimSpace(mustRun(t, "token", "--new-key", "--alg", alg))
		token := strings.TrimSpace(mustRun(t, "token", "--key", key, "--admin", "--service"))
		claims, err := verifier(t, key, "").Verify(token)
		if err != nil || !claims.Admin || !claims.Service || !strings.HasPrefix(key, "main:"+alg+":") {
			t.Errorf("%s: %+v, %v", alg, claims, err)
		}
	}
}

// publicJWK is the public half of a key as an issuer publishes it.
func publicJWK(t *testing.T, spec string) string {
	t.Helper()
	parts := strings.Split(spec, ":")
	raw, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(raw)
	if err != nil {
		t.Fatal(err)
	}
	point, err := parsed.(*ecdsa.PrivateKey).PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	return fmt.Sprintf(`{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","kid":%q,"x":%q,"y":%q}]}`, parts[0], b64(point[1:33]), b64(point[33:]))
}

func TestServeWithAnIssuer(t *testing.T) {
	t.Parallel()
	key := strings.TrimSpace(mustRun(t, "token", "--new-key", "--alg", "ES256"))
	set := publicJWK(t, key)
	issuer := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, set) }))
	defer issuer.Close()
	mint := func(more ...string) string {
		return strings.TrimSpace(mustRun(t, append([]string{"token", "--key", key, "--sub", "ann"}, more...)...))
	}
	for name, source := range map[string]string{"URL": issuer.URL + "/keys", "file": file(t, "jwks.json", set)} {
		t.Run(name, func(t *testing.T) {
			s := serving(t, "--games", "tag", "--jwks", source, "--issuer", "https://id.example.com", "--leeway", "1s")
			config := client.Config{URL: "ws://" + s.addr, Token: mint("--issuer", "https://id.example.com")}
			var c *client.Client[tag.State, tag.Input]
			var err error
			for began := time.Now(); time.Since(began) < 20*time.Second; { // the set of a URL comes in its own time
				if c, err = client.Dial(t.Context(), tag.Game, config); err == nil {
					break
				}
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
			config.Token = mint()
			if _, err := client.Dial(t.Context(), tag.Game, config); err == nil || !strings.Contains(err.Error(), "wrong issuer") {
				t.Errorf("a token of nobody: %v", err)
			}
		})
	}
}

func TestServeIdentityRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--jwks", "http://id.example.com/keys"}, "use https"},
		{[]string{"--jwks", "no/such/file"}, "no such file"},
		{[]string{"--leeway", "-1s"}, "leeway"},
		{[]string{"--admin-addr", "0.0.0.0:0"}, "set one with --admin-token"},
		{[]string{"--admin-addr", "0.0.0.0:0", "--admin-token", "short"}, "too short"},
		{[]string{"--key", "a:RS256:AAAA"}, "not an RSA key"},
	} {
		o := command(t, append([]string{"serve", "--addr", "127.0.0.1:0", "--log-level", "error"}, c.args...)...)
		if o.status == exitDone || !strings.Contains(o.err, c.says) {
			t.Errorf("%v: status %d, %s, want %q", c.args, o.status, o.err, c.says)
		}
	}
}
