package service_test

import (
	"strings"
	"testing"
	"time"

	"arbiter/matchmaking/service"
	"arbiter/matchmaking/service/servicetest"
)

func TestStream(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann := h.rank("ann")
		s := h.stream(ann, "player:ann", "")
		if got := s.events(); got != "queued" || s.w.Header().Get("Content-Type") != "text/event-stream" || s.w.Header().Get("X-Accel-Buffering") != "no" {
			t.Errorf("%q %v", got, s.w.Header())
		}
		bob := h.rank("bob")
		pass(time.Second)
		h.ask("POST", "/v1/tickets/"+bob+"/accept", "", "player:bob")
		if got := s.events(); got != "queued proposed accepted" || s.ended() {
			t.Errorf("%q", got)
		}
		h.ask("POST", "/v1/tickets/"+ann+"/accept", "", "player:ann")
		if got := s.events(); got != "queued proposed accepted matched" || !s.ended() {
			t.Errorf("%q", got)
		}
		if body := s.w.text(); !strings.Contains(body, "event: matched\nid: 4\ndata: {\"id\":\""+ann+`"`) || !strings.Contains(body, "token-match-1-ann") || strings.Contains(body, "token-match-1-bob") {
			t.Errorf("stream: %s", body)
		}
		if got := h.stream(ann, "player:ann", "", "Last-Event-ID: 2").events(); got != "accepted matched" {
			t.Errorf("resumed: %q", got)
		}
		if a := h.ask("GET", "/v1/tickets/"+ann+"/events", "", "player:ann", "Last-Event-ID: 4"); a.status != 204 {
			t.Errorf("nothing follows, and the answer is %d %s", a.status, a.body)
		}
		h.ask("GET", "/v1/tickets/"+ann+"/events", "", "player:ann", "Last-Event-ID: x").refused(t, 400, "bad_query")
		h.ask("GET", "/v1/tickets/"+ann+"/events?cancel_on_close=yes", "", "player:ann").refused(t, 400, "bad_query")
	})
}

// TestStreamOfMany: a stream that fell behind by more updates than are kept gets the
// last one, and a silent stream gets heartbeat comments.
func TestStreamOfMany(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann := h.rank("ann")
		for range 20 { // two updates each
			bob := h.rank("bob")
			pass(time.Second)
			h.ask("POST", "/v1/tickets/"+bob+"/decline", "", "player:bob")
		}
		s := h.stream(ann, "player:ann", "", "Last-Event-ID: 1")
		if got := s.events(); got != "queued" || !strings.Contains(s.w.text(), "id: 41\n") {
			t.Errorf("%q: %s", got, s.w.text())
		}
		pass(31 * time.Second)
		if n := strings.Count(s.w.text(), ":\n\n"); n != 2 {
			t.Errorf("%d comments in 31 s: %q", n, s.w.text())
		}
		s.stop()
		if !s.ended() {
			t.Error("a stream outlives its client")
		}
		h.want(ann, "player:ann", "queued returned")
	})
}

func TestCancelOnClose(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann := h.queue("duel", "ann", "")
		s := h.stream(ann, "player:ann", "?cancel_on_close=1")
		s.events()
		s.stop()
		pass(time.Second)
		again := h.stream(ann, "player:ann", "?cancel_on_close=1") // within the grace
		pass(5 * time.Second)
		h.want(ann, "player:ann", "queued added")
		plain := h.stream(ann, "player:ann", "")
		plain.events()
		again.stop()
		pass(time.Second)
		h.want(ann, "player:ann", "queued added")
		pass(2 * time.Second)
		h.want(ann, "player:ann", "cancelled disconnected")
		if !plain.ended() {
			t.Error("the other stream goes on")
		}
	})
}

func TestEstimate(t *testing.T) {
	inside(t, nil, func(h *harness) {
		for range 4 { // who waits four seconds each
			h.queue("duel", "ann", "")
			pass(4 * time.Second)
			h.queue("duel", "bob", "")
			pass(time.Second)
		}
		ann := h.queue("duel", "ann", "")
		s := h.stream(ann, "player:ann", "")
		pass(time.Second)
		if got := s.events(); got != "queued estimate" {
			t.Errorf("%q: %s", got, s.w.text())
		}
		if a := h.ticket(ann, "player:ann"); a.at("estimate_seconds") != 4.0 {
			t.Errorf("estimate: %s", a.body)
		}
		s.stop()
		s.ended()
	})
}

// TestTooManyStreams: each waits in memory, so their number is bounded.
func TestTooManyStreams(t *testing.T) {
	inside(t, func(c *service.Config, _ *servicetest.Host) { c.Limits.Streams = 2 }, func(h *harness) {
		ann := h.queue("duel", "ann", "")
		one, two := h.stream(ann, "player:ann", ""), h.stream(ann, "player:ann", "")
		one.events()
		two.events()
		h.ask("GET", "/v1/tickets/"+ann+"/events", "", "player:ann").refused(t, 429, "too_many_waiting")
		h.ask("GET", "/v1/tickets/"+ann+"?wait=1", "", "player:ann").refused(t, 429, "too_many_waiting")
		one.stop()
		one.ended()
		three := h.stream(ann, "player:ann", "")
		if got := three.events(); got != "queued" {
			t.Errorf("a place was not given back: %q %s", got, three.w.text())
		}
		two.stop()
		three.stop()
		two.ended()
		three.ended()
	})
}

// TestClose: tickets are cancelled, streams and polls end, new tickets are refused.
func TestClose(t *testing.T) {
	inside(t, nil, func(h *harness) {
		ann := h.queue("duel", "ann", "")
		s := h.stream(ann, "player:ann", "?cancel_on_close=1")
		polled := make(chan reply, 1)
		go func() { polled <- h.ask("GET", "/v1/tickets/"+ann+"?wait=60", "", "player:ann") }()
		s.events()
		h.Close()
		if got := s.events(); got != "queued cancelled" || !s.ended() {
			t.Errorf("%q", got)
		}
		if a := <-polled; a.text("cause") != "closed" {
			t.Errorf("%s", a.body)
		}
		h.ask("POST", "/v1/tickets", `{"queue":"duel"}`, "player:ann").refused(t, 503, "draining")
	})
}
