package server

import (
	"net/http"
	"strconv"
	"time"

	"arbiter/server/httpapi"
)

const (
	maxStreams = 64               // of events, at once
	heartbeat  = 15 * time.Second // between comments on a silent stream
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

func eventDocOf(e *MatchEvent) eventDoc {
	d := eventDoc{Match: e.Match, Game: e.Game, At: e.At.UTC(), Player: e.Subject, Why: e.Why, Result: e.Result}
	if e.Kind == Wants {
		d.Wanted = &e.Wanted
	}
	return d
}

// getEvents streams what happens to matches to services, from now on or, with
// Last-Event-ID, from there.
func (s *Server) getEvents(w http.ResponseWriter, r *http.Request) error {
	if _, err := s.identifyService(r); err != nil {
		return err
	}
	events := s.engine.Events()
	seq := events.Newest()
	if after, sent, err := httpapi.LastEventID(r); err != nil {
		return err
	} else if sent {
		seq = min(after, seq) // ids of a server before this one say nothing
	}
	release, ok := s.streams.Acquire(struct{}{}, maxStreams)
	if !ok {
		return httpapi.TooManyStreams.Later(retrySoon, "%d streams are open, which is all there may be: close some", maxStreams)
	}
	defer release()
	out := httpapi.OpenStream(w, heartbeat)
	defer out.Close()
	for {
		e, ok, more := events.Next(seq)
		if ok {
			seq = e.Seq
			if sendEvent(out, &e) != nil {
				return nil // the client is gone
			}
			continue
		}
		if more == nil {
			_ = out.Flush() // the last events; the server stops
			return nil
		}
		if !out.Wait(r, more) {
			return nil
		}
	}
}

// sendEvent writes an event. What was lost before it is an event of its own.
func sendEvent(to *httpapi.Stream, e *MatchEvent) error {
	if e.Lost > 0 {
		if err := to.Send("lost", "", map[string]uint64{"events": e.Lost}); err != nil {
			return err
		}
	}
	return to.Send(string(e.Kind), strconv.FormatUint(e.Seq, 10), eventDocOf(e))
}
