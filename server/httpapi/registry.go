package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// Registry is all problem types of an API. The zero value is empty and ready to
// use. It may be read concurrently once all types are in it.
type Registry struct {
	types []Type // by code
}

// Register adds types. A code may come again only with the same status, title
// and advice: it is an error else, and types before it stay registered.
func (r *Registry) Register(types ...Type) error {
	for _, t := range types {
		i, known := r.search(t.Code)
		switch {
		case !known:
			r.types = slices.Insert(r.types, i, t)
		case r.types[i] != t:
			return fmt.Errorf("httpapi: problem type %q is registered twice, as %d %q and as %d %q: give it one status, title and advice, or two codes",
				t.Code, r.types[i].Status, r.types[i].Title, t.Status, t.Title)
		}
	}
	return nil
}

// Define registers a type and returns it, for package variables. It panics
// where [Registry.Register] fails.
func (r *Registry) Define(code string, status int, title, advice string) Type {
	t := Type{code, status, title, advice}
	if err := r.Register(t); err != nil {
		panic(err)
	}
	return t
}

// Types returns all types, by code.
func (r *Registry) Types() []Type { return slices.Clone(r.types) }

// Find returns the type of a code.
func (r *Registry) Find(code string) (Type, bool) {
	i, known := r.search(code)
	if !known {
		return Type{}, false
	}
	return r.types[i], true
}

func (r *Registry) search(code string) (int, bool) {
	return slices.BinarySearchFunc(r.types, code, func(t Type, code string) int { return strings.Compare(t.Code, code) })
}

// typeDoc is a Type as GET /v1/problems has it.
type typeDoc struct {
	Path string `json:"type"` // of the page that explains it
	Type
}

// Routes adds the pages that explain problems: GET /v1/problems lists all types,
// GET /v1/problems/{code} has one.
func (r *Registry) Routes(to *Router) {
	to.Path("/v1/problems", Methods{http.MethodGet: Documented("application/json", r.list)})
	to.Path(ProblemPath+"{code}", Methods{http.MethodGet: r.explain})
}

func (r *Registry) list() ([]byte, error) {
	list := []typeDoc{}
	for _, t := range r.types {
		list = append(list, typeDoc{ProblemPath + t.Code, t})
	}
	return Marshal(map[string]any{"problems": list})
}

func (r *Registry) explain(w http.ResponseWriter, q *http.Request) error {
	t, ok := r.Find(q.PathValue("code"))
	if !ok {
		return NoSuchProblem.New("no problem has the code %.64q: GET /v1/problems lists all", q.PathValue("code"))
	}
	Answer(w, http.StatusOK, typeDoc{ProblemPath + t.Code, t})
	return nil
}

var common Registry

// Common returns the types that are variables of this package.
func Common() []Type { return common.Types() }

// Problem types that more than one part of an API answers with.
var (
	NoSuchPath       = common.Define("no_such_path", http.StatusNotFound, "No such path", "Nothing is served at this path. GET / or GET /v1/openapi.json says what is.")
	MethodNotAllowed = common.Define("method_not_allowed", http.StatusMethodNotAllowed, "Method not allowed", "The path exists, but not for this method; the header Allow lists those it answers.")
	NoSuchProblem    = common.Define("no_such_problem", http.StatusNotFound, "No such problem", "No problem has this code. GET /v1/problems lists all.")
	Internal         = common.Define("internal", http.StatusInternalServerError, "Internal error", "The server failed. Its log says more.")

	BadJSON      = common.Define("bad_json", http.StatusBadRequest, "Bad JSON", "The body is not one JSON object with the documented fields in their types. The errors say where. NaN and infinities are not JSON.")
	BodyTooLarge = common.Define("body_too_large", http.StatusRequestEntityTooLarge, "Body too large", "The body has more than 65,536 bytes. Send less.")
	BadQuery     = common.Define("bad_query", http.StatusBadRequest, "Bad query", "A parameter of the query, or a header, has a value that it cannot have. The errors say which.")

	BadIdempotencyKey    = common.Define("idempotency_key_invalid", http.StatusBadRequest, "Bad idempotency key", "Send an Idempotency-Key of 1 to 128 bytes of printable ASCII, or leave the header out.")
	ReusedIdempotencyKey = common.Define("idempotency_key_reused", http.StatusUnprocessableEntity, "Idempotency key used for another request", "Use a new Idempotency-Key for each request, and the same one only to repeat a request.")

	ServiceOnly     = common.Define("service_only", http.StatusForbidden, "For services only", "Act for yourself, or use the token of a service, one with the claim service.")
	TooManyRequests = common.Define("too_many_requests", http.StatusTooManyRequests, "Too many requests", "Ask again after Retry-After seconds. Long polls and streams need fewer requests than polling.")
	TooManyWaiting  = common.Define("too_many_waiting", http.StatusTooManyRequests, "Too many waiting requests", "End a long poll or stream first.")
	TooManyStreams  = common.Define("too_many_streams", http.StatusServiceUnavailable, "Too many streams", "As many event streams are open as the limit allows. Close some, or try again later.")
	Draining        = common.Define("draining", http.StatusServiceUnavailable, "Draining", "The server is being emptied before it stops. Ask another one, or this one when it is back.")
)
