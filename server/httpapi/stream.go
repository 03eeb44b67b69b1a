package httpapi

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// answerTime is how long a client may take to read one answer, or one part of a
// stream.
const answerTime = 30 * time.Second

// ExtendDeadlines gives an answer that much time from now, and 30 s more to be
// read, where the HTTP server has shorter timeouts.
func ExtendDeadlines(w http.ResponseWriter, d time.Duration) {
	c := http.NewResponseController(w)
	_ = c.SetReadDeadline(time.Time{}) // else the connection counts as lost when it passes
	_ = c.SetWriteDeadline(time.Now().Add(d + answerTime))
}

// LastEventID reads the header Last-Event-ID: the id of the event after which a
// client goes on with a stream. Without it sent is false.
func LastEventID(r *http.Request) (id uint64, sent bool, err error) {
	text := r.Header.Get("Last-Event-ID")
	if text == "" {
		return 0, false, nil
	}
	id, err = strconv.ParseUint(text, 10, 64)
	if err != nil {
		return 0, true, BadValue("Last-Event-ID", text, "the id of an event of this stream")
	}
	return id, true, nil
}

// Stream is an answer of server-sent events (text/event-stream). One goroutine
// at a time may use it.
type Stream struct {
	w         http.ResponseWriter
	heartbeat *time.Ticker
}

// OpenStream begins the answer. When nothing is sent for a heartbeat a comment
// is, which keeps proxies from closing the connection. Close the stream.
func OpenStream(w http.ResponseWriter, heartbeat time.Duration) *Stream {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // nginx would keep events until its buffer is full
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write([]byte(": open\n\n")) // so that there is something to send on; Flush tells if it failed
	return &Stream{w, time.NewTicker(heartbeat)}
}

// Close ends the heartbeat. The answer ends when its endpoint returns.
func (s *Stream) Close() { s.heartbeat.Stop() }

// Send writes an event with its data as JSON. An empty id leaves the client's
// Last-Event-ID as it is. It fails when the client is gone.
func (s *Stream) Send(event, id string, data any) error {
	text, err := Marshal(data) // with a line break
	if err != nil {
		return err
	}
	if id != "" {
		id = "id: " + id + "\n"
	}
	ExtendDeadlines(s.w, 0)
	_, err = fmt.Fprintf(s.w, "event: %s\n%sdata: %s\n", event, id, text)
	return err
}

// Wait sends on what was written and returns true when changed is closed or
// yields. It returns false when the client is gone.
func (s *Stream) Wait(r *http.Request, changed <-chan struct{}) bool {
	for {
		if s.Flush() != nil {
			return false
		}
		select {
		case <-changed:
			return true
		case <-s.heartbeat.C:
			if _, err := s.w.Write([]byte(":\n\n")); err != nil {
				return false
			}
		case <-r.Context().Done():
			return false
		}
	}
}

// Flush sends on what was written.
func (s *Stream) Flush() error {
	ExtendDeadlines(s.w, 0)
	return http.NewResponseController(s.w).Flush()
}
