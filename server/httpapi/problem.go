package httpapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// ProblemPath begins the "type" of every problem, which the code completes: the
// path that explains it.
const ProblemPath = "/v1/problems/"

// Type is a kind of problem. The same code has the same type everywhere. As an
// error it is a target for [errors.Is]: errors.Is(err, t) reports whether err is
// a [Problem] of this type.
type Type struct {
	Code   string `json:"code"`   // stable, lower case with underscores; programs tell problems apart by it
	Status int    `json:"status"` // of HTTP, 400 to 599
	Title  string `json:"title"`  // short, without full stop; the same for all problems of the type
	Advice string `json:"text"`   // when it happens and what to do, in sentences
}

// Error returns the title.
func (t Type) Error() string { return t.Title }

// New makes a problem. The detail tells people what was wrong with this request
// and what to do.
func (t Type) New(format string, args ...any) *Problem {
	return &Problem{Type: t, Detail: fmt.Sprintf(format, args...)}
}

// Later makes a problem that goes away: the answer has the header Retry-After.
func (t Type) Later(after time.Duration, format string, args ...any) *Problem {
	p := t.New(format, args...)
	p.RetryAfter = after
	return p
}

// At makes a problem of one place in the request, such as
// members[0].attributes.skill. The remedy may be empty.
func (t Type) At(where, detail, remedy string) *Problem {
	text := where + ": " + detail
	if remedy != "" {
		text += "; " + remedy
	}
	p := t.New("%s", text)
	p.Errors = []FieldError{{where, detail, remedy}}
	return p
}

// Problem is an error as HTTP tells it: problem details of RFC 9457.
type Problem struct {
	Type       Type
	Detail     string            // for people: what was wrong and what to do
	Errors     []FieldError      // nil: the detail says it all
	RetryAfter time.Duration     // told in whole seconds, rounded up; 0: trying again later is no remedy
	Header     http.Header       // more of the answer's header, with canonical names; may be nil
	Extensions map[string]string // more members of the document, by name; may be nil
}

// FieldError is one of several things that are wrong with a request.
type FieldError struct {
	Where  string `json:"where"` // a path in the body, or the name of a parameter or header
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// Error returns the code and the detail.
func (p *Problem) Error() string { return p.Type.Code + ": " + p.Detail }

// Is reports whether target is the problem's type, or a problem of that type.
func (p *Problem) Is(target error) bool {
	switch t := target.(type) {
	case Type:
		return t.Code == p.Type.Code
	case *Problem:
		return t.Type.Code == p.Type.Code
	}
	return false
}

// RetrySeconds is RetryAfter as the header has it: in whole seconds, rounded up.
func (p *Problem) RetrySeconds() int { return int((p.RetryAfter + time.Second - 1) / time.Second) }

// JSON is the problem's document, with a line break at its end.
func (p *Problem) JSON() []byte {
	text, _ := Marshal(struct { // texts and numbers cannot fail
		Type   string       `json:"type"`
		Title  string       `json:"title"`
		Status int          `json:"status"`
		Detail string       `json:"detail"`
		Code   string       `json:"code"`
		Errors []FieldError `json:"errors,omitempty"`
		Retry  int          `json:"retry_after,omitempty"` // seconds
	}{ProblemPath + p.Type.Code, p.Type.Title, p.Type.Status, p.Detail, p.Type.Code, p.Errors, p.RetrySeconds()})
	if len(p.Extensions) > 0 {
		more, _ := json.Marshal(p.Extensions)
		text = append(append(text[:len(text)-2], ','), more[1:]...) // without }, line break and {
		text = append(text, '\n')
	}
	return text
}

// Headers are those that the answer has besides the ones of any JSON: Header,
// Retry-After, and for 401 which authentication is asked for (WWW-Authenticate,
// Bearer unless Header has another). The caller may change it.
func (p *Problem) Headers() http.Header {
	h := http.Header{}
	if p.Type.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", `Bearer realm="arbiter"`)
	}
	maps.Copy(h, p.Header)
	if seconds := p.RetrySeconds(); seconds > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds))
	}
	return h
}

// Write answers with the problem.
func (p *Problem) Write(w http.ResponseWriter) {
	maps.Copy(w.Header(), p.Headers())
	send(w, p.Type.Status, MediaType, p.JSON())
}

// MediaType is that of problems.
const MediaType = "application/problem+json"

// ProblemOf finds the problem in an error. One that has none is internal: the
// server's fault, whose text is not for the client.
func ProblemOf(err error) *Problem {
	if p := (*Problem)(nil); errors.As(err, &p) {
		return p
	}
	return Internal.New("the server failed; its log says more")
}

// WriteError answers with the problem of an error, as [ProblemOf] finds it.
func WriteError(w http.ResponseWriter, err error) { ProblemOf(err).Write(w) }
