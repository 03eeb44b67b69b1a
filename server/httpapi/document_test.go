package httpapi

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// What an API says of itself is long and stays the same: it is compressed, and
// who has it is told so.
func TestDocument(t *testing.T) {
	text := strings.Repeat("openapi: 3.1.0\n", 100)
	var registry Registry
	for _, code := range strings.Fields("a b c d e f g h") {
		registry.Define(code, 400, "A problem", strings.Repeat("What it means. ", 10))
	}
	rt := NewRouter(nil, nil)
	registry.Routes(rt)
	rt.Path("/text", Methods{http.MethodGet: Documented("application/yaml", func() ([]byte, error) { return []byte(text), nil })})
	get := func(path, accept, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", accept)
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		rt.ServeHTTP(w, r)
		return w
	}
	for _, path := range []string{"/text", "/v1/problems"} {
		plain, zipped := get(path, "", ""), get(path, "gzip, br", "")
		if got, err := unzip(zipped.Body.Bytes()); err != nil || !bytes.Equal(got, plain.Body.Bytes()) || zipped.Header().Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: compressed %v, %v: %q", path, zipped.Header(), err, got)
		}
		for _, w := range []*httptest.ResponseRecorder{plain, zipped} {
			h := w.Header()
			if w.Code != 200 || h.Get("ETag") == "" || h.Get("Cache-Control") != "no-cache" || !strings.Contains(h.Get("Vary"), "Accept-Encoding") {
				t.Errorf("%s: %d %v", path, w.Code, h)
			}
			if again := get(path, "gzip", h.Get("ETag")); h.Get("Content-Encoding") != "" && (again.Code != http.StatusNotModified || again.Body.Len() > 0) {
				t.Errorf("%s again: %d, %d bytes", path, again.Code, again.Body.Len())
			}
		}
		if plain.Header().Get("ETag") == zipped.Header().Get("ETag") {
			t.Errorf("%s: both forms have one tag", path)
		}
	}
}
