package service

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// endpoint answers one method of one path for somebody known. It writes the
// answer, or returns what stands against it.
type endpoint func(w http.ResponseWriter, r *http.Request, i Identity) *problem

// methods are what one path answers. GET includes HEAD.
type methods map[string]http.HandlerFunc

func (s *Service) mux() http.Handler {
	mux := http.NewServeMux()
	path := func(pattern string, m methods) { mux.HandleFunc(pattern, m.serve) }
	path("/v1/queues", methods{"GET": s.open(s.getQueues)})
	path("/v1/queues/{name}", methods{"GET": s.open(s.getQueue)})
	path("/v1/tickets", methods{"POST": s.known(s.postTicket)})
	path("/v1/tickets/{id}", methods{"GET": s.known(s.getTicket), "DELETE": s.known(s.deleteTicket)})
	path("/v1/tickets/{id}/events", methods{"GET": s.known(s.getEvents)})
	path("/v1/tickets/{id}/explain", methods{"GET": s.known(s.getExplain)})
	path("/v1/tickets/{id}/accept", methods{"POST": s.known(s.postAccept)})
	path("/v1/tickets/{id}/decline", methods{"POST": s.known(s.postDecline)})
	path("/v1/parties", methods{"POST": s.known(s.postParty)})
	path("/v1/parties/join", methods{"POST": s.known(s.joinParty)})
	path("/v1/parties/{id}", methods{"GET": s.known(s.getParty)})
	path("/v1/parties/{id}/ready", methods{"POST": s.known(s.readyParty)})
	path("/v1/parties/{id}/start", methods{"POST": s.known(s.startParty)})
	path("/v1/parties/{id}/leave", methods{"POST": s.known(s.leaveParty)})
	path("/v1/parties/{id}/kick", methods{"POST": s.known(s.kickParty)})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		answerProblem(w, newProblem("no_such_path", fmt.Sprintf("there is nothing at %.64q: GET /v1/openapi.json lists what there is", r.URL.Path)))
	})
	return mux
}

// ServeHTTP implements [http.Handler] for the paths /v1/tickets, /v1/parties
// and /v1/queues; others are answered with no_such_path.
func (s *Service) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.routes.ServeHTTP(w, r) }

func (m methods) serve(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet // net/http leaves the body out
	}
	if serve := m[method]; serve != nil {
		serve(w, r)
		return
	}
	allow := []string{http.MethodOptions}
	for method := range m {
		allow = append(allow, method)
		if method == http.MethodGet {
			allow = append(allow, http.MethodHead)
		}
	}
	slices.Sort(allow)
	w.Header().Set("Allow", strings.Join(allow, ", "))
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	answerProblem(w, newProblem("method_not_allowed", r.URL.Path+" answers "+strings.Join(allow, ", ")+" only"))
}

// known lets in who has a token and has not asked too often.
func (s *Service) known(serve endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		i, err := s.config.Authenticate(r)
		if err != nil {
			p := refused(err)
			if p.Status == http.StatusUnauthorized {
				w.Header().Set("WWW-Authenticate", `Bearer realm="arbiter"`)
			}
			answerProblem(w, p)
			return
		}
		p := s.limiter.take(i)
		if p == nil {
			p = serve(w, r, i)
		}
		if p != nil {
			answerProblem(w, p)
		}
	}
}

// open lets everybody in.
func (s *Service) open(serve func(w http.ResponseWriter, r *http.Request) *problem) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if p := serve(w, r); p != nil {
			answerProblem(w, p)
		}
	}
}

func answer(w http.ResponseWriter, status int, body any) { write(w, status, "application/json", body) }

func answerProblem(w http.ResponseWriter, p *problem) {
	retryAfter(w.Header(), p.RetryAfter)
	write(w, p.Status, "application/problem+json", p)
}

func write(w http.ResponseWriter, status int, kind string, body any) {
	text, err := marshal(body)
	if err != nil { // a bug: every view is made of what JSON knows
		status, kind = http.StatusInternalServerError, "application/problem+json"
		text, _ = marshal(newProblem("internal", "the answer could not be written as JSON"))
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(text)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write(text) // the client is gone if this fails
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

// readJSON reads the body into v. An empty body is an empty object.
func readJSON(w http.ResponseWriter, r *http.Request, v any) *problem {
	text, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var long *http.MaxBytesError
	switch {
	case errors.As(err, &long):
		return newProblem("body_too_large", fmt.Sprintf("the body may have %d bytes", maxBody))
	case err != nil:
		return newProblem("bad_json", "the body could not be read to its end: send it again")
	}
	if text = bytes.TrimSpace(text); len(text) == 0 {
		return nil
	}
	if text[0] != '{' {
		return newProblem("bad_json", "the body is no JSON object: send {…}")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return undecoded(err)
	}
	if d.InputOffset() != int64(len(text)) {
		return newProblem("bad_json", "something follows the JSON object: send one only")
	}
	return nil
}

// undecoded says what is wrong with a body.
func undecoded(err error) *problem {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return wrong("bad_json", kind.Field, fmt.Sprintf("is a %s", kind.Value), "send a "+jsonKind(kind.Type.Kind().String()))
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		name = strings.Trim(name, `"`)
		return wrong("bad_json", fmt.Sprintf("%.64s", name), "there is no such field", "remove it")
	}
	return newProblem("bad_json", fmt.Sprintf("the body is no JSON: %.200s; NaN and infinities are none", strings.TrimPrefix(err.Error(), "json: ")))
}

func jsonKind(kind string) string {
	switch kind {
	case "slice":
		return "array"
	case "struct", "map":
		return "object"
	case "bool":
		return "boolean"
	}
	return kind
}

// longPoll reads ?wait= and ?version=. Without a version, since is the one
// that the caller has seen.
func longPoll(r *http.Request, since int) (wait time.Duration, version int, p *problem) {
	q := r.URL.Query()
	version = since
	if text := q.Get("wait"); text != "" {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 0 && n <= maxWait.Seconds()) {
			return 0, 0, wrong("bad_query", "wait", fmt.Sprintf("%.20q is no number of seconds", text), "give 0 to 60")
		}
		wait = time.Duration(n * float64(time.Second))
	}
	if text := q.Get("version"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return 0, 0, wrong("bad_query", "version", fmt.Sprintf("%.20q is no version", text), "give that of the last answer")
		}
		version = n
	}
	return wait, version, nil
}

// patience lets an answer take its time, where the server behind has limits.
func patience(w http.ResponseWriter, d time.Duration) {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Time{}) // else the connection counts as lost when it passes
	_ = c.SetWriteDeadline(time.Now().Add(d))
}

const writing = 30 * time.Second // that a client may take for one answer
