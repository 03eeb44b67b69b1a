package auth

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"sync/atomic"
)

// Keys is a server's keys by id: those that were given, and what Watch reads
// from a file and a JWK set while it runs. Safe for concurrent use.
type Keys struct {
	// Static.
	sources Sources
	files   []*watched    // their state is Watch's
	asking  chan struct{} // holds at most one: somebody came with an id that is not known

	set atomic.Pointer[keySet]

	mu     sync.Mutex
	file   []Key    // guarded by mu: as the file last said
	remote []Key    // guarded by mu: as the JWK set last said
	stats  KeyStats // guarded by mu
}

// keySet is the keys at one time. It does not change.
type keySet struct {
	list []Key // in order of sources
	byID map[string]Key
}

// NewKeys makes a set of at least one key with distinct ids, which does not
// change.
func NewKeys(keys ...Key) (*Keys, error) {
	if len(keys) == 0 {
		return nil, errors.New("auth: no keys: give at least one, or generate one")
	}
	set, err := newKeySet(keys)
	if err != nil {
		return nil, err
	}
	k := &Keys{sources: Sources{Keys: set.list}}
	k.set.Store(set)
	return k, nil
}

// newKeySet fails if two keys have one id.
func newKeySet(keys []Key) (*keySet, error) {
	set := &keySet{byID: make(map[string]Key, len(keys))}
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

// find returns the key of that id. If there is none, the JWK set may be fetched
// again, later and elsewhere: see Watch.
func (k *Keys) find(id string) (Key, bool) {
	key, ok := k.set.Load().byID[id]
	if !ok && k.asking != nil {
		select {
		case k.asking <- struct{}{}:
		default:
		}
	}
	return key, ok
}

// String lists the ids and algorithms.
func (k *Keys) String() string {
	var names []string
	for _, key := range k.set.Load().list {
		names = append(names, key.String())
	}
	return strings.Join(names, ", ")
}

// signing returns the key of that id, or for an empty id the first that can sign.
func (k *Keys) signing(id string) (Key, error) {
	set := k.set.Load()
	for _, key := range set.list {
		if (id == "" || id == key.id) && key.CanSign() {
			return key, nil
		}
	}
	if id == "" {
		return Key{}, errors.New("auth: no key can sign: add an HS256 secret, or a private key")
	}
	if _, ok := set.byID[id]; ok {
		return Key{}, fmt.Errorf("auth: key %q can only verify: give its private half to sign", id)
	}
	return Key{}, fmt.Errorf("auth: no key %q: the keys are %s", id, k)
}

// LoadKeys reads the keys of a JSON file, at most 1 MB:
//
//	{"keys": [{"id": "main", "alg": "HS256", "key": "<base64 or PEM>"}, …]}
//
// Unknown fields are refused, because a misspelt one is a key not loaded.
func LoadKeys(path string) ([]Key, error) {
	text, err := readBounded(path, maxKeyFile)
	if err != nil {
		return nil, fmt.Errorf("auth: key file: %w", err)
	}
	keys, err := decodeKeys(text)
	if err != nil {
		return nil, fmt.Errorf("auth: key file %s: %w", path, err)
	}
	return keys, nil
}

const maxKeyFile = 1 << 20 // bytes

// readBounded reads a file of at most n bytes.
func readBounded(path string, n int64) ([]byte, error) {
	f, err := os.Open(path) // #nosec G304 -- the operator names it, not who connects
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, n+1))
	if err == nil && int64(len(text)) > n {
		err = fmt.Errorf("%s has more than %d bytes: name the right file", path, n)
	}
	return bytes.TrimPrefix(text, []byte("\ufeff")), err // the byte order mark that editors of Windows write
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
