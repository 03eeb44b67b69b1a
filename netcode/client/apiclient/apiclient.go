// Package apiclient makes requests to the HTTP/JSON API of a server: one request,
// one answer, and refusals as problem details. Whoever repeats requests or renews
// tokens does it around a [Client].
package apiclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 1 << 20

// Errors of [Client.Do], besides *[Problem].
var (
	// ErrUnreachable: no whole answer came.
	ErrUnreachable = errors.New("no server answers")
	// ErrAnswer: what was sent or what came back is not this API's JSON.
	ErrAnswer = errors.New("the answer is not an Arbiter server's")
)

// Client makes requests to one server. It is safe for concurrent use as long as
// nobody changes its fields.
type Client struct {
	Base  *url.URL // http or https; paths of requests go below it
	HTTP  *http.Client
	Token string // bearer token; empty: none
}

// Request is one request.
type Request struct {
	Method, Path   string // such as "GET", "v1/games"
	Query          url.Values
	IdempotencyKey string // makes a request safe to repeat; empty: none
	Body           any    // as JSON; nil: none
}

// Do makes a request and reads the JSON of its answer into v, which nil leaves
// out. Its errors wrap a *[Problem], [ErrUnreachable] or [ErrAnswer].
func (c *Client) Do(ctx context.Context, r Request, v any) error {
	var body io.Reader
	if r.Body != nil {
		text, err := json.Marshal(r.Body)
		if err != nil {
			return fmt.Errorf("%w: the request can't be written as JSON: %w", ErrAnswer, err)
		}
		body = bytes.NewReader(text)
	}
	at := c.Base.JoinPath(r.Path)
	at.RawQuery = r.Query.Encode()
	q, err := http.NewRequestWithContext(ctx, r.Method, at.String(), body)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if c.Token != "" {
		q.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if r.IdempotencyKey != "" {
		q.Header.Set("Idempotency-Key", r.IdempotencyKey)
	}
	answer, err := c.HTTP.Do(q)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("%w: the answer of %s broke off: %w", ErrUnreachable, c.Base.Host, err)
	}
	if answer.StatusCode >= http.StatusMultipleChoices {
		return ReadProblem(answer, text)
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%w: %s %s: %w", ErrAnswer, r.Method, q.URL.Path, err)
	}
	return nil
}

// Problem is the server's refusal of a request: problem details of RFC 9457.
type Problem struct {
	Type   string  `json:"type"`
	Title  string  `json:"title"`
	Status int     `json:"status"` // HTTP
	Detail string  `json:"detail"` // what was wrong and what to do
	Code   string  `json:"code"`   // for programs, such as "queue_unknown"
	Ticket string  `json:"ticket"` // of player_already_queued: the player's ticket
	Errors []Fault `json:"errors"` // one for each part that is wrong
	// RetryAfter is how long the server asks to be left alone; 0 if it does not.
	RetryAfter time.Duration `json:"-"`
}

// Fault is one part of a request that is wrong.
type Fault struct {
	Where  string `json:"where"`
	Detail string `json:"detail"`
	Remedy string `json:"remedy"`
}

// Error implements error.
func (p *Problem) Error() string {
	text := fmt.Sprintf("the server refused with status %d", p.Status)
	if p.Code != "" {
		text += " " + p.Code
	}
	switch {
	case p.Detail != "":
		text += ": " + p.Detail
	case p.Title != "":
		text += ": " + p.Title
	}
	for _, f := range p.Errors {
		text += fmt.Sprintf("; %s %s", f.Where, f.Detail)
		if f.Remedy != "" {
			text += ": " + f.Remedy
		}
	}
	return text
}

// ReadProblem reads a refusal whose body is text. One without problem details is
// a problem without code.
func ReadProblem(r *http.Response, text []byte) *Problem {
	p := &Problem{}
	if json.Unmarshal(text, p) != nil || p.Code == "" && p.Detail == "" && p.Title == "" {
		p = &Problem{Title: "no reason was given; is this an Arbiter server?"}
	}
	p.Status = r.StatusCode
	if seconds, err := strconv.ParseFloat(strings.TrimSpace(r.Header.Get("Retry-After")), 64); err == nil && seconds > 0 {
		p.RetryAfter = time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
	}
	return p
}

// maxRetryAfter bounds what a server may ask a client to wait.
const maxRetryAfter = time.Hour

// Temporary reports whether the same request may well be answered later.
func (p *Problem) Temporary() bool {
	switch p.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}
