package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Keys is a server's keys by id. It does not change and is safe for
// concurrent use.
type Keys struct {
	list []Key // as given
	byID map[string]Key
}

// NewKeys makes a set of at least one key with distinct ids.
func NewKeys(keys ...Key) (*Keys, error) {
	if len(keys) == 0 {
		return nil, errors.New("auth: no keys: give at least one, or generate one")
	}
	set := &Keys{byID: make(map[string]Key, len(keys))}
	for _, key := range keys {
		if key.method == nil {
			return nil, errors.New("auth: empty key: make keys with NewKey, ParseKey, LoadKeys or GenerateKey")
		}
		if _, twice := set.byID[key.id]; twice {
			return nil, fmt.Errorf("auth: two keys with id %q: give each its own", key.id)
		}
		set.byID[key.id] = key
		set.list = append(set.list, key)
	}
	return set, nil
}

// String lists the ids and algorithms.
func (k *Keys) String() string {
	var names []string
	for _, key := range k.list {
		names = append(names, key.String())
	}
	return strings.Join(names, ", ")
}

// signing returns the key of that id, or for an empty id the first that can sign.
func (k *Keys) signing(id string) (Key, error) {
	for _, key := range k.list {
		if (id == "" || id == key.id) && key.CanSign() {
			return key, nil
		}
	}
	if id == "" {
		return Key{}, errors.New("auth: no key can sign: add an HS256 secret or an Ed25519 private key")
	}
	if _, ok := k.byID[id]; ok {
		return Key{}, fmt.Errorf("auth: key %q can only verify: give its private half to sign", id)
	}
	return Key{}, fmt.Errorf("auth: no key %q: the keys are %s", id, k)
}

// LoadKeys reads the keys of a JSON file, at most 1 MB:
//
//	{"keys": [{"id": "main", "alg": "HS256", "key": "<base64>"}, …]}
//
// Unknown fields are refused, because a misspelt one is a key not loaded.
func LoadKeys(path string) ([]Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("auth: key file: %w", err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 1<<20))
	if err != nil {
		return nil, fmt.Errorf("auth: key file: %w", err)
	}
	keys, err := decodeKeys(text)
	if err != nil {
		return nil, fmt.Errorf("auth: key file %s: %w", path, err)
	}
	return keys, nil
}

func decodeKeys(text []byte) ([]Key, error) {
	var file struct {
		Keys []struct{ ID, Alg, Key string }
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&file); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, errors.New("something follows the JSON object: remove it")
	}
	if len(file.Keys) == 0 {
		return nil, errors.New(`no keys: write {"keys":[{"id":"main","alg":"HS256","key":"<base64>"}]}`)
	}
	var keys []Key
	for i, row := range file.Keys {
		key, err := parseKey(row.ID, row.Alg, row.Key)
		if err != nil {
			return nil, fmt.Errorf("key %d: %w", i+1, err)
		}
		keys = append(keys, key)
	}
	return keys, nil
}
