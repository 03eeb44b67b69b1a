package app

import (
	"errors"
	"log/slog"
	"time"

	"arbiter/server"
	"arbiter/server/auth"
)

// keyFlags are the keys that sign and verify tokens.
type keyFlags struct {
	Key      []string `group:"Identity" placeholder:"ID:ALG:BASE64" help:"Key for tokens: HS256 with a secret of at least 32 bytes, or EdDSA (Ed25519), ES256 (P-256) or RS256 (RSA, at least 2048 bits) with a public or private key in DER or PEM. Prefer --keys-file or ARBITER_KEY: other users of this machine can see command lines."`
	KeysFile string   `group:"Identity" placeholder:"FILE" help:"JSON file of keys: {\"keys\":[{\"id\":\"main\",\"alg\":\"HS256\",\"key\":\"BASE64 or PEM\"}]}. A server reloads it when the file changes."`
	Audience string   `group:"Identity" default:"arbiter" help:"Audience (aud) of tokens."`
	Issuer   string   `group:"Identity" placeholder:"NAME" help:"Issuer (iss) of tokens. Default: any."`
}

// fixed returns the keys given as flags.
func (k *keyFlags) fixed() (list []auth.Key, err error) {
	var errs []error
	for _, spec := range k.Key {
		key, err := auth.ParseKey(spec)
		list, errs = append(list, key), append(errs, err)
	}
	return list, errors.Join(errs...)
}

// keys returns those that were given, or nil if none were.
func (k *keyFlags) keys() (*auth.Keys, error) {
	return k.open(auth.Sources{File: k.KeysFile})
}

func (k *keyFlags) open(s auth.Sources) (*auth.Keys, error) {
	var err error
	if s.Keys, err = k.fixed(); err != nil {
		return nil, err
	}
	if len(s.Keys) == 0 && s.File == "" && s.JWKS == "" {
		return nil, nil
	}
	return auth.OpenKeys(s)
}

// trustFlags are the keys, issuers and operators that a server trusts.
type trustFlags struct {
	keyFlags
	JWKS       string        `name:"jwks" group:"Identity" placeholder:"FILE|URL" help:"JWK set (RFC 7517) with the public keys of token issuers: a file, reloaded when it changes, or an https URL, fetched again as its Cache-Control says. A key of the server's own is needed besides, to sign join tokens."`
	Leeway     time.Duration `group:"Identity" default:"10s" help:"Allowed clock difference with token issuers."`
	AdminToken string        `group:"Identity" placeholder:"TOKEN" help:"Token for the operators' port, sent as Authorization: Bearer TOKEN, at least 16 bytes; tokens with the claim admin are accepted too. Without it, a loopback --admin-addr requires no token. Prefer ARBITER_ADMIN_TOKEN: other users of this machine can see command lines."`
}

func (t *trustFlags) validate() error {
	return errors.Join(atLeast("leeway", t.Leeway, 0), atMost("leeway", t.Leeway, 10*time.Minute))
}

// configure adds whom the server trusts to its configuration.
func (t *trustFlags) configure(c *server.Config, log *slog.Logger) (err error) {
	c.Audience, c.Issuer, c.AdminToken, c.Leeway = t.Audience, t.Issuer, t.AdminToken, t.Leeway
	if c.Leeway == 0 {
		c.Leeway = -1 // the server's 0 is its default
	}
	c.Keys, err = t.open(auth.Sources{File: t.KeysFile, JWKS: t.JWKS, Log: log})
	return err
}
