package web

import (
	"net/http"
	"strings"

	"arbiter/server/httpapi"
)

// site is every page by its path. It does not change.
type site map[string]*httpapi.Document

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
		return p.Answer(w, r)
	}}.ServeHTTP(w, r)
}
