package matchmake

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// api is a client of the server's HTTP API for one player. It repeats requests,
// with exponential backoff, while the server is busy or cannot be reached. One
// goroutine at a time may use it.
type api struct {
	base   *url.URL
	config Config

	token      string
	freshToken bool // the token is new and has not been accepted yet
	newGuests  int  // guests that were made after the first: each is somebody else
	reached    bool // the server has answered
	backoff    backoff
	// interrupted is called with why an attempt failed and when the next one is.
	interrupted func(err error, in time.Duration)
}

// request is one request to the server.
type request struct {
	method, path string
	query        url.Values
	key          string // Idempotency-Key, if any
	body         any    // nil: none
	wait         time.Duration
}

var errAnswer = errors.New("matchmake: the answer is not an Arbiter server's")

func newAPI(c Config, interrupted func(error, time.Duration)) (*api, error) {
	base, err := c.fill()
	if err != nil {
		return nil, err
	}
	return &api{base: base, config: c, token: c.Token, interrupted: interrupted}, nil
}

// call makes a request until it is answered, and reads the answer into v. Before
// the server has answered anything, it fails if it can't be reached.
func (a *api) call(ctx context.Context, r request, v any) error {
	for {
		err := a.ensureToken(ctx)
		if err == nil {
			err = a.once(ctx, r, v)
		}
		var no *Problem
		refused := errors.As(err, &no)
		switch {
		case err == nil:
			a.backoff.reset()
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case refused && no.Status == http.StatusUnauthorized && a.dropToken():
			continue
		case refused && !no.passing(), errors.Is(err, errAnswer), errors.Is(err, errToken):
			return err
		case !refused && !a.reached:
			return err
		}
		in := a.backoff.next()
		if refused {
			in += no.RetryAfter
		}
		a.interrupted(err, in)
		if err := sleep(ctx, in); err != nil {
			return err
		}
		if r.wait > 0 { // first see how things are now
			r.wait = 0
			r.query.Set("wait", "0")
		}
	}
}

// once makes a request.
func (a *api) once(ctx context.Context, r request, v any) error {
	ctx, cancel := context.WithTimeout(ctx, r.wait+answerTime)
	defer cancel()
	var body io.Reader
	if r.body != nil {
		text, err := json.Marshal(r.body)
		if err != nil {
			return fmt.Errorf("%w: the request can't be written as JSON: %w", errAnswer, err)
		}
		body = bytes.NewReader(text)
	}
	at := a.base.JoinPath(r.path)
	at.RawQuery = r.query.Encode()
	q, err := http.NewRequestWithContext(ctx, r.method, at.String(), body)
	if err != nil {
		return fmt.Errorf("matchmake: %w", err)
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if a.token != "" {
		q.Header.Set("Authorization", "Bearer "+a.token)
	}
	if r.key != "" {
		q.Header.Set("Idempotency-Key", r.key)
	}
	return a.send(q, v)
}

func (a *api) send(q *http.Request, v any) error {
	answer, err := a.config.HTTP.Do(q)
	if err != nil {
		return fmt.Errorf("matchmake: no server answers: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("matchmake: the answer of %s broke off: %w", a.base.Host, err)
	}
	a.reached = true
	if answer.StatusCode >= http.StatusMultipleChoices {
		return problemOf(answer, text)
	}
	a.freshToken = false
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%w: %s %s: %w", errAnswer, q.Method, q.URL.Path, err)
	}
	return nil
}

var errToken = errors.New("matchmake: no token")

// ensureToken gets a token if there is none.
func (a *api) ensureToken(ctx context.Context) error {
	if a.token != "" {
		return nil
	}
	var err error
	a.freshToken = true
	if a.config.GetToken != nil {
		if a.token, err = a.config.GetToken(ctx); err != nil {
			return fmt.Errorf("%w: %w", errToken, err)
		}
		return nil
	}
	var guest struct{ Token string }
	err = a.once(ctx, request{method: http.MethodPost, path: "v1/guest", body: map[string]string{"name": a.config.Name}}, &guest)
	a.token, a.freshToken = guest.Token, true
	return err
}

// dropToken forgets a token that was refused; false if there can't be another.
func (a *api) dropToken() bool {
	if a.freshToken || a.config.GetToken == nil && a.config.Token != "" {
		return false
	}
	if a.config.GetToken == nil {
		a.newGuests++
	}
	a.token = ""
	return true
}
