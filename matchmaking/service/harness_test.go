package service_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"arbiter/matchmaking"
	"arbiter/matchmaking/rules"
	"arbiter/matchmaking/service"
	"arbiter/matchmaking/service/servicetest"
)

const duel = `{name: duel, game: arena, parameters: {rounds: 3}, teams: [{name: side, count: 2, players: 1}], give_up: 10m}`

const ranked = `
name: ranked
game: arena
attributes:
  skill: {type: number, min: 0, max: 5000, default: 1500}
  maps: {type: set, values: [canyon, harbor], default: [canyon]}
  mode: {type: string, default: a}
  latency: {type: latency, values: [eu, us]}
teams: [{name: side, count: 2, players: 1}]
rules: [{name: close skill, kind: distance, attribute: skill, max: {from: 50, to: 400, after: 5s, over: 55s}}]
acceptance: {required: true, timeout: 10s}
`

const squads = `
name: squads
game: arena
attributes: {skill: {type: number, default: 10}}
teams: [{name: squad, count: 2, min: 1, max: 4}]
backfill: true
`

// harness is a service with its host, inside a bubble of virtual time.
type harness struct {
	t *testing.T
	*service.Service
	host *servicetest.Host
}

// inside runs a test in a bubble. config may be changed before the service
// starts; without rules it has duel, ranked and squads.
func inside(t *testing.T, change func(c *service.Config, h *servicetest.Host), run func(h *harness)) {
	synctest.Test(t, func(t *testing.T) {
		host := &servicetest.Host{}
		c := service.Config{Host: host, Authenticate: servicetest.Authenticate}
		if change != nil {
			change(&c, host)
		}
		if c.Rules == nil {
			c.Rules = []matchmaking.Rules{parse(t, duel), parse(t, ranked), parse(t, squads)}
		}
		s, err := service.New(c)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		run(&harness{t, s, host})
	})
}

func parse(t testing.TB, text string) matchmaking.Rules {
	t.Helper()
	r, err := rules.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// reply is an answer.
type reply struct {
	status int
	header http.Header
	body   string
	doc    map[string]any
}

func (h *harness) request(method, path, body, as string, header ...string) *http.Request {
	r := httptest.NewRequestWithContext(h.t.Context(), method, path, strings.NewReader(body))
	if as != "" {
		r.Header.Set("Authorization", "Bearer "+as)
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	return r
}

// ask makes a request as "player:ann" or so.
func (h *harness) ask(method, path, body, as string, header ...string) reply {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, h.request(method, path, body, as, header...))
	a := reply{status: w.Code, header: w.Result().Header, body: w.Body.String()}
	_ = json.Unmarshal(w.Body.Bytes(), &a.doc) // streams are none
	return a
}

// queue posts a ticket of one player and returns its id.
func (h *harness) queue(queue, player, attributes string) string {
	h.t.Helper()
	if attributes == "" {
		attributes = "{}"
	}
	a := h.ask("POST", "/v1/tickets", fmt.Sprintf(`{"queue":%q,"attributes":%s}`, queue, attributes), "player:"+player)
	if a.status != http.StatusCreated {
		h.t.Fatalf("%s is not queued: %d %s", player, a.status, a.body)
	}
	return a.text("id")
}

// rank is queue for the queue that needs a latency.
func (h *harness) rank(player string) string {
	return h.queue("ranked", player, `{"latency":{"eu":20}}`)
}

func (h *harness) ticket(id, as string) reply {
	h.t.Helper()
	a := h.ask("GET", "/v1/tickets/"+id, "", as)
	if a.status != http.StatusOK {
		h.t.Fatalf("ticket %s: %d %s", id, a.status, a.body)
	}
	return a
}

// want fails the test unless the ticket's state and cause are these.
func (h *harness) want(id, as, state string) reply {
	h.t.Helper()
	a := h.ticket(id, as)
	if got := a.text("state") + " " + a.text("cause"); got != state {
		h.t.Fatalf("ticket %s is %q, want %q: %s", id, got, state, a.body)
	}
	return a
}

// refused fails the test unless the answer is a whole problem of that code.
func (a reply) refused(t testing.TB, status int, code string) {
	t.Helper()
	if a.status != status || a.text("code") != code {
		t.Errorf("%d %s, want %d %s", a.status, a.body, status, code)
	}
	if a.header.Get("Content-Type") != "application/problem+json" || a.text("type") != "/v1/problems/"+code || a.text("title") == "" ||
		a.text("detail") == "" || a.doc["status"] != float64(status) {
		t.Errorf("no whole problem: %v %s", a.header, a.body)
	}
	if again := a.header.Get("Retry-After"); (status == 429 || status == 503) != (again != "") || again != "" && fmt.Sprint(a.doc["retry_after"]) != again {
		t.Errorf("Retry-After is %q: %s", again, a.body)
	}
}

// at follows a path of names and indexes.
func (a reply) at(path ...any) any {
	var v any = a.doc
	for _, step := range path {
		switch s := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[s]
		case int:
			l, _ := v.([]any)
			if s >= len(l) {
				return nil
			}
			v = l[s]
		}
	}
	return v
}

func (a reply) text(path ...any) string {
	s, _ := a.at(path...).(string)
	return s
}

// recorder is an answer that is read while it is written.
type recorder struct {
	mu sync.Mutex
	w  *httptest.ResponseRecorder // guarded by mu
}

func (r *recorder) Header() http.Header { return r.w.Header() } // not written after the first byte

func (r *recorder) WriteHeader(status int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.w.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.w.Write(b)
}

func (r *recorder) Flush() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.w.Flush()
}

// text is the body so far.
func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.w.Body.String()
}

// stream is a running request for events.
type stream struct {
	w    *recorder
	stop context.CancelFunc
	done chan struct{}
}

func (h *harness) stream(id, as, query string, header ...string) *stream {
	r := h.request("GET", "/v1/tickets/"+id+"/events"+query, "", as, header...)
	ctx, stop := context.WithCancel(r.Context())
	s := &stream{&recorder{w: httptest.NewRecorder()}, stop, make(chan struct{})}
	go func() {
		defer close(s.done)
		h.ServeHTTP(s.w, r.WithContext(ctx))
	}()
	return s
}

// events are the names of what came, once nothing more happens by itself.
func (s *stream) events() string {
	synctest.Wait()
	var names []string
	for line := range strings.SplitSeq(s.w.text(), "\n") {
		if name, ok := strings.CutPrefix(line, "event: "); ok {
			names = append(names, name)
		}
	}
	return strings.Join(names, " ")
}

func (s *stream) ended() bool {
	synctest.Wait()
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// pass lets so much virtual time go by.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}
