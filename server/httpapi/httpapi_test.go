package httpapi

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var teapot = Type{"teapot", http.StatusTeapot, "A teapot", "Ask for tea."}

func ask(h http.Handler, method, path string, header ...string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	h.ServeHTTP(w, r)
	return w
}

func TestRouter(t *testing.T) {
	var log strings.Builder
	errCold := errors.New("cold")
	rt := NewRouter(slog.New(slog.NewTextHandler(&log, nil)), func(err error) *Problem {
		if errors.Is(err, errCold) {
			return teapot.Later(1500*time.Millisecond, "wait")
		}
		return ProblemOf(err)
	})
	fails := func(err error) Endpoint { return func(http.ResponseWriter, *http.Request) error { return err } }
	rt.Path("/tea", Methods{"GET": func(w http.ResponseWriter, _ *http.Request) error {
		Answer(w, http.StatusOK, map[string]string{"url": "ws://host/?a&b"})
		return nil
	}, "POST": fails(fmt.Errorf("pot: %w", errCold)), "DELETE": fails(errors.New("secret"))})
	rt.Path("/in", Methods{"GET": fails(Type{"token_missing", 401, "No token", ""}.New("none"))})
	rt.NotFound("/", "GET /tea")
	for _, c := range []struct {
		method, path string
		status       int
		header, body string
	}{
		{"GET", "/tea", 200, "", `{"url":"ws://host/?a&b"}`},
		{"HEAD", "/tea", 200, "", ""},
		{"OPTIONS", "/tea", 204, "Allow: DELETE, GET, HEAD, OPTIONS, POST", ""},
		{"PUT", "/tea", 405, "Allow: DELETE, GET, HEAD, OPTIONS, POST", `"code":"method_not_allowed"`},
		{"POST", "/tea", 418, "Retry-After: 2", `{"type":"/v1/problems/teapot","title":"A teapot","status":418,"detail":"wait","code":"teapot","retry_after":2}`},
		{"DELETE", "/tea", 500, "", `"detail":"the server failed; its log says more"`},
		{"GET", "/in", 401, `Www-Authenticate: Bearer realm="arbiter"`, `"title":"No token"`},
		{"GET", "/coffee", 404, "", `there is nothing at \"/coffee\": GET /tea`},
	} {
		w := ask(rt, c.method, c.path)
		name, value, _ := strings.Cut(c.header, ": ")
		if c.status == 200 && c.method == "HEAD" {
			w.Body.Reset() // net/http leaves it out
		}
		if w.Code != c.status || w.Header().Get(name) != value || !strings.Contains(w.Body.String(), c.body) {
			t.Errorf("%s %s: %d %v %s", c.method, c.path, w.Code, w.Header(), w.Body)
		}
		if w.Code >= 400 && w.Header().Get("Content-Type") != MediaType {
			t.Errorf("%s %s: %v", c.method, c.path, w.Header())
		}
	}
	if text := log.String(); strings.Count(text, "\n") != 1 || !strings.Contains(text, "secret") {
		t.Errorf("logged: %s", text)
	}
}

func TestProblem(t *testing.T) {
	p := teapot.At("cup", "is full", "drink")
	p.Extensions = map[string]string{"kettle": "k-1"}
	want := `{"type":"/v1/problems/teapot","title":"A teapot","status":418,"detail":"cup: is full; drink","code":"teapot","errors":[{"where":"cup","detail":"is full","remedy":"drink"}],"kettle":"k-1"}` + "\n"
	if got := string(p.JSON()); got != want {
		t.Errorf("%s", got)
	}
	wrapped := fmt.Errorf("brewing: %w", p)
	if !errors.Is(wrapped, teapot) || errors.Is(wrapped, BadJSON) || !errors.Is(wrapped, teapot.New("other")) || ProblemOf(wrapped) != p {
		t.Error("a problem is not found by its type")
	}
}

// One code has one meaning: whoever registers it with another status, title or
// advice is told so at the start.
func TestRegistryRefusesASecondMeaning(t *testing.T) {
	var r Registry
	if err := r.Register(Common()...); err != nil {
		t.Fatal(err)
	}
	if err := r.Register(teapot, BadJSON, teapot); err != nil {
		t.Error(err)
	}
	for _, other := range []Type{{"teapot", 418, "Teapot", "Ask for tea."}, {"teapot", 400, "A teapot", "Ask for tea."}, {"teapot", 418, "A teapot", "Ask."}} {
		if err := r.Register(other); err == nil || !strings.Contains(err.Error(), `"teapot"`) {
			t.Errorf("%+v: %v", other, err)
		}
	}
	if found, ok := r.Find("teapot"); !ok || found != teapot || len(r.Types()) != len(Common())+1 {
		t.Errorf("%+v", r.Types())
	}
	rt := NewRouter(slog.Default(), nil)
	r.Routes(rt)
	if w := ask(rt, "GET", "/v1/problems"); !strings.HasPrefix(w.Body.String(), `{"problems":[{"type":"/v1/problems/bad_json","code":"bad_json","status":400,"title":"Bad JSON","text":"`) {
		t.Errorf("%s", w.Body)
	}
	if w := ask(rt, "GET", "/v1/problems/teapot"); w.Body.String() != `{"type":"/v1/problems/teapot","code":"teapot","status":418,"title":"A teapot","text":"Ask for tea."}`+"\n" {
		t.Errorf("%s", w.Body)
	}
	if w := ask(rt, "GET", "/v1/problems/kettle"); w.Code != 404 || !strings.Contains(w.Body.String(), `"code":"no_such_problem"`) {
		t.Errorf("%s", w.Body)
	}
}

func TestQuery(t *testing.T) {
	for query, want := range map[string]string{
		"":                   "50 {0s 7}",
		"limit=200&wait=1.5": "200 {1.5s 7}",
		"wait=60&version=3":  "50 {1m0s 3}",
		"limit=0":            `bad_query: limit is "0" and must be a number from 1 to 200`,
		"limit=x":            `bad_query: limit is "x" and must be a number from 1 to 200`,
		"wait=61":            `bad_query: wait is "61" and must be a number of seconds, 0 to 60`,
		"wait=NaN":           `bad_query: wait is "NaN" and must be a number of seconds, 0 to 60`,
		"version=-1":         `bad_query: version is "-1" and must be the version of the last answer`,
	} {
		r := httptest.NewRequest("GET", "/?"+query, nil)
		n, err := QueryInt(r, "limit", IntRange{1, 200, 50})
		poll := LongPoll{}
		if err == nil {
			poll, err = ReadLongPoll(r, 7)
		}
		got := fmt.Sprint(n, " ", poll)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
}

func TestHeaders(t *testing.T) {
	r := httptest.NewRequest("GET", "/", nil)
	if _, sent, err := LastEventID(r); sent || err != nil {
		t.Error(sent, err)
	}
	if key, err := IdempotencyKey(r); key != "" || err != nil {
		t.Error(key, err)
	}
	r.Header.Set("Last-Event-ID", "41")
	r.Header.Set("Idempotency-Key", "a b~")
	if id, sent, err := LastEventID(r); id != 41 || !sent || err != nil {
		t.Error(id, sent, err)
	}
	if key, err := IdempotencyKey(r); key != "a b~" || err != nil {
		t.Error(key, err)
	}
	r.Header.Set("Last-Event-ID", "-1")
	if _, _, err := LastEventID(r); !errors.Is(err, BadQuery) {
		t.Error(err)
	}
	for _, bad := range []string{"é", "\x01", strings.Repeat("k", 129)} {
		r.Header.Set("Idempotency-Key", bad)
		if _, err := IdempotencyKey(r); !errors.Is(err, BadIdempotencyKey) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// A stream sends each event at once, comments while there is none, and ends with
// its client.
func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, hangUp := context.WithCancel(t.Context())
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil)
		s := OpenStream(w, 10*time.Second)
		defer s.Close()
		changed := make(chan struct{})
		go func() {
			time.Sleep(25 * time.Second)
			close(changed)
			time.Sleep(time.Second)
			hangUp()
		}()
		if s.Send("began", "1", map[string]string{"match": "a&b"}) != nil || s.Send("lost", "", 3) != nil || !s.Wait(r, changed) || s.Wait(r, nil) {
			t.Error("the stream does not end with its client")
		}
		if got := w.Body.String(); got != ": open\n\nevent: began\nid: 1\ndata: {\"match\":\"a&b\"}\n\nevent: lost\ndata: 3\n\n:\n\n:\n\n" || !w.Flushed || w.Header().Get("Content-Type") != "text/event-stream" {
			t.Errorf("%q %v", got, w.Header())
		}
	})
}

func TestQuota(t *testing.T) {
	var q Quota[string]
	one, ok := q.Acquire("ann", 2)
	two, also := q.Acquire("ann", 2)
	if _, third := q.Acquire("ann", 2); !ok || !also || third {
		t.Error("not two places")
	}
	if _, ok := q.Acquire("bob", 1); !ok {
		t.Error("bob pays for ann")
	}
	one()
	if _, ok := q.Acquire("ann", 2); !ok {
		t.Error("a place was not given back")
	}
	two()
	if len(q.held) != 2 {
		t.Errorf("%v", q.held)
	}
}

func TestTakeSaysWhenToComeBack(t *testing.T) {
	l, r := NewRateLimiter[string](10), Rate{0.5, 1}
	if err := l.AllowRequest("ann", r); err != nil {
		t.Fatal(err)
	}
	if p := ProblemOf(l.AllowRequest("ann", r)); !errors.Is(p, TooManyRequests) || p.RetrySeconds() != 2 {
		t.Errorf("%+v", p)
	}
}

func TestShareOrigins(t *testing.T) {
	h := ShareOrigins(func(o string) bool { return o == "https://good.example" }, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { Answer(w, 200, 1) }))
	if w := ask(h, "OPTIONS", "/v1/x", "Origin", "https://good.example"); w.Code != 204 || w.Header().Get("Access-Control-Allow-Origin") != "https://good.example" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	for _, c := range [][2]string{{"/v1/x", "https://bad.example"}, {"/x", "https://good.example"}} {
		if w := ask(h, "GET", c[0], "Origin", c[1]); w.Code != 200 || w.Header().Get("Access-Control-Allow-Origin") != "" ||
			(w.Header().Get("Vary") == "Origin") != strings.HasPrefix(c[0], "/v1/") { // a cache must not give this answer to another origin
			t.Errorf("%v: %v", c, w.Header())
		}
	}
}

func TestOnBehalf(t *testing.T) {
	for _, c := range []struct {
		o       OnBehalf
		service bool
		player  string
		err     error
	}{
		{OnBehalf{}, false, "ann", nil},
		{OnBehalf{Player: "ann"}, false, "ann", nil},
		{OnBehalf{Player: "bob"}, false, "", ServiceOnly},
		{OnBehalf{Name: "Ann"}, false, "", ServiceOnly},
		{OnBehalf{Player: "bob", Name: "Bob"}, true, "bob", nil},
		{OnBehalf{Name: "Bob"}, true, "", BadJSON},
	} {
		if player, err := c.o.PlayerFor("ann", c.service); player != c.player || !errors.Is(err, c.err) {
			t.Errorf("%+v, service %v: %q, %v", c.o, c.service, player, err)
		}
	}
}
