package matchmake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"arbiter/netcode/client/apiclient"
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
		case refused && !no.Temporary(), errors.Is(err, apiclient.ErrAnswer), errors.Is(err, errToken):
			return err
		case !refused && !a.reached:
			return err
		}
		in := a.backoff.next()
		if refused {
			in += min(no.RetryAfter, maxBackoff)
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
	c := apiclient.Client{Base: a.base, HTTP: a.config.HTTP, Token: a.token}
	err := c.Do(ctx, apiclient.Request{Method: r.method, Path: r.path, Query: r.query, IdempotencyKey: r.key, Body: r.body}, v)
	if !errors.Is(err, apiclient.ErrUnreachable) {
		a.reached = true
	}
	if err != nil {
		return fmt.Errorf("matchmake: %w", err)
	}
	a.freshToken = false
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
