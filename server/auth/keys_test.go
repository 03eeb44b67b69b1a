package auth

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestNewKeyForms(t *testing.T) {
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(edPriv)
	pkix, _ := x509.MarshalPKIXPublicKey(edPub)
	for name, row := range map[string]struct {
		alg  string
		raw  []byte
		sign bool
	}{
		"secret":      {HS256, secret, true},
		"public":      {EdDSA, edPub, false},
		"private":     {EdDSA, edPriv, true},
		"public DER":  {EdDSA, pkix, false},
		"private DER": {EdDSA, pkcs8, true},
	} {
		for spelling, enc := range map[string]*base64.Encoding{
			"std": base64.StdEncoding, "url": base64.URLEncoding, "raw std": base64.RawStdEncoding, "raw url": base64.RawURLEncoding,
		} {
			key, err := ParseKey("k1:" + row.alg + ":" + enc.EncodeToString(row.raw))
			if err != nil {
				t.Errorf("%s, %s: %v", name, spelling, err)
				continue
			}
			if key.ID() != "k1" || key.CanSign() != row.sign || key.String() != "k1:"+row.alg {
				t.Errorf("%s, %s: id %q, can sign %v, prints %q", name, spelling, key.ID(), key.CanSign(), key)
			}
		}
	}
}

func TestNewKeyRefuses(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := x509.MarshalPKCS8PrivateKey(ec)
	mixed := bytes.Clone(edPriv)
	mixed[63] ^= 1
	for name, row := range map[string]struct {
		id, alg string
		raw     []byte
		says    string
	}{
		"no id":            {"", HS256, secret, "key id"},
		"id with a space":  {"a b", HS256, secret, "key id"},
		"id too long":      {strings.Repeat("k", 65), HS256, secret, "key id"},
		"alg none":         {"k", "none", secret, "ES256 or RS256"},
		"alg empty":        {"k", "", secret, "ES256 or RS256"},
		"alg misspelt":     {"k", "hs256", secret, "ES256 or RS256"},
		"short secret":     {"k", HS256, secret[:31], "too short"},
		"no secret":        {"k", HS256, nil, "too short"},
		"Ed of 33 bytes":   {"k", EdDSA, make([]byte, 33), "not an Ed25519 key"},
		"mismatched halfs": {"k", EdDSA, mixed, "don't belong together"},
		"key on P-256":     {"k", EdDSA, other, "not an Ed25519 key"},
	} {
		_, err := NewKey(row.id, row.alg, row.raw)
		if err == nil || !strings.Contains(err.Error(), row.says) {
			t.Errorf("%s: %v, want an error with %q", name, err, row.says)
		}
	}
}

func TestParseKeyErrorsHideTheKey(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString(secret)
	for _, spec := range []string{plain, "k:" + plain, "k:HS256:" + plain + "!", "k:HS257:" + plain, "k:EdDSA:" + plain + "AAAA", plain + ":HS256:" + plain, ":::" + plain} {
		_, err := ParseKey(spec)
		if err == nil {
			t.Errorf("accepted %q", spec)
		} else if strings.Contains(err.Error(), plain[:12]) {
			t.Errorf("the error shows the key: %v", err)
		}
	}
}

func TestKeysPrintWithoutSecrets(t *testing.T) {
	key := mustKey(t, "hs", HS256, secret)
	keys, err := NewKeys(key, mustKey(t, "ed", EdDSA, edPriv))
	if err != nil {
		t.Fatal(err)
	}
	if keys.String() != "hs:HS256, ed:EdDSA" {
		t.Errorf("got %q", keys)
	}
	text := fmt.Sprintf("%v %+v %#v %s %v %+v %v", key, key, key, key, []Key{key}, struct{ K Key }{key}, keys)
	for _, leak := range []string{string(secret[:8]), fmt.Sprint(secret[:4])[1:8], fmt.Sprintf("%x", secret[:4]), "0x30, 0x31"} {
		if strings.Contains(text, leak) {
			t.Errorf("printing shows the secret (%q): %s", leak, text)
		}
	}
}

func TestNewKeysRefuses(t *testing.T) {
	key := mustKey(t, "k", HS256, secret)
	for name, keys := range map[string][]Key{"none": nil, "same id": {key, mustKey(t, "k", EdDSA, edPub)}, "empty key": {key, {}}} {
		if _, err := NewKeys(keys...); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestGenerateKeyDiffers(t *testing.T) {
	a, b := GenerateKey(), GenerateKey()
	if !a.CanSign() || bytes.Equal(a.sign.([]byte), b.sign.([]byte)) || len(a.sign.([]byte)) != 32 {
		t.Errorf("two generated keys: %v and %v, equal or not of 32 bytes", a, b)
	}
}

func TestLoadKeys(t *testing.T) {
	plain := base64.StdEncoding.EncodeToString(secret)
	row := `{"id":"main","alg":"HS256","key":"` + plain + `"}`
	for name, c := range map[string]struct {
		text string
		n    int
		says string
	}{
		"one":          {`{"keys":[` + row + `]}`, 1, ""},
		"two":          {`{"keys":[` + row + `,{"id":"ed","alg":"EdDSA","key":"` + base64.StdEncoding.EncodeToString(edPub) + `"}]}` + "\n", 2, ""},
		"empty":        {``, 0, "EOF"},
		"no keys":      {`{"keys":[]}`, 0, "no keys"},
		"not JSON":     {`main:HS256:` + plain, 0, "invalid character"},
		"misspelt":     {`{"keys":[{"id":"main","algorithm":"HS256","key":"` + plain + `"}]}`, 0, `"algorithm"`},
		"trailing":     {`{"keys":[` + row + `]}{}`, 0, "follows"},
		"bad second":   {`{"keys":[` + row + `,{"id":"x","alg":"HS256","key":"AA"}]}`, 0, `key 2: auth: key "x"`},
		"not base64":   {`{"keys":[{"id":"x","alg":"HS256","key":"%%%%"}]}`, 0, "not base64"},
		"alg not said": {`{"keys":[{"id":"x","key":"` + plain + `"}]}`, 0, "ES256 or RS256"},
	} {
		path := filepath.Join(t.TempDir(), "keys.json")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		keys, err := LoadKeys(path)
		if c.says == "" && (err != nil || len(keys) != c.n) {
			t.Errorf("%s: %d keys, %v; want %d", name, len(keys), err, c.n)
		}
		if c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), path)) {
			t.Errorf("%s: %v, want an error with the path and %q", name, err, c.says)
		}
		if err != nil && strings.Contains(err.Error(), plain[:12]) {
			t.Errorf("%s: the error shows the key: %v", name, err)
		}
	}
	if _, err := LoadKeys(filepath.Join(t.TempDir(), "absent")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent file: %v", err)
	}
}
