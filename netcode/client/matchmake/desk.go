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

// desk is the server's HTTP side, for one player. One goroutine at a time may
// use it.
type desk struct {
	base   *url.URL
	config Config

	token   string
	renewed bool // the token is new and has not been accepted yet
	others  int  // guests that were made after the first: each is somebody else
	met     bool // the server has answered
	pause   pause
	// interrupted is told of attempts that failed and when the next one is.
	interrupted func(err error, in time.Duration)
}

// request is what is asked of the server.
type request struct {
	method, path string
	query        url.Values
	key          string // Idempotency-Key, if any
	body         any    // nil: none
	wait         time.Duration
}

var errAnswer = errors.New("matchmake: the answer is not an Arbiter server's")

func newDesk(c Config, interrupted func(error, time.Duration)) (*desk, error) {
	base, err := c.fill()
	if err != nil {
		return nil, err
	}
	return &desk{base: base, config: c, token: c.Token, interrupted: interrupted}, nil
}

// ask makes a request until it is answered, and reads the answer into v. Before
// the server has answered anything, it fails if it can't be reached.
func (d *desk) ask(ctx context.Context, r request, v any) error {
	for {
		err := d.identify(ctx)
		if err == nil {
			err = d.once(ctx, r, v)
		}
		var no *Problem
		refused := errors.As(err, &no)
		switch {
		case err == nil:
			d.pause.reset()
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case refused && no.Status == http.StatusUnauthorized && d.forget():
			continue
		case refused && !no.passing(), errors.Is(err, errAnswer), errors.Is(err, errToken):
			return err
		case !refused && !d.met:
			return err
		}
		in := d.pause.next()
		if refused {
			in += no.RetryAfter
		}
		d.interrupted(err, in)
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
func (d *desk) once(ctx context.Context, r request, v any) error {
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
	at := d.base.JoinPath(r.path)
	at.RawQuery = r.query.Encode()
	q, err := http.NewRequestWithContext(ctx, r.method, at.String(), body)
	if err != nil {
		return fmt.Errorf("matchmake: %w", err)
	}
	if body != nil {
		q.Header.Set("Content-Type", "application/json")
	}
	if d.token != "" {
		q.Header.Set("Authorization", "Bearer "+d.token)
	}
	if r.key != "" {
		q.Header.Set("Idempotency-Key", r.key)
	}
	return d.send(q, v)
}

func (d *desk) send(q *http.Request, v any) error {
	answer, err := d.config.HTTP.Do(q)
	if err != nil {
		return fmt.Errorf("matchmake: no server answers: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("matchmake: the answer of %s broke off: %w", d.base.Host, err)
	}
	d.met = true
	if answer.StatusCode >= http.StatusMultipleChoices {
		return problemOf(answer, text)
	}
	d.renewed = false
	if v == nil {
		return nil
	}
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("%w: %s %s: %w", errAnswer, q.Method, q.URL.Path, err)
	}
	return nil
}

var errToken = errors.New("matchmake: no token")

// identify sees to it that there is a token.
func (d *desk) identify(ctx context.Context) error {
	if d.token != "" {
		return nil
	}
	var err error
	d.renewed = true
	if d.config.GetToken != nil {
		if d.token, err = d.config.GetToken(ctx); err != nil {
			return fmt.Errorf("%w: %w", errToken, err)
		}
		return nil
	}
	var guest struct{ Token string }
	err = d.once(ctx, request{method: http.MethodPost, path: "v1/guest", body: map[string]string{"name": d.config.Name}}, &guest)
	d.token, d.renewed = guest.Token, true
	return err
}

// forget drops a token that was refused; false if there can't be another.
func (d *desk) forget() bool {
	if d.renewed || d.config.GetToken == nil && d.config.Token != "" {
		return false
	}
	if d.config.GetToken == nil {
		d.others++
	}
	d.token = ""
	return true
}
