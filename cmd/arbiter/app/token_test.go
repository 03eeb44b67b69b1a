package app

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"arbiter/server/auth"
)

// keysOf has the one key of a --key flag.
func keysOf(t *testing.T, spec string) *auth.Keys {
	t.Helper()
	key, err := auth.ParseKey(spec)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.NewKeys(key)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func verifier(t *testing.T, spec, audience string) *auth.Verifier {
	t.Helper()
	v, err := auth.NewVerifier(auth.Config{Keys: keysOf(t, spec), Audience: audience})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestToken(t *testing.T) {
	key := strings.TrimSuffix(mustRun(t, "token", "--new-key"), "\n")
	if other := mustRun(t, "token", "--new-key"); other == key+"\n" {
		t.Error("two new keys are the same")
	}
	out := mustRun(t, "token", "--key", key, "--sub", "alice", "--name", "Alice", "--match", "m1", "--for", "90m")
	token, ok := strings.CutSuffix(out, "\n")
	if !ok || strings.ContainsAny(token, " \n") {
		t.Fatalf("the token is not alone: %q", out)
	}
	claims, err := verifier(t, key, "").Verify(token)
	if err != nil {
		t.Fatal(err)
	}
	if claims.Subject != "alice" || claims.Name != "Alice" || claims.Match != "m1" || claims.Admin {
		t.Errorf("got %+v", claims)
	}
	if left := time.Until(claims.Expiry); left < 89*time.Minute || left > 90*time.Minute {
		t.Errorf("valid for %v, want 90m", left)
	}
	if _, err := verifier(t, mustRun(t, "token", "--new-key"), "").Verify(token); !errors.Is(err, auth.ErrSignature) {
		t.Errorf("another key accepts it: %v", err)
	}
}

func TestTokenKeySources(t *testing.T) {
	key := strings.TrimSpace(mustRun(t, "token", "--new-key"))
	t.Run("environment", func(t *testing.T) {
		t.Setenv("ARBITER_KEY", key)
		t.Setenv("ARBITER_AUDIENCE", "elsewhere")
		token := strings.TrimSpace(mustRun(t, "token"))
		claims, err := verifier(t, key, "elsewhere").Verify(token)
		if err != nil || claims.Subject != "developer" {
			t.Errorf("%+v, %v", claims, err)
		}
		if _, err := verifier(t, key, "").Verify(token); !errors.Is(err, auth.ErrAudience) {
			t.Errorf("another audience accepts it: %v", err)
		}
	})
	t.Run("file", func(t *testing.T) {
		_, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			t.Fatal(err)
		}
		b64 := base64.StdEncoding.EncodeToString(private)
		_, secret, _ := strings.Cut(key, ":HS256:")
		path := file(t, "keys.json", fmt.Sprintf(`{"keys":[{"id":"old","alg":"HS256","key":%q},{"id":"ed","alg":"EdDSA","key":%q}]}`, secret, b64))
		token := strings.TrimSpace(mustRun(t, "token", "--keys-file", path, "--key-id", "ed"))
		if _, err := verifier(t, "ed:EdDSA:"+b64, "").Verify(token); err != nil {
			t.Error(err)
		}
		if o := command(t, "token", "--keys-file", path, "--key-id", "new"); o.status != exitFailed || !strings.Contains(o.err, `no key "new": the keys are old:HS256, ed:EdDSA`) {
			t.Errorf("unknown key id: %+v", o)
		}
	})
}
