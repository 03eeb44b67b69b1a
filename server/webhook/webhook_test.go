package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

const secret = "a secret of thirty-two bytes here"

// receiver stands in for the back end.
type receiver struct {
	mu     sync.Mutex
	got    []*http.Request // guarded by mu
	bodies []string        // guarded by mu
	at     []time.Time     // guarded by mu
	answer func(n int) (int, http.Header, error)
}

// RoundTrip implements [http.RoundTripper].
func (r *receiver) RoundTrip(req *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(req.Body)
	r.mu.Lock()
	r.got, r.bodies, r.at = append(r.got, req), append(r.bodies, string(body)), append(r.at, time.Now())
	n := len(r.got)
	r.mu.Unlock()
	status, header, err := r.answer(n)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: status, Header: header, Body: http.NoBody, Request: req}, nil
}

func always(status int) func(int) (int, http.Header, error) {
	return func(int) (int, http.Header, error) { return status, http.Header{}, nil }
}

func open(t *testing.T, r *receiver) *Hook {
	t.Helper()
	h, err := New(Config{URL: "https://api.example/results", Secret: secret, Client: &http.Client{Transport: r}})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestDelivery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: always(204)}
		h := open(t, r)
		if !h.Send("one", []byte(`{"a":1}`)) {
			t.Fatal("not taken")
		}
		synctest.Wait()
		if err := h.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if s := h.Stats(); s != (Stats{Delivered: 1}) || len(r.got) != 1 {
			t.Fatalf("%+v, %d requests", s, len(r.got))
		}
		req := r.got[0]
		if req.Method != "POST" || req.URL.String() != "https://api.example/results" || r.bodies[0] != `{"a":1}` ||
			req.Header.Get("Arbiter-Delivery") != "one" || req.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s %v %s", req.Method, req.URL, req.Header, r.bodies[0])
		}
		stamp := req.Header.Get("Arbiter-Timestamp")
		if stamp != fmt.Sprint(r.at[0].Unix()) {
			t.Errorf("timestamp %s at %d", stamp, r.at[0].Unix())
		}
		if got, want := req.Header.Get("Arbiter-Signature"), "sha256="+sign(secret, stamp, []byte(r.bodies[0])); got != want {
			t.Errorf("signature %s, want %s", got, want)
		}
	})
}

// TestSignature compares with a value that came from
//
//	printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'a secret of thirty-two bytes here'
func TestSignature(t *testing.T) {
	const want = "8f3753ec4ccbd162536f9956fdaff41bd55cfbeba3fe7188dd2c38c3c611753f"
	if got := sign(secret, "1700000000", []byte(`{"a":1}`)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestFailuresAreTriedAgain(t *testing.T) {
	for _, failure := range []func() (int, http.Header, error){
		func() (int, http.Header, error) { return 0, nil, errors.New("no route") },
		func() (int, http.Header, error) { return 500, http.Header{}, nil },
		func() (int, http.Header, error) { return 429, http.Header{}, nil },
	} {
		synctest.Test(t, func(t *testing.T) {
			r := &receiver{answer: func(n int) (int, http.Header, error) {
				if n <= 4 {
					return failure()
				}
				return 200, http.Header{}, nil
			}}
			h := open(t, r)
			began := time.Now()
			h.Send("one", []byte("{}"))
			time.Sleep(time.Minute)
			synctest.Wait()
			if s := h.Stats(); s != (Stats{Delivered: 1, Failed: 4}) {
				t.Errorf("%+v", s)
			}
			for i, most := range []time.Duration{0, 1, 2, 4, 8} {
				least := most * time.Second / 2
				waited := r.at[i].Sub(began)
				if waited < least || waited > most*time.Second {
					t.Errorf("attempt %d after %v, want %v to %v", i+1, waited, least, most*time.Second)
				}
				began = r.at[i]
			}
			if r.got[0].Header.Get("Arbiter-Delivery") != r.got[4].Header.Get("Arbiter-Delivery") {
				t.Error("each attempt has another id")
			}
			if err := h.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRefusalsAreNot(t *testing.T) {
	for _, status := range []int{301, 400, 401, 404, 410} {
		synctest.Test(t, func(t *testing.T) {
			r := &receiver{answer: always(status)}
			h := open(t, r)
			h.Send("one", []byte("{}"))
			time.Sleep(time.Hour)
			synctest.Wait()
			if s := h.Stats(); s != (Stats{GivenUp: 1}) || len(r.got) != 1 {
				t.Errorf("%d: %+v after %d attempts", status, s, len(r.got))
			}
			if err := h.Close(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestGivesUpInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: always(503)}
		h := open(t, r)
		h.Send("one", []byte("{}"))
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		if s := h.Stats(); s != (Stats{GivenUp: 1, Failed: maxAttempts - 1}) || len(r.got) != maxAttempts {
			t.Errorf("%+v after %d attempts", s, len(r.got))
		}
		_ = h.Close(t.Context())
	})
}

func TestRetryAfterIsHeeded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: func(n int) (int, http.Header, error) {
			if n == 1 {
				return 503, http.Header{"Retry-After": {"30"}}, nil
			}
			return 200, http.Header{}, nil
		}}
		h := open(t, r)
		h.Send("one", []byte("{}"))
		time.Sleep(time.Minute)
		synctest.Wait()
		if len(r.at) != 2 || r.at[1].Sub(r.at[0]) != 30*time.Second {
			t.Errorf("attempts at %v", r.at)
		}
		_ = h.Close(t.Context())
	})
}

func TestTheQueueIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: always(500)}
		h := open(t, r)
		for i := range maxWaiting + 10 {
			if taken := h.Send(fmt.Sprint(i), []byte("{}")); taken != (i < maxWaiting) {
				t.Fatalf("delivery %d: taken %v", i, taken)
			}
		}
		synctest.Wait()
		if s := h.Stats(); s.Dropped != 10 || s.Waiting != maxWaiting || s.Failed != maxWaiting {
			t.Errorf("%+v", s)
		}
		err := h.Close(t.Context())
		if err == nil || !strings.Contains(err.Error(), "1024 deliveries were given up") {
			t.Errorf("closed with %v", err)
		}
	})
}

// What waits for another attempt is tried at the end, at once.
func TestCloseTriesOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &receiver{answer: func(n int) (int, http.Header, error) {
			if n == 1 {
				return 500, http.Header{}, nil
			}
			return 200, http.Header{}, nil
		}}
		h := open(t, r)
		h.Send("one", []byte("{}"))
		synctest.Wait()
		began := time.Now()
		if err := h.Close(t.Context()); err != nil || time.Since(began) != 0 || h.Stats().Delivered != 1 {
			t.Errorf("%v after %v, %+v", err, time.Since(began), h.Stats())
		}
	})
}

// Close does not wait longer than it is let for a back end that hangs.
func TestCloseCutsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, err := New(Config{URL: "http://api.example", Secret: secret, Client: &http.Client{Transport: hanging{}}})
		if err != nil {
			t.Fatal(err)
		}
		h.Send("one", []byte("{}"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		began := time.Now()
		if err := h.Close(ctx); err == nil || time.Since(began) != time.Second {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestBadConfigs(t *testing.T) {
	for _, c := range []Config{
		{URL: "", Secret: secret}, {URL: "api.example", Secret: secret}, {URL: "ftp://x/", Secret: secret},
		{URL: "https://api.example", Secret: "short"},
	} {
		if h, err := New(c); err == nil {
			t.Errorf("%+v was taken", c)
			_ = h.Close(t.Context())
		}
	}
}

// TestNoURLInLog: the receiver's address may hold a secret of its own, in its
// path, its query or before its host, and logs are read by many.
// Hazards: secrets in logs.
func TestNoURLInLog(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		r := &receiver{answer: func(int) (int, http.Header, error) { return 0, nil, errors.New("nobody there") }}
		h, err := New(Config{URL: "https://user:hidden1@api.example/hidden2/results?key=hidden3", Secret: "hidden4 hidden4 hidden4", Client: &http.Client{Transport: r},
			Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		h.Send("one", []byte(`{"a":1}`))
		synctest.Wait()
		if err := h.Close(t.Context()); err == nil {
			t.Error("nothing was given up")
		}
		if text := log.String(); !strings.Contains(text, "nobody there") || !strings.Contains(text, "given up") || strings.Contains(text, "hidden") {
			t.Errorf("log: %s", text)
		}
	})
}
