package main

import (
	"errors"

	"arbiter/server/auth"
)

// keyFlags are the keys that tokens are signed with and verified by.
type keyFlags struct {
	Key      []string `group:"Identity" placeholder:"ID:ALG:BASE64" help:"A key for tokens: HS256 with a secret of at least 32 bytes, or EdDSA with an Ed25519 key. Other users of this machine see what is typed here: prefer --keys-file or the environment."`
	KeysFile string   `group:"Identity" placeholder:"FILE" help:"JSON file of keys: {\"keys\":[{\"id\":\"main\",\"alg\":\"HS256\",\"key\":\"BASE64\"}]}."`
	Audience string   `group:"Identity" default:"arbiter" help:"The audience (aud) of tokens."`
}

// keys returns those that were given, or nil if none were.
func (k *keyFlags) keys() (*auth.Keys, error) {
	var list []auth.Key
	var errs []error
	for _, spec := range k.Key {
		key, err := auth.ParseKey(spec)
		list, errs = append(list, key), append(errs, err)
	}
	if k.KeysFile != "" {
		keys, err := auth.LoadKeys(k.KeysFile)
		list, errs = append(list, keys...), append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, nil
	}
	return auth.NewKeys(list...)
}
