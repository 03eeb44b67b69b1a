package server

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"arbiter/server/auth"
	"arbiter/server/transport"
)

// Problem is an error as HTTP tells it, in the form of RFC 9457. All errors of
// Begin, Reserve and Identify are Problems; programs tell them apart by Code.
type Problem struct {
	Code       string // stable, a row of the table behind GET /v1/problems
	Detail     string // for people: what was wrong and what to do
	Errors     []ProblemPart
	RetryAfter time.Duration // 0: trying again later is no remedy

	header http.Header // may be nil
}

// ProblemPart is one of several things that are wrong with a request.
type ProblemPart struct {
	Where  string `json:"where"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy,omitempty"`
}

// Error implements error.
func (p *Problem) Error() string { return "server: " + p.Detail }

// Is reports whether target is a *Problem of the same code.
func (p *Problem) Is(target error) bool {
	t, ok := target.(*Problem)
	return ok && t.Code == p.Code
}

// Status is the HTTP status that goes with the code.
func (p *Problem) Status() int { return typeOf(p.Code).Status }

func problem(code, format string, args ...any) *Problem {
	return &Problem{Code: code, Detail: fmt.Sprintf(format, args...)}
}

// later is a problem that goes away.
func later(after time.Duration, code, format string, args ...any) *Problem {
	p := problem(code, format, args...)
	p.RetryAfter = after
	return p
}

func badOrder(where, detail string) *Problem {
	p := problem(codeBadOrder, "%s: %s", where, detail)
	p.Errors = []ProblemPart{{Where: where, Detail: detail}}
	return p
}

// retrySoon is when a full or draining server is worth another look.
const retrySoon = 5 * time.Second

var (
	errDraining   = later(retrySoon, codeDraining, "this server is being emptied: ask another one")
	errTooMany    = later(retrySoon, codeTooManyMatches, "as many matches run as may: join one of them, or ask another server")
	errOverloaded = later(retrySoon, codeOverloaded, "this server has more to do than it can: join a match that runs, try again later, or ask another server")
	errShedding   = later(retrySoon, codeShedding, "this server has more to do than it can and lets nobody new in: send players elsewhere")
	errNoMatch    = problem(codeNoMatch, "no match of this id runs here, or it is private; it may have ended: GET /v1/matches lists those that are open")
)

// toProblem finds the answer to an error. One that nobody thought of is the
// server's fault.
func toProblem(err error) *Problem {
	var p *Problem
	var refused *auth.Error
	switch {
	case errors.As(err, &p):
		return p
	case errors.As(err, &refused):
		p := problem(problemCode(refused), "%s", strings.TrimPrefix(refused.Error(), "auth: "))
		p.header = http.Header{"Www-Authenticate": {`Bearer realm="arbiter"`}}
		return p
	}
	return problem(codeInternal, "the server failed; its log says more")
}

// problemCode spells the code of a refused token as all problems are.
func problemCode(e *auth.Error) string { return strings.ReplaceAll(e.Code, "-", "_") }

// write answers with the problem.
func (p *Problem) write(w http.ResponseWriter) {
	t := typeOf(p.Code)
	doc := struct {
		Type   string        `json:"type"`
		Title  string        `json:"title"`
		Status int           `json:"status"`
		Detail string        `json:"detail"`
		Code   string        `json:"code"`
		Errors []ProblemPart `json:"errors,omitempty"`
		Retry  int           `json:"retry_after,omitempty"` // seconds
	}{transport.ProblemPath + p.Code, t.Title, t.Status, p.Detail, p.Code, p.Errors, p.retrySeconds()}
	text, _ := marshal(doc) // strings and numbers cannot fail
	for name, values := range p.header {
		w.Header()[name] = values
	}
	if doc.Retry > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(doc.Retry))
	}
	send(w, t.Status, "application/problem+json", text)
}

// retrySeconds is RetryAfter in whole seconds, rounded up.
func (p *Problem) retrySeconds() int { return int((p.RetryAfter + time.Second - 1) / time.Second) }

func answerError(w http.ResponseWriter, err error) { toProblem(err).write(w) }
