package service

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// getEvents streams a ticket's moments as server-sent events, until the one
// that is final.
func (s *Service) getEvents(w http.ResponseWriter, r *http.Request, i Identity) *problem {
	t, p := s.find(r.PathValue("id"), i)
	if p != nil {
		return p
	}
	guards := r.URL.Query().Get("cancel_on_close")
	if guards != "" && guards != "0" && guards != "1" {
		return wrong("bad_query", "cancel_on_close", fmt.Sprintf("%.20q is neither 0 nor 1", guards), "give 1 to cancel the ticket when this stream ends early")
	}
	last, p := lastEvent(r)
	if p != nil {
		return p
	}
	m, _ := t.current()
	if last > m.version {
		last = 0
	}
	if final(m.state) && last == m.version {
		w.WriteHeader(http.StatusNoContent) // which tells an EventSource not to come back
		return nil
	}
	leave, p := s.limiter.stream(i)
	if p != nil {
		return p
	}
	defer leave()
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would keep events until its buffer is full
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	if guards == "1" {
		t.guard(1)
	}
	ended := s.stream(w, r, t, follower{i, last})
	if guards == "1" && t.guard(-1) == 0 && !ended {
		s.abandoned(t)
	}
	return nil
}

func lastEvent(r *http.Request) (int, *problem) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, wrong("bad_query", "Last-Event-ID", fmt.Sprintf("%.20q is no id of an event", text), "send that of the last one received, or none")
	}
	return n, nil
}

// follower is who reads a stream, and the version that he has.
type follower struct {
	identity Identity
	version  int
}

// stream writes until the final moment, which it reports, or until the client
// is gone.
func (s *Service) stream(w http.ResponseWriter, r *http.Request, t *ticket, f follower) (ended bool) {
	out := http.NewResponseController(w)
	beat := time.NewTicker(s.config.Limits.Heartbeat)
	defer beat.Stop()
	for {
		moments, changed := t.updatesAfter(f.version)
		patience(w, writing)
		for _, m := range moments {
			data, err := marshal(t.view(m, f.identity))
			if err == nil {
				_, err = fmt.Fprintf(w, "event: %s\nid: %d\ndata: %s\n", m.event, m.version, data)
			}
			if err != nil {
				return false
			}
			f.version = m.version
			ended = final(m.state)
		}
		if out.Flush() != nil {
			return ended
		}
		if ended {
			return true
		}
		t.lastRead.Store(int64(s.clock()))
		t.worker.watched.add(t)
		select {
		case <-changed:
		case <-beat.C:
			if _, err := fmt.Fprint(w, ":\n\n"); err != nil {
				return false
			}
		case <-r.Context().Done():
			return false
		}
	}
}

// guard counts the streams whose end cancels the ticket.
func (t *ticket) guard(change int) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.guards += change
	return t.guards
}

// abandoned cancels a ticket whose last guarding stream broke, unless another
// one is there after a grace: connections break and come back.
func (s *Service) abandoned(t *ticket) {
	grace := time.NewTimer(s.config.Limits.StreamGrace)
	defer grace.Stop()
	select {
	case <-grace.C:
	case <-s.closing:
		return
	}
	if t.guard(0) == 0 {
		s.cancel(t, byDisconnect)
	}
}
