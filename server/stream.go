package server

import (
	"encoding/json"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"
)

const (
	maxStreams  = 64               // of events, at once
	streamPulse = 15 * time.Second // between comments that keep proxies from hanging up
)

// eventDoc is a MatchEvent as the stream and webhooks tell it.
type eventDoc struct {
	Match  string       `json:"match"`
	Game   string       `json:"game"`
	At     time.Time    `json:"at"`
	Player string       `json:"player,omitempty"`
	Why    string       `json:"why,omitempty"`
	Wanted *int         `json:"wanted,omitempty"`
	Result *MatchResult `json:"result,omitempty"`
}

func (e *MatchEvent) doc() eventDoc {
	d := eventDoc{Match: e.Match, Game: e.Game, At: e.At.UTC(), Player: e.Subject, Why: e.Why, Result: e.Result}
	if e.Kind == Wants {
		d.Wanted = &e.Wanted
	}
	return d
}

// streams counts the open ones.
type streams struct{ open atomic.Int32 }

// getEvents streams what happens to matches to services, from now on or, with
// Last-Event-ID, from there.
func (s *Server) getEvents(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.identifyService(r); err != nil {
		return err
	}
	seq := s.core.events.newest()
	if text := r.Header.Get("Last-Event-ID"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return badQuery("Last-Event-ID", text, "the id of an event of this stream")
		}
		seq = min(n, seq) // ids of a server before this one say nothing
	}
	defer s.streams.open.Add(-1)
	if s.streams.open.Add(1) > maxStreams {
		return later(retrySoon, codeTooManyStreams, "%d streams are open, which is all there may be: close some", maxStreams)
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	w.WriteHeader(http.StatusOK)
	out := http.NewResponseController(w)
	_, _ = w.Write([]byte(": arbiter\n\n"))
	pulse := time.NewTicker(streamPulse)
	defer pulse.Stop()
	for {
		e, ok, more := s.core.events.next(seq)
		if ok {
			seq = e.Seq
			if _, err := w.Write(e.append(nil)); err != nil {
				return nil // the client is gone
			}
			continue
		}
		if out.Flush() != nil || more == nil {
			return nil
		}
		select {
		case <-more:
		case <-pulse.C:
			_, _ = w.Write([]byte(": still here\n\n")) // Flush tells if it failed
		case <-r.Context().Done():
			return nil
		}
	}
}

// append appends the event in the stream's form. What was lost before it is an
// event of its own.
func (e *MatchEvent) append(b []byte) []byte {
	if e.Lost > 0 {
		b = append(b, "event: lost\ndata: {\"events\":"...)
		b = append(strconv.AppendUint(b, e.Lost, 10), "}\n\n"...)
	}
	b = append(append(b, "event: "...), e.Kind...)
	b = strconv.AppendUint(append(b, "\nid: "...), e.Seq, 10)
	data, _ := json.Marshal(e.doc()) // texts and numbers cannot fail
	b = append(append(b, "\ndata: "...), data...)
	return append(b, "\n\n"...)
}
