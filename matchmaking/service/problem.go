package service

import (
	"errors"
	"slices"
	"strings"
	"time"

	"arbiter/matchmaking"
	"arbiter/server/httpapi"
)

// problemOf finds the answer to an error of a queue or of an endpoint.
func problemOf(err error) *httpapi.Problem {
	var m *matchmaking.Problem
	if !errors.As(err, &m) {
		return httpapi.ProblemOf(err)
	}
	i := slices.IndexFunc(queueTypes, func(t httpapi.Type) bool { return t.Code == string(m.Code) })
	if i < 0 {
		return httpapi.ProblemOf(err)
	}
	p := queueTypes[i].New("%s", strings.TrimPrefix(m.Error(), "matchmaking: "))
	if m.Where != "" {
		p.Errors = []httpapi.FieldError{{Where: m.Where, Detail: m.Detail, Remedy: m.Remedy}}
	}
	if m.Code == matchmaking.QueueFull {
		p.RetryAfter = 5 * time.Second
	}
	return p
}

func draining() error {
	return httpapi.Draining.Later(5*time.Second, "this server is being emptied: queue on another one, or here when it is back")
}

// ProblemTypes returns every type that the service answers with, besides
// [httpapi.Common].
func ProblemTypes() []httpapi.Type { return slices.Concat(problemTypes.Types(), queueTypes) }
