package service

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"arbiter/matchmaking"
)

// problem is an answer that is none, as RFC 9457 has it.
type problem struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Status int     `json:"status"`
	Detail string  `json:"detail"`
	Code   string  `json:"code"`
	Errors []fault `json:"errors,omitempty"`
	// RetryAfter is in seconds; 0: asking again does not help, or not by itself.
	RetryAfter int `json:"retry_after,omitempty"`
	// Ticket is the one that a player is in already.
	Ticket string `json:"ticket,omitempty"`
}

// fault is one thing that is wrong with a request.
type fault struct {
	Where  string `json:"where"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy"`
}

func (p *problem) Error() string { return p.Code + ": " + p.Detail }

// newProblem makes one of the catalogue.
func newProblem(code, detail string) *problem {
	t, ok := problemTypes[code]
	if !ok {
		t = problemTypes["internal"]
		detail, code = fmt.Sprintf("an answer without a type, %s: %s", code, detail), "internal"
	}
	return &problem{Type: "/v1/problems/" + code, Title: t.Title, Status: t.Status, Detail: detail, Code: code}
}

// wrong is a problem of one place of the request.
func wrong(code, where, detail, remedy string) *problem {
	p := newProblem(code, strings.Join(nonEmpty(where, detail+"; "+remedy), ": "))
	p.Errors = []fault{{where, detail, remedy}}
	return p
}

func nonEmpty(s ...string) []string {
	var out []string
	for _, x := range s {
		if x != "" {
			out = append(out, x)
		}
	}
	return out
}

// problemOf finds the answer to an error of the queue.
func problemOf(err error) *problem {
	var p *problem
	var m *matchmaking.Problem
	switch {
	case err == nil:
		return nil
	case errors.As(err, &p):
		return p
	case errors.As(err, &m):
		out := newProblem(string(m.Code), strings.TrimPrefix(m.Error(), "matchmaking: "))
		if m.Where != "" {
			out.Errors = []fault{{m.Where, m.Detail, m.Remedy}}
		}
		if m.Code == matchmaking.QueueFull {
			out.RetryAfter = 5
		}
		return out
	}
	return newProblem("internal", "the service failed: its log says more")
}

func busy(detail string) *problem {
	p := newProblem("busy", detail)
	p.RetryAfter = 1
	return p
}

func draining() *problem {
	p := newProblem("draining", "this server is being emptied: queue on another one, or here when it is back")
	p.RetryAfter = 5
	return p
}

// refused is the answer to who was not let in.
func refused(err error) *problem {
	var r *Refusal
	if !errors.As(err, &r) {
		return newProblem("token_invalid", "the token could not be checked: get a new one")
	}
	return &problem{Type: "/v1/problems/" + r.Code, Title: r.Title, Status: r.Status, Detail: r.Detail, Code: r.Code}
}

// ProblemType explains the problems of one code.
type ProblemType struct {
	Code   string `json:"code"`
	Type   string `json:"type"` // the path that explains it
	Title  string `json:"title"`
	Status int    `json:"status"` // of HTTP
	Advice string `json:"advice"` // what to do
}

// ProblemTypes returns every type that the service answers with, in no order.
func ProblemTypes() []ProblemType {
	list := make([]ProblemType, 0, len(problemTypes))
	for code, t := range problemTypes {
		t.Code, t.Type = code, "/v1/problems/"+code
		list = append(list, t)
	}
	return list
}

func types(rows ...ProblemType) map[string]ProblemType {
	out := map[string]ProblemType{}
	for _, r := range rows {
		out[r.Code] = r
	}
	return out
}

func row(code string, status int, title, advice string) ProblemType {
	return ProblemType{Code: code, Status: status, Title: title, Advice: advice}
}

const unprocessable = http.StatusUnprocessableEntity
