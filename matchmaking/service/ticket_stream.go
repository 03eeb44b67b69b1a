package service

import (
	"net/http"
	"strconv"
	"time"

	"arbiter/server/httpapi"
)

// getEvents streams a ticket's updates as server-sent events, until the one
// that is final.
func (s *Service) getEvents(w http.ResponseWriter, r *http.Request, i Identity) error {
	t, err := s.find(r.PathValue("id"), i)
	if err != nil {
		return err
	}
	guards := r.URL.Query().Get("cancel_on_close")
	if guards != "" && guards != "0" && guards != "1" {
		return httpapi.BadValue("cancel_on_close", guards, "0 or 1")
	}
	last, _, err := httpapi.LastEventID(r)
	if err != nil {
		return err
	}
	m, _ := t.current()
	if last > uint64(m.version) {
		last = 0
	}
	if final(m.state) && last == uint64(m.version) {
		w.WriteHeader(http.StatusNoContent) // which tells an EventSource not to come back
		return nil
	}
	release, err := s.limits.wait(i)
	if err != nil {
		return err
	}
	defer release()
	out := httpapi.OpenStream(w, s.config.Limits.Heartbeat)
	defer out.Close()
	if guards == "1" {
		t.guard(1)
	}
	ended := s.follow(r, t, subscriber{i, out, int(last)})
	if guards == "1" && t.guard(-1) == 0 && !ended {
		s.abandoned(t)
	}
	return nil
}

// subscriber is who reads a stream, and the version that they have.
type subscriber struct {
	identity Identity
	out      *httpapi.Stream
	version  int
}

// follow sends updates until the final one, which it reports, or until the
// client is gone.
func (s *Service) follow(r *http.Request, t *ticket, to subscriber) (ended bool) {
	for {
		updates, changed := t.updatesAfter(to.version)
		for _, m := range updates {
			if to.out.Send(m.event, strconv.Itoa(m.version), t.view(m, to.identity)) != nil {
				return false
			}
			to.version = m.version
			ended = final(m.state)
		}
		if ended {
			_ = to.out.Flush()
			return true
		}
		t.lastRead.Store(int64(s.clock()))
		t.worker.watched.add(t)
		if !to.out.Wait(r, changed) {
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
