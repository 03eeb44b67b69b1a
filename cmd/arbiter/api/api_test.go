package api

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"arbiter/server/httpapi"
)

func TestCompressedWithValidator(t *testing.T) {
	rt := httpapi.NewRouter(nil, nil)
	Routes(rt)
	for path, mediaType := range map[string]string{"/v1/openapi.yaml": "application/yaml", "/v1/openapi.json": "application/json"} {
		ask := func(tag string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set("Accept-Encoding", "gzip")
			r.Header.Set("If-None-Match", tag)
			w := httptest.NewRecorder()
			rt.ServeHTTP(w, r)
			return w
		}
		w := ask("")
		if h := w.Header(); w.Code != 200 || h.Get("Content-Type") != mediaType || h.Get("Content-Encoding") != "gzip" || w.Body.Len() > len(YAML)/3 {
			t.Errorf("%s: %d, %d bytes, %v", path, w.Code, w.Body.Len(), h)
		}
		if again := ask(w.Header().Get("ETag")); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s again: %d, %d bytes", path, again.Code, again.Body.Len())
		}
	}
}
