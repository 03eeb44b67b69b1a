package auth

import (
	"crypto"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Sources says where keys come from. At least one of Keys, File and JWKS is
// needed. Of keys with one id those of Keys win over File's, and those over
// JWKS's, so that an issuer cannot replace the server's own.
type Sources struct {
	Keys []Key  // fixed ones
	File string // a key file as LoadKeys reads it; read again when it changes
	// JWKS is a JWK set (RFC 7517): the path of a file, read again when it
	// changes, or an https URL (http on this machine), fetched by Watch.
	JWKS   string
	Client *http.Client // for JWKS; nil = one without cookies that gives up after 10 s
	Log    *slog.Logger // nil = none
}

// KeyStats counts what became of the sources that are read again.
type KeyStats struct {
	Keys     int       // usable now, of all sources
	JWKS     bool      // there is a JWK set
	Read     time.Time // when the JWK set was last read in order; zero = never
	Fetches  uint64    // attempts to read the JWK set from its URL
	Failures uint64    // of those, and of readings of files that changed
	Skipped  int       // keys of the JWK set that cannot be used here
}

// OpenKeys reads the files among the sources and fails if one is broken. A JWK
// set behind a URL is not fetched before Watch, so that a server starts while
// its issuer is away; until then its tokens are refused.
func OpenKeys(s Sources) (*Keys, error) {
	if len(s.Keys) == 0 && s.File == "" && s.JWKS == "" {
		return nil, errors.New("auth: no sources of keys: give keys, a key file or a JWK set")
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	if s.Client == nil {
		s.Client = &http.Client{Timeout: fetchTimeout}
	}
	k := &Keys{sources: s}
	k.stats.JWKS = s.JWKS != ""
	if s.remote() {
		if err := checkURL(s.JWKS); err != nil {
			return nil, err
		}
		k.asking = make(chan struct{}, 1)
	}
	k.set.Store(&keySet{})
	if s.File != "" {
		k.files = append(k.files, &watched{path: s.File, read: func(time.Time) error { return k.readFile() }})
	}
	if s.JWKS != "" && !s.remote() {
		k.files = append(k.files, &watched{path: s.JWKS, read: k.readJWKSFile})
	}
	for _, f := range k.files {
		f.changed() // looked at before it is read, so that no change is missed
		if err := f.read(time.Now()); err != nil {
			return nil, err
		}
	}
	return k, k.merge()
}

// remote reports whether the JWK set is behind a URL.
func (s *Sources) remote() bool { return strings.Contains(s.JWKS, "://") }

func checkURL(text string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil { // its error would quote the URL, which may hold a password
		return errors.New("auth: bad URL of a JWK set: write it as https://host/path, without a user")
	}
	if u.Scheme == "https" || u.Scheme == "http" && onLoopback(u) {
		return nil
	}
	return fmt.Errorf("auth: JWK set at %s://%s: use https, or anybody on the way could put keys in", u.Scheme, u.Host)
}

func onLoopback(u *url.URL) bool {
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// Stats returns the counts so far.
func (k *Keys) Stats() KeyStats {
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.stats
	s.Keys = len(k.set.Load().list)
	return s
}

// merge makes the keys of all sources the ones in use.
func (k *Keys) merge() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	set, err := newKeySet(append(k.sources.Keys[:len(k.sources.Keys):len(k.sources.Keys)], k.file...))
	if err != nil {
		return err
	}
	for _, key := range k.remote {
		if _, own := set.byID[key.id]; !own {
			set.byID[key.id] = key
			set.list = append(set.list, key)
		}
	}
	k.set.Store(set)
	return nil
}

func (k *Keys) readFile() error {
	keys, err := LoadKeys(k.sources.File)
	if err != nil {
		return err
	}
	if _, err := newKeySet(append(k.sources.Keys[:len(k.sources.Keys):len(k.sources.Keys)], keys...)); err != nil {
		return fmt.Errorf("auth: key file %s: %w", k.sources.File, err)
	}
	k.mu.Lock()
	k.file = keys
	k.mu.Unlock()
	return k.merge()
}

func (k *Keys) readJWKSFile(now time.Time) error {
	text, err := readBounded(k.sources.JWKS, maxJWKS)
	if err != nil {
		return fmt.Errorf("auth: JWK set: %w", err)
	}
	if _, err := k.replaceJWKS(text, now); err != nil {
		return fmt.Errorf("%w (in %s)", err, k.sources.JWKS)
	}
	return nil
}

// replaceJWKS puts a JWK set in the place of the one before, unless it is broken,
// and reports whether it differs.
func (k *Keys) replaceJWKS(text []byte, now time.Time) (changed bool, err error) {
	keys, skipped, err := readJWKS(text)
	if err != nil {
		return false, err
	}
	k.mu.Lock()
	changed = !sameKeys(keys, k.remote)
	k.remote, k.stats.Read, k.stats.Skipped = keys, now, skipped
	k.mu.Unlock()
	return changed, k.merge()
}

func sameKeys(a, b []Key) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		equal, ok := a[i].verify.(interface{ Equal(crypto.PublicKey) bool })
		if a[i].id != b[i].id || !ok || !equal.Equal(b[i].verify) {
			return false
		}
	}
	return true
}

// failed counts and logs a source that could not be read; what it said before
// stays in use.
func (k *Keys) failed(source string, err error) {
	k.mu.Lock()
	k.stats.Failures++
	k.mu.Unlock()
	k.sources.Log.Warn("keys not read again; those that were known stay in use", "source", source, "error", err)
}
