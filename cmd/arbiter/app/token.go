package app

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"arbiter/server/auth"
)

type tokenCommand struct {
	configured
	Sub     string        `default:"developer" help:"Player identity (sub), the same in every match, 1 to 128 bytes."`
	Name    string        `help:"Display name (name), at most 64 bytes."`
	For     time.Duration `default:"24h" help:"Lifetime of the token."`
	Match   string        `placeholder:"ID" help:"Match that the token is limited to. Default: any match."`
	Admin   bool          `help:"Give the token access to the operators' port."`
	Service bool          `help:"Make it the token of a service, which may act for any player."`
	KeyID   string        `name:"key-id" placeholder:"ID" help:"Key to sign with. Default: the first one that can sign."`
	NewKey  bool          `help:"Print a new key, in the form that --key takes, instead of a token."`
	Alg     string        `default:"HS256" enum:"HS256,EdDSA,ES256,RS256" help:"Algorithm of --new-key: HS256 for a secret; EdDSA, ES256 or RS256 for a private key."`
	keyFlags
}

// Help is the part of the help text above the flags.
func (tokenCommand) Help() string {
	return `Prints the token and nothing else. The server that accepts it must have the same key. A server
without keys gives guest tokens to anyone and needs none of this.

    export ARBITER_KEY=$(arbiter token --new-key)
    arbiter serve &
    arbiter bots --token "$(arbiter token --sub alice --for 1h)" --clients 1

Flags may also be set by environment variables: --sub by ARBITER_TOKEN_SUB and so on, but --key by
ARBITER_KEY, --keys-file by ARBITER_KEYS_FILE, --audience by ARBITER_AUDIENCE and --issuer by
ARBITER_ISSUER.`
}

// Validate implements kong's check of a command's flags.
func (t *tokenCommand) Validate() error { return atLeast("for", t.For, time.Second) }

// Run mints the token.
func (t *tokenCommand) Run(s streams) error {
	product := t.newKey
	if !t.NewKey {
		product = t.mint
	}
	text, err := product()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, text)
	return err
}

func (t *tokenCommand) mint() (string, error) {
	keys, err := t.keys()
	if err != nil {
		return "", err
	}
	if keys == nil {
		return "", errors.New(`no key to sign with: give the server's key with --key, --keys-file or ARBITER_KEY, or make one with "arbiter token --new-key"`)
	}
	signer, err := auth.NewSigner(auth.Config{Keys: keys, Audience: t.Audience, Issuer: t.Issuer, KeyID: t.KeyID})
	if err != nil {
		return "", err
	}
	return signer.Mint(auth.Claims{Subject: t.Sub, Name: t.Name, Match: t.Match, Admin: t.Admin, Service: t.Service, Expiry: time.Now().Add(t.For)})
}

// newKey makes a secret of 256 bits, or a private key.
func (t *tokenCommand) newKey() (string, error) {
	var raw []byte
	var pair crypto.Signer
	var err error
	switch t.Alg {
	case auth.EdDSA:
		_, pair, err = ed25519.GenerateKey(nil)
	case auth.ES256:
		pair, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	case auth.RS256:
		pair, err = rsa.GenerateKey(rand.Reader, 3072)
	default:
		raw = make([]byte, 32)
		rand.Read(raw) // never fails since Go 1.24
	}
	if pair != nil && err == nil {
		raw, err = x509.MarshalPKCS8PrivateKey(pair)
	}
	if err != nil {
		return "", err
	}
	spec := "main:" + t.Alg + ":" + base64.RawURLEncoding.EncodeToString(raw)
	_, err = auth.ParseKey(spec)
	return spec, err
}
