package server

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"arbiter/server/auth"
)

// status is an HTTP error: what is sent as {"error":{"code","message"}}.
type status struct {
	code    int         // HTTP status
	name    string      // for programs
	message string      // for people: what was wrong and what to do
	header  http.Header // may be nil
}

func (s *status) Error() string { return s.message }

// toStatus finds the answer to an error. One that nobody thought of is the
// server's fault.
func toStatus(err error) *status {
	var s *status
	var refused *auth.Error
	switch {
	case errors.As(err, &s):
		return s
	case errors.As(err, &refused):
		return &status{http.StatusUnauthorized, refused.Code, strings.TrimPrefix(refused.Error(), "auth: "),
			http.Header{"Www-Authenticate": {`Bearer realm="arbiter"`}}}
	case errors.Is(err, errDraining):
		return &status{http.StatusServiceUnavailable, "draining", "this server is being emptied: ask another one", nil}
	case errors.Is(err, errTooMany):
		return &status{http.StatusServiceUnavailable, "too_many_matches", "as many matches run as may: join one of them, or ask another server", nil}
	}
	return &status{http.StatusInternalServerError, "internal", "the server failed; its log says more", nil}
}

func answerError(w http.ResponseWriter, err error) {
	s := toStatus(err)
	for name, values := range s.header {
		w.Header()[name] = values
	}
	var body struct {
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	body.Error.Code, body.Error.Message = s.name, s.message
	answer(w, s.code, body)
}

func answer(w http.ResponseWriter, code int, body any) {
	text, err := json.Marshal(body)
	if err != nil {
		code, text = http.StatusInternalServerError, []byte(`{"error":{"code":"internal","message":"the answer could not be written as JSON"}}`)
	}
	text = append(text, '\n')
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	_, _ = w.Write(text) // the client is gone if this fails
}

// methods is what one path answers, by method. GET includes HEAD.
type methods map[string]func(w http.ResponseWriter, r *http.Request) error

// sharing lets pages of the allowed origins read the answers below /v1/. What
// they ask for needs no cookie, so there is nothing that a page could abuse.
func sharing(origins []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		any := slices.Contains(origins, "*")
		known := slices.ContainsFunc(origins, func(o string) bool { return strings.EqualFold(strings.TrimSuffix(o, "/"), origin) })
		if origin != "" && (any || known) && strings.HasPrefix(r.URL.Path, "/v1/") {
			h := w.Header()
			h.Set("Access-Control-Allow-Origin", origin)
			h.Add("Vary", "Origin")
			if r.Method == http.MethodOptions {
				h.Set("Access-Control-Allow-Methods", "GET, POST")
				h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
				h.Set("Access-Control-Max-Age", "600")
			}
		}
		next.ServeHTTP(w, r)
	})
}

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
	answerError(w, &status{http.StatusMethodNotAllowed, "method_not_allowed", r.URL.Path + " answers " + allow + " only", nil})
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
