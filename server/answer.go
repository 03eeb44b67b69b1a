package server

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"arbiter/server/transport"
)

func answer(w http.ResponseWriter, code int, body any) {
	text, err := marshal(body)
	if err != nil {
		answerError(w, err)
		return
	}
	send(w, code, "application/json", text)
}

// marshal returns JSON and a line break. Unlike json.Marshal it leaves & as it
// is: the addresses of seats are copied from terminals.
func marshal(body any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(body)
	return b.Bytes(), err
}

func send(w http.ResponseWriter, code int, kind string, text []byte) {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	_, _ = w.Write(text) // the client is gone if this fails
}

// methods is what one path answers, by method. GET includes HEAD.
type methods map[string]func(w http.ResponseWriter, r *http.Request) error

// ServeHTTP implements [http.Handler].
func (m methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet // net/http leaves the body out
	}
	if serve := m[method]; serve != nil {
		if err := serve(w, r); err != nil {
			answerError(w, err)
		}
		return
	}
	allow := m.allow()
	w.Header().Set("Allow", allow)
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answerError(w, problem(codeMethod, "%.64q answers %s only", r.URL.Path, allow))
}

func (m methods) allow() string {
	list := []string{http.MethodOptions}
	for method := range m {
		list = append(list, method)
		if method == http.MethodGet {
			list = append(list, http.MethodHead)
		}
	}
	slices.Sort(list)
	return strings.Join(list, ", ")
}

// sharing lets pages of the allowed origins read the answers below /v1/. What
// they ask for needs no cookie, so there is nothing that a page could abuse.
// Browsers that ask beforehand are answered here, for Config.API too.
func sharing(origins []string, next http.Handler) http.Handler {
	allowed, _ := transport.NewOrigins(origins) // the transport refuses what is wrong with them
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		if origin != "" && allowed.Allows(origin) && strings.HasPrefix(r.URL.Path, "/v1/") {
			h := w.Header()
			h.Set("Access-Control-Allow-Origin", origin)
			h.Add("Vary", "Origin")
			h.Set("Access-Control-Expose-Headers", "Location, Retry-After")
			if r.Method == http.MethodOptions {
				h.Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
				h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, Idempotency-Key, Last-Event-ID")
				h.Set("Access-Control-Max-Age", "600")
				w.WriteHeader(http.StatusNoContent)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}
