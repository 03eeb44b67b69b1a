package auth

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// issuer answers for a JWK set in virtual time.
type issuer struct {
	mu      sync.Mutex
	text    string        // guarded by mu
	status  int           // guarded by mu
	cache   string        // guarded by mu: Cache-Control
	err     error         // guarded by mu
	hang    bool          // guarded by mu: never answers
	to      string        // guarded by mu: redirects there
	fetches []time.Time   // guarded by mu
	log     *bytes.Buffer // guarded by mu
}

func (i *issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fetches = append(i.fetches, time.Now())
	if i.hang {
		i.mu.Unlock()
		<-r.Context().Done()
		i.mu.Lock()
		return nil, r.Context().Err()
	}
	if i.err != nil {
		return nil, i.err
	}
	h := http.Header{"Cache-Control": {i.cache}}
	if i.to != "" {
		h.Set("Location", i.to)
	}
	return &http.Response{StatusCode: i.status, Header: h, Body: io.NopCloser(strings.NewReader(i.text)), Request: r}, nil
}

func (i *issuer) set(change func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	change()
}

func (i *issuer) count() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.fetches)
}

func (i *issuer) Write(p []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.log.Write(p)
}

const jwksURL = "https://id.example.com/keys?secret=hush"

// watching runs f in virtual time with keys that come from an issuer.
func watching(t *testing.T, f func(t *testing.T, i *issuer, k *Keys, verify func(kid string) error)) {
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{status: 200, cache: "max-age=3600", text: jwksOf(jwkOf("one", edPub)), log: new(bytes.Buffer)}
		k, err := OpenKeys(Sources{
			Keys: []Key{mustKey(t, "own", HS256, secret)}, JWKS: jwksURL,
			Client: &http.Client{Transport: i}, Log: slog.New(slog.NewTextHandler(i, nil)),
		})
		if err != nil {
			t.Fatal(err)
		}
		v, err := NewVerifier(Config{Keys: k, Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		stop := startWatch(t, k)
		f(t, i, k, func(kid string) error {
			_, err := v.Verify(forge(`{"alg":"EdDSA","kid":"`+kid+`"}`, says(), edSign))
			synctest.Wait()
			return err
		})
		stop()
		if text := i.log.String(); strings.Contains(text, "hush") {
			t.Errorf("the log shows the URL's query: %s", text)
		}
	})
}

// startWatch has the keys watched until stop is called, which waits for the end.
func startWatch(t *testing.T, k *Keys) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		k.Watch(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

func TestWatchFetches(t *testing.T) {
	watching(t, func(t *testing.T, i *issuer, k *Keys, verify func(string) error) {
		synctest.Wait()
		if err := verify("one"); err != nil {
			t.Errorf("a key of the issuer: %v", err)
		}
		if s := k.Stats(); s.Keys != 2 || s.Fetches != 1 || s.Failures != 0 || !s.Read.Equal(time.Now()) {
			t.Errorf("stats %+v", s)
		}
		i.set(func() { i.text = jwksOf(jwkOf("two", edPub), jwkOf("own", edPub)) })
		time.Sleep(59 * time.Minute)
		if n := i.count(); n != 1 {
			t.Errorf("%d fetches before the set's hour was over, want 1", n)
		}
		time.Sleep(2 * time.Minute)
		if err := verify("two"); err != nil {
			t.Errorf("a new key: %v", err)
		}
		if err := verify("one"); !errors.Is(err, ErrUnknownKey) {
			t.Errorf("a key that was taken out: %v, want %v", err, ErrUnknownKey)
		}
		if err := verify("own"); !errors.Is(err, ErrSignature) {
			t.Errorf("the issuer replaced the server's own key: %v", err)
		}
	})
}

// A token with a new key id is refused at once and has the set fetched, but not
// before the least interval is over.
func TestWatchFetchesForUnknownKeys(t *testing.T) {
	watching(t, func(t *testing.T, i *issuer, k *Keys, verify func(string) error) {
		synctest.Wait()
		time.Sleep(time.Second)
		i.set(func() { i.text = jwksOf(jwkOf("one", edPub), jwkOf("new", edPub)) })
		if err := verify("new"); !errors.Is(err, ErrUnknownKey) {
			t.Errorf("at first: %v, want %v", err, ErrUnknownKey)
		}
		time.Sleep(askLeast - 2*time.Second)
		if n := i.count(); n != 1 {
			t.Errorf("%d fetches within the least interval, want 1", n)
		}
		time.Sleep(2 * time.Second)
		if err := verify("new"); err != nil {
			t.Errorf("after the fetch: %v", err)
		}
		for range 600 {
			for range 20 {
				if err := verify("made-up"); !errors.Is(err, ErrUnknownKey) {
					t.Fatal(err)
				}
			}
			time.Sleep(time.Second)
		}
		if n := i.count(); n > 2+5 {
			t.Errorf("12000 made-up ids brought about %d fetches, want at most 5", n-2)
		}
	})
}

func TestWatchKeepsTheSetIfTheNewOneIsBroken(t *testing.T) {
	watching(t, func(t *testing.T, i *issuer, k *Keys, verify func(string) error) {
		synctest.Wait()
		good := i.text
		for name, change := range map[string]func(){
			"junk":               func() { i.text = "<html>hush</html>" },
			"empty set":          func() { i.text = `{"keys":[]}` },
			"too large":          func() { i.text = good + strings.Repeat(" ", maxJWKS) },
			"status 500":         func() { i.status = 500 },
			"no answer":          func() { i.hang = true },
			"no network":         func() { i.err = errors.New("no route to host") },
			"redirect to http":   func() { i.status, i.to = 302, "http://id.example.com/keys" },
			"redirect in circle": func() { i.status, i.to = 302, jwksURL },
		} {
			before := k.Stats()
			i.set(change)
			time.Sleep(62 * time.Minute)
			if err := verify("one"); err != nil {
				t.Errorf("%s: the old key is gone: %v", name, err)
			}
			if s := k.Stats(); s.Failures == before.Failures || s.Failures-before.Failures > 35 {
				t.Errorf("%s: %d failures in an hour, want some, but none within 2.5 minutes of another for long", name, s.Failures-before.Failures)
			}
			i.set(func() { i.text, i.status, i.hang, i.err, i.to = good, 200, false, nil, "" })
			time.Sleep(2 * retryMost)
			if s := k.Stats(); time.Since(s.Read) > 2*retryMost {
				t.Errorf("%s: not read since %v", name, s.Read)
			}
		}
	})
}

func TestWatchFiles(t *testing.T) {
	dir := t.TempDir()
	keys, set := filepath.Join(dir, "keys.json"), filepath.Join(dir, "jwks.json")
	mtime := time.Now()
	write := func(path, text string) {
		t.Helper()
		if err := errors.Join(os.WriteFile(path+"~", []byte(text), 0o600), os.Rename(path+"~", path)); err != nil {
			t.Fatal(err)
		}
		mtime = mtime.Add(time.Second)
		if err := os.Chtimes(path, mtime, mtime); err != nil { // two writes may meet in one tick of the file system's clock
			t.Fatal(err)
		}
	}
	row := func(id string) string {
		return `{"keys":[{"id":"` + id + `","alg":"HS256","key":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}]}`
	}
	write(keys, row("first"))
	write(set, jwksOf(jwkOf("a", edPub)))
	synctest.Test(t, func(t *testing.T) {
		k, err := OpenKeys(Sources{File: keys, JWKS: set})
		if err != nil {
			t.Fatal(err)
		}
		signer, err := NewSigner(Config{Keys: k, Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		stop := startWatch(t, k)
		expect := func(what, want string, failures uint64) {
			t.Helper()
			time.Sleep(fileInterval + time.Millisecond)
			synctest.Wait()
			if s := k.Stats(); k.String() != want || s.Failures != failures {
				t.Errorf("%s: %s, %d failures; want %s, %d", what, k, s.Failures, want, failures)
			}
		}
		expect("at first", "first:HS256, a:EdDSA", 0)
		write(keys, row("second"))
		expect("other keys", "second:HS256, a:EdDSA", 0)
		token, err := signer.Mint(Claims{Subject: "p"})
		if err != nil {
			t.Fatal(err)
		}
		v, err := NewVerifier(Config{Keys: k, Now: clock})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.Verify(token); err != nil {
			t.Errorf("it signs with a key that is gone: %v", err)
		}
		write(keys, `{"keys":`)
		expect("broken keys", "second:HS256, a:EdDSA", 1)
		write(set, jwksOf(jwkOf("b", edPub)))
		expect("another set", "second:HS256, b:EdDSA", 1)
		write(set, "")
		expect("an empty set", "second:HS256, b:EdDSA", 2)
		if err := os.Remove(keys); err != nil {
			t.Fatal(err)
		}
		expect("no file", "second:HS256, b:EdDSA", 2)
		write(keys, row("third"))
		expect("a file again", "third:HS256, b:EdDSA", 2)
		stop()
	})
}

func TestOpenKeysRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "broken")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, row := range map[string]struct {
		s    Sources
		says string
	}{
		"nothing":         {Sources{}, "no sources"},
		"no file":         {Sources{File: path + "x"}, "no such file"},
		"broken file":     {Sources{File: path}, "unexpected EOF"},
		"broken set":      {Sources{JWKS: path}, "not a JWK set"},
		"http":            {Sources{JWKS: "http://id.example.com/keys"}, "use https"},
		"ftp":             {Sources{JWKS: "ftp://id.example.com/keys"}, "use https"},
		"a password":      {Sources{JWKS: "https://u:hush@id.example.com/keys"}, "without a user"},
		"no host":         {Sources{JWKS: "https:///keys"}, "bad URL"},
		"not quite a URL": {Sources{JWKS: "https://[::1/keys?hush"}, "bad URL"},
	} {
		if _, err := OpenKeys(row.s); err == nil || !strings.Contains(err.Error(), row.says) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v, want an error with %q", name, err, row.says)
		}
	}
	if _, err := OpenKeys(Sources{JWKS: "http://127.0.0.1:1/keys"}); err != nil {
		t.Errorf("http on this machine: %v", err)
	}
}
