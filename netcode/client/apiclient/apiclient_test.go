package apiclient

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"
)

func TestDo(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.URL.Path {
		case "/v1/good":
			if r.Method != "POST" || r.URL.RawQuery != "wait=1" || r.Header.Get("Authorization") != "Bearer x" || r.Header.Get("Idempotency-Key") != "k" ||
				r.Header.Get("Content-Type") != "application/json" || string(body) != `{"a":1}` {
				t.Errorf("%+v %s", r, body)
			}
			_, _ = w.Write([]byte(`{"id":"t-1"}`))
		case "/v1/text":
			_, _ = w.Write([]byte(`hello`))
		case "/v1/plain":
			w.WriteHeader(http.StatusBadGateway)
		default:
			w.Header().Set("Retry-After", "2")
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(`{"code":"too_many_requests","detail":"wait","status":429,"errors":[{"where":"w","detail":"d","remedy":"r"}]}`))
		}
	}))
	defer s.Close()
	base, _ := url.Parse(s.URL)
	c := &Client{Base: base, HTTP: s.Client(), Token: "x"}
	var got struct{ ID string }
	err := c.Do(t.Context(), Request{Method: "POST", Path: "v1/good", Query: url.Values{"wait": {"1"}}, IdempotencyKey: "k", Body: map[string]int{"a": 1}}, &got)
	if err != nil || got.ID != "t-1" {
		t.Errorf("%+v, %v", got, err)
	}
	if err := c.Do(t.Context(), Request{Method: "GET", Path: "v1/text"}, &got); !errors.Is(err, ErrAnswer) {
		t.Error(err)
	}
	var no *Problem
	err = c.Do(t.Context(), Request{Method: "GET", Path: "v1/busy"}, nil)
	if !errors.As(err, &no) || no.Code != "too_many_requests" || no.RetryAfter != 2*time.Second || !no.Temporary() ||
		err.Error() != "the server refused with status 429 too_many_requests: wait; w d: r" {
		t.Errorf("%+v, %v", no, err)
	}
	err = c.Do(t.Context(), Request{Method: "GET", Path: "v1/plain"}, nil)
	if !errors.As(err, &no) || no.Status != 502 || no.Code != "" {
		t.Error(err)
	}
	s.Close()
	if err := c.Do(t.Context(), Request{Method: "GET", Path: "v1/good"}, nil); !errors.Is(err, ErrUnreachable) {
		t.Error(err)
	}
}
