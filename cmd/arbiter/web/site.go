package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"arbiter/server/httpapi"
)

// site is every page by its path. It does not change.
type site map[string]*page

// policy allows what is on this server, and WebAssembly. Icons may be data.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Security-Policy", policy)
	p, ok := s[r.URL.Path]
	if !ok {
		httpapi.NoSuchPath.New("there is nothing at %.64q: try /, /v1/games or /v1/matches", r.URL.Path).Write(w)
		return
	}
	httpapi.Methods{http.MethodGet: func(w http.ResponseWriter, r *http.Request) error {
		if strings.HasPrefix(r.URL.Path, "/client/") {
			h.Set("Access-Control-Allow-Origin", "*")
			h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		}
		return p.serve(w, r)
	}}.ServeHTTP(w, r)
}

// page is one file, plain or compressed or both; at least one is there.
type page struct {
	kind   string // media type
	cache  string
	tag    string // without quotes
	plain  []byte
	zipped []byte
}

func (p *page) serve(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("Cache-Control", p.cache)
	h.Set("Vary", "Accept-Encoding")
	if p.zipped != nil && accepts(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(p.zipped)))
		h.Set("ETag", `"`+p.tag+`-gzip"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(p.zipped))
		return nil
	}
	plain := p.plain
	if plain == nil { // rare: every browser accepts gzip
		var err error
		if plain, err = unzip(p.zipped); err != nil {
			return httpapi.Internal.New("this file is damaged: build the program again")
		}
	}
	h.Set("ETag", `"`+p.tag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(plain))
	return nil
}

// accepts reports whether an Accept-Encoding header names a coding and does
// not forbid it.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(part, ";")
		if name = strings.TrimSpace(name); name != coding && name != "*" {
			continue
		}
		q, given := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		v, err := strconv.ParseFloat(q, 64)
		return !given || err != nil || v > 0
	}
	return false
}

func unzip(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}

func zip(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b) // a bytes.Buffer takes everything
	_ = z.Close()
	return out.Bytes()
}
