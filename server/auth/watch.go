package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"time"
)

const (
	fetchTimeout = 10 * time.Second
	fileInterval = 2 * time.Second // between looks at whether a file changed
	maxRedirects = 3
)

// Watch keeps the keys up to date until ctx ends: it fetches the JWK set and
// looks whether files changed. What is broken is logged and counted, and the
// keys that were known stay in use. It returns at once if there is nothing to
// watch, and is called by one goroutine at a time.
func (k *Keys) Watch(ctx context.Context) {
	s := &k.sources
	if s.File == "" && s.JWKS == "" {
		return
	}
	look := time.NewTicker(fileInterval)
	defer look.Stop()
	fetch := time.NewTimer(time.Hour)
	defer fetch.Stop()
	if len(k.files) == 0 {
		look.Stop()
	}
	if s.remote() {
		fetch.Reset(0)
	} else {
		fetch.Stop()
	}
	var p pace
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
			for _, f := range k.files {
				k.look(f)
			}
			continue
		case <-fetch.C:
			k.fetch(ctx, &p)
		case <-k.asking:
			p.asked()
		}
		fetch.Reset(time.Until(p.due))
	}
}

// fetch fetches the JWK set once.
func (k *Keys) fetch(ctx context.Context, p *pace) {
	text, age, err := k.get(ctx)
	if ctx.Err() != nil {
		return
	}
	now := time.Now()
	var changed bool
	if err == nil {
		changed, err = k.replaceJWKS(text, now)
	}
	k.mu.Lock()
	k.stats.Fetches++
	k.mu.Unlock()
	if err != nil {
		p.failed(now, rand.Float64()) // #nosec G404 -- spreads fetches in time, hides nothing
		k.failed("JWK set", err)
		return
	}
	p.fetched(now, age, changed)
	if changed {
		k.sources.Log.Info("JWK set read", "keys", k.String(), "again", p.due.Sub(now).String())
	}
}

// get returns the JWK set's bytes and how long they hold. Its errors hold
// nothing of the URL but the host.
func (k *Keys) get(ctx context.Context) (text []byte, age time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, k.sources.JWKS, nil)
	if err != nil {
		return nil, 0, errors.New("auth: bad URL of a JWK set")
	}
	req.Header.Set("Accept", "application/jwk-set+json, application/json")
	client := *k.sources.Client
	client.CheckRedirect = func(r *http.Request, via []*http.Request) error {
		if len(via) > maxRedirects {
			return errors.New("too many redirects")
		}
		return checkURL(r.URL.String())
	}
	resp, err := client.Do(req)
	if err != nil {
		var failed *url.Error
		if errors.As(err, &failed) {
			err = failed.Err // without the URL
		}
		return nil, 0, fmt.Errorf("auth: fetching the JWK set from %s: %w", req.URL.Host, err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("auth: fetching the JWK set from %s: status %d", req.URL.Host, resp.StatusCode)
	}
	text, err = io.ReadAll(io.LimitReader(resp.Body, maxJWKS+1))
	if err != nil {
		return nil, 0, fmt.Errorf("auth: fetching the JWK set from %s: %w", req.URL.Host, err)
	}
	return text, maxAge(resp.Header.Get("Cache-Control")), nil
}

// watched is a file and how it was when it was last read.
type watched struct {
	path  string
	read  func(now time.Time) error
	size  int64
	mtime time.Time
}

// changed reports whether the file is another one than at the last call. One
// that is gone for a moment, as while it is replaced, is not.
func (f *watched) changed() bool {
	info, err := os.Stat(f.path)
	if err != nil || info.Size() == f.size && info.ModTime().Equal(f.mtime) {
		return false
	}
	f.size, f.mtime = info.Size(), info.ModTime()
	return true
}

// look reads a file again if it changed.
func (k *Keys) look(f *watched) {
	if !f.changed() {
		return
	}
	if err := f.read(time.Now()); err != nil {
		k.failed(f.path, err)
		return
	}
	k.sources.Log.Info("keys read again", "file", f.path, "keys", k.String())
}
