package server_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"arbiter/netcode"
	"arbiter/server"
	"arbiter/server/auth"
	"arbiter/server/servertest"
	"arbiter/server/transport"
)

// eventStream is an open stream of server-sent events.
type eventStream struct {
	t     *testing.T
	lines *bufio.Scanner
	close func()
}

// sent is one event of a stream.
type sent struct {
	kind, id string
	data     struct {
		Match, Game, Player, Why string
		Wanted                   *int
		Events                   int
		Result                   *server.MatchResult
	}
}

func stream(t *testing.T, s *servertest.Server, header ...string) *eventStream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), servertest.Patience)
	req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/v1/matches/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+s.TokenFor(auth.Claims{Subject: "backend", Service: true}))
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	e := &eventStream{t: t, lines: bufio.NewScanner(resp.Body), close: func() { cancel(); _ = resp.Body.Close() }}
	t.Cleanup(e.close)
	if h := resp.Header; resp.StatusCode != 200 || h.Get("Content-Type") != "text/event-stream" || h.Get("X-Accel-Buffering") != "no" {
		body, _ := io.ReadAll(resp.Body)
		t.Fatalf("%d %v %s", resp.StatusCode, h, body)
	}
	if !e.lines.Scan() || !strings.HasPrefix(e.lines.Text(), ":") {
		t.Fatalf("the stream begins with %q", e.lines.Text())
	}
	return e
}

// next returns the next event; ok is false at the stream's end.
func (e *eventStream) next() (ev sent, ok bool) {
	for e.lines.Scan() {
		name, value, _ := strings.Cut(e.lines.Text(), ": ")
		switch name {
		case "event":
			ev.kind = value
		case "id":
			ev.id = value
		case "data":
			if err := json.Unmarshal([]byte(value), &ev.data); err != nil {
				e.t.Fatal(err)
			}
		case "":
			if ev.kind != "" {
				return ev, true
			}
		}
	}
	return ev, false
}

// until reads up to an event of that kind.
func (e *eventStream) until(kind string) sent {
	e.t.Helper()
	for {
		ev, ok := e.next()
		if !ok {
			e.t.Fatalf("the stream ended before %s", kind)
		}
		if ev.kind == kind {
			return ev
		}
	}
}

func TestEventStream(t *testing.T) {
	t.Parallel()
	servertest.EachKind(t, func(t *testing.T, kind transport.Kind) {
		s := servertest.Start(t, server.Config{Transport: kind})
		e := stream(t, s)
		ann := s.Join("ann")
		began := e.until("began")
		if began.data.Match != ann.Welcome.MatchID || began.data.Game != "drill" {
			t.Errorf("%+v", began)
		}
		if claimed := e.until("claimed"); claimed.data.Player != "ann" {
			t.Errorf("%+v", claimed)
		}
		ann.Input(servertest.DrillInput{Order: servertest.Finish, Mark: 3})
		if end, _ := ann.End(); end != netcode.CodeMatchFinished {
			t.Error(end)
		}
		finished := e.until("finished")
		if r := finished.data.Result; r == nil || r.Reason != "the drill is over" || len(r.Scores) != 1 || r.Scores[0].Points != 3 || r.Scores[0].Subject != "ann" {
			t.Errorf("%+v", finished.data.Result)
		}
		if ended := e.until("ended"); ended.data.Why != "finished" {
			t.Errorf("%+v", ended)
		}
		e.close()
		// Who comes back goes on where they were.
		again := stream(t, s, "Last-Event-ID", began.id)
		if next, _ := again.next(); next.kind == "began" || next.data.Match != began.data.Match {
			t.Errorf("after %s comes %+v", began.id, next)
		}
		if err := s.Stop(); err != nil {
			t.Error(err)
		}
		for more := true; more; { // a stream ends with its server
			_, more = again.next()
		}
	})
}

func TestEventStreamsAreBounded(t *testing.T) {
	t.Parallel()
	s := servertest.Start(t, server.Config{})
	token := "Authorization: Bearer " + s.TokenFor(auth.Claims{Subject: "backend", Service: true})
	if a := servertest.HTTP(t, "GET", s.URL+"/v1/matches/events", "", token, "Last-Event-ID: x"); a.Status != 400 || a.Code() != "bad_query" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	var open []*eventStream
	for range 64 {
		open = append(open, stream(t, s))
	}
	if a := servertest.HTTP(t, "GET", s.URL+"/v1/matches/events", "", token); a.Status != 503 || a.Code() != "too_many_streams" || a.Header.Get("Retry-After") == "" {
		t.Errorf("%d %s", a.Status, a.Body)
	}
	open[0].close()
	servertest.Eventually(t, "one more fits", func() bool {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, "GET", s.URL+"/v1/matches/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		name, value, _ := strings.Cut(token, ": ")
		req.Header.Set(name, value)
		client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode == 200
	})
}
