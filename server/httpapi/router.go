package httpapi

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
)

// Endpoint answers one method of one path. It writes the answer, or returns the
// error that stands against it and writes nothing.
type Endpoint func(w http.ResponseWriter, r *http.Request) error

// Methods is what one path answers, by method. GET includes HEAD, and OPTIONS
// is answered by the router.
type Methods map[string]Endpoint

// Router sends each request to the endpoint of its path and method, and writes
// the problems of those that fail. Add all paths before it serves.
type Router struct {
	mux       *http.ServeMux
	log       *slog.Logger
	problemOf func(error) *Problem
}

// NewRouter makes a router without paths. The function finds the problem in an
// endpoint's error, such as by a table of the errors of the packages behind; it
// falls back to [ProblemOf], which nil stands for. Errors that are [Internal]
// then are logged; nil discards them.
func NewRouter(log *slog.Logger, problemOf func(error) *Problem) *Router {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	if problemOf == nil {
		problemOf = ProblemOf
	}
	return &Router{http.NewServeMux(), log, problemOf}
}

// Path adds a path, as a pattern of [http.ServeMux] without method.
func (rt *Router) Path(pattern string, m Methods) {
	rt.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		err := m.serve(w, r)
		if err == nil {
			return
		}
		p := rt.problemOf(err)
		if p.Type == Internal {
			rt.log.Error("a request failed", "method", r.Method, "path", pattern, "error", err)
		}
		p.Write(w)
	})
}

// Mount adds a handler of any other kind, which answers all methods.
func (rt *Router) Mount(pattern string, h http.Handler) { rt.mux.Handle(pattern, h) }

// NotFound answers what matches the pattern, such as /v1/ or /, and no other
// path with no_such_path. The hint says what there is.
func (rt *Router) NotFound(pattern, hint string) {
	rt.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		NoSuchPath.New("there is nothing at %.64q: %s", r.URL.Path, hint).Write(w)
	})
}

// ServeHTTP implements [http.Handler].
func (rt *Router) ServeHTTP(w http.ResponseWriter, r *http.Request) { rt.mux.ServeHTTP(w, r) }

// ServeHTTP implements [http.Handler], for paths outside a router.
func (m Methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := m.serve(w, r); err != nil {
		WriteError(w, err)
	}
}

func (m Methods) serve(w http.ResponseWriter, r *http.Request) error {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet // net/http leaves the body out
	}
	if serve := m[method]; serve != nil {
		return serve(w, r)
	}
	allow := m.allow()
	w.Header().Set("Allow", allow)
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return MethodNotAllowed.New("%.64q answers %s only", r.URL.Path, allow)
}

func (m Methods) allow() string {
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

// ShareOrigins lets web pages of the allowed origins read the answers below
// /v1/ (cross-origin resource sharing, CORS). What they ask for needs no cookie,
// so there is nothing that a page could abuse. Requests by which browsers ask
// beforehand (preflight) are answered here, for all of next.
func ShareOrigins(allowed func(origin string) bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		shared := strings.HasPrefix(r.URL.Path, "/v1/")
		if shared { // caches must not give one origin's answer to another, nor to none
			w.Header().Add("Vary", "Origin")
		}
		if origin != "" && shared && allowed(origin) {
			h := w.Header()
			h.Set("Access-Control-Allow-Origin", origin)
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
