package auth

import (
	"crypto/ed25519"
	"testing"
)

func benchmarkVerify(b *testing.B, key Key, damage bool) {
	keys, err := NewKeys(key)
	if err != nil {
		b.Fatal(err)
	}
	signer, err := NewSigner(Config{Keys: keys})
	if err != nil {
		b.Fatal(err)
	}
	token, err := signer.Mint(Claims{Subject: "player-1", Name: "Ada", Match: "m-42", ID: "4a1c"})
	if err != nil {
		b.Fatal(err)
	}
	if damage {
		token = token[:len(token)-8] + "AAAAAAAA"
	}
	verifier, err := NewVerifier(Config{Keys: keys})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if _, err := verifier.Verify(token); (err != nil) != damage {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerifyHS256(b *testing.B)    { benchmarkVerify(b, GenerateKey(), false) }
func BenchmarkVerifyHS256Bad(b *testing.B) { benchmarkVerify(b, GenerateKey(), true) }
func BenchmarkVerifyEdDSA(b *testing.B)    { benchmarkVerify(b, edKey(b), false) }
func BenchmarkVerifyEdDSABad(b *testing.B) { benchmarkVerify(b, edKey(b), true) }

func edKey(tb testing.TB) Key {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		tb.Fatal(err)
	}
	key, err := NewKey("ed", EdDSA, private)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}
