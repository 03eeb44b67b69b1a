package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"arbiter/server/auth"
)

type tokenCommand struct {
	configured
	Sub    string        `default:"developer" help:"Who the player is (sub): the same player in every match, 1 to 128 bytes."`
	Name   string        `help:"What other players see (name), at most 64 bytes."`
	For    time.Duration `default:"24h" help:"How long the token is valid."`
	Match  string        `placeholder:"ID" help:"The only match that the token lets its bearer enter; without it, any."`
	KeyID  string        `name:"key-id" placeholder:"ID" help:"The key to sign with; without it, the first one that can sign."`
	NewKey bool          `help:"Print a fresh key in the form --key takes, instead of a token."`
	keyFlags
}

// Help is the part of the help text above the flags.
func (tokenCommand) Help() string {
	return `Prints the token and nothing else. A server that is to accept it needs the same key.
A server without keys gives guest tokens to anybody and needs none of this.

    export ARBITER_KEY=$(arbiter token --new-key)
    arbiter serve &
    arbiter bots --token "$(arbiter token --sub alice --for 1h)" --clients 1

Flags may come from the environment: --sub from ARBITER_TOKEN_SUB and so on, but --key from
ARBITER_KEY, --keys-file from ARBITER_KEYS_FILE, and --audience from ARBITER_AUDIENCE.`
}

// Validate implements kong's check of a command's flags.
func (t *tokenCommand) Validate() error { return atLeast("for", t.For, time.Second) }

// Run mints the token.
func (t *tokenCommand) Run(s streams) error {
	product := newKey
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
		return "", errors.New(`no key to sign with: give the server's with --key, --keys-file or ARBITER_KEY, or make one with "arbiter token --new-key"`)
	}
	signer, err := auth.NewSigner(auth.Config{Keys: keys, Audience: t.Audience, KeyID: t.KeyID})
	if err != nil {
		return "", err
	}
	return signer.Mint(auth.Claims{Subject: t.Sub, Name: t.Name, Match: t.Match, Expiry: time.Now().Add(t.For)})
}

// newKey makes a shared secret of 256 bits.
func newKey() (string, error) {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails since Go 1.24
	spec := "main:" + auth.HS256 + ":" + base64.RawURLEncoding.EncodeToString(secret)
	_, err := auth.ParseKey(spec)
	return spec, err
}
