package auth

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestMintRoundTrip(t *testing.T) {
	v := testVerifier(t)
	for _, id := range []string{"", "hs", "ed"} {
		c := testConfig(t)
		c.KeyID = id
		s, err := NewSigner(c)
		if err != nil {
			t.Fatal(err)
		}
		want := Claims{Subject: "p1", Name: "Ada", Expiry: noon.Add(time.Minute), ID: "j", Match: "m", Team: "red", Admin: true}
		token, err := s.Mint(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := v.Verify(token)
		if err != nil {
			t.Fatal(err)
		}
		if !got.Expiry.Equal(want.Expiry) {
			t.Errorf("key %q: expiry %v, want %v", id, got.Expiry, want.Expiry)
		}
		got.Expiry = want.Expiry
		if got != want {
			t.Errorf("key %q: got %+v, want %+v", id, got, want)
		}
	}
}

func TestMintLifetimes(t *testing.T) {
	s, err := NewSigner(testConfig(t))
	if err != nil {
		t.Fatal(err)
	}
	dev, err := s.Mint(Claims{Subject: "p1"})
	if err != nil {
		t.Fatal(err)
	}
	guest, err := s.Guest("Ada")
	if err != nil {
		t.Fatal(err)
	}
	v := testVerifier(t)
	if c, err := v.Verify(dev); err != nil || !c.Expiry.Equal(noon.Add(24*time.Hour)) {
		t.Errorf("dev token: expiry %v, %v; want 24 h", c.Expiry, err)
	}
	c, err := v.Verify(guest)
	if err != nil || !c.Expiry.Equal(noon.Add(time.Hour)) || c.Name != "Ada" || c.Admin {
		t.Errorf("guest token: %+v, %v; want 1 h and Ada", c, err)
	}
	other, err := s.Guest("Ada")
	if err != nil {
		t.Fatal(err)
	}
	if d, err := v.Verify(other); err != nil || d.Subject == c.Subject || !strings.HasPrefix(d.Subject, "guest-") {
		t.Errorf("two guests are %q and %q, %v", c.Subject, d.Subject, err)
	}
}

func TestMintRefusesWhatVerifyWould(t *testing.T) {
	s, err := NewSigner(testConfig(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]Claims{
		"no subject":  {},
		"long name":   {Subject: "p", Name: strings.Repeat("n", 65)},
		"not UTF-8":   {Subject: "p", Name: "\xff"},
		"control":     {Subject: "p", Team: "a\tb"},
		"long match":  {Subject: "p", Match: strings.Repeat("m", 129)},
		"long ID":     {Subject: "p", ID: strings.Repeat("j", 129)},
		"BOM in name": {Subject: "p", Name: "\ufeffa"},
	} {
		if token, err := s.Mint(c); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %q, %v; want %v", name, token, err, ErrMalformed)
		}
	}
	if _, err := s.Mint(Claims{Subject: "p", Name: "می\u200cخواهم 👩\u200d🚀"}); err != nil {
		t.Errorf("a name with joiners: %v", err)
	}
}

func TestMintLargestClaimsFit(t *testing.T) {
	c := testConfig(t)
	c.KeyID = "ed"
	s, err := NewSigner(c)
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat(`"`, 128) // doubles in JSON
	token, err := s.Mint(Claims{Subject: long, Name: long[:64], Match: long, Team: long, ID: long, Admin: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := testVerifier(t).Verify(token); err != nil {
		t.Errorf("token of %d bytes: %v", len(token), err)
	}
}

func TestNewSignerRefuses(t *testing.T) {
	public, err := NewKeys(mustKey(t, "pub", EdDSA, edPub))
	if err != nil {
		t.Fatal(err)
	}
	for says, c := range map[string]Config{
		"without keys":    {},
		"no key can sign": {Keys: public},
		"can only verify": {Keys: public, KeyID: "pub"},
		"no key \"x\"":    {Keys: public, KeyID: "x"},
	} {
		if _, err := NewSigner(c); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want an error with %q", err, says)
		}
	}
}

func TestSecondKeyVerifiesAfterRotation(t *testing.T) {
	old := mustKey(t, "2025", HS256, secret)
	before, _ := NewKeys(old)
	after, err := NewKeys(mustKey(t, "2026", EdDSA, edPriv), old)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSigner(Config{Keys: before, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.Mint(Claims{Subject: "p1"})
	if err != nil {
		t.Fatal(err)
	}
	v, err := NewVerifier(Config{Keys: after, Now: clock})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.Verify(token); err != nil {
		t.Errorf("a token of the old key: %v", err)
	}
}
