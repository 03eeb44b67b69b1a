package peers

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
)

// seats are places in Colyseus' matches. A client of Colyseus asks for one by
// HTTP and takes it with a WebSocket; the load generator asks for all of them
// first, so that no client waits for its turn while others are measured.
type seats struct {
	url    string // of the server
	client *http.Client

	mu   sync.Mutex
	free []string // guarded by mu: paths of reserved seats
}

// seat is Colyseus' answer, as far as it matters.
type seat struct {
	SessionID string `json:"sessionId"`
	RoomID    string `json:"roomId"`
	ProcessID string `json:"processId"`
}

// reserve asks for n more. They lapse after the minute that match.mjs gives
// them.
func (s *seats) reserve(ctx context.Context, n int) error {
	for range n {
		path, err := s.ask(ctx)
		if err != nil {
			return fmt.Errorf("bench: reserve a seat at Colyseus: %w", err)
		}
		s.mu.Lock()
		s.free = append(s.free, path)
		s.mu.Unlock()
	}
	return nil
}

func (s *seats) ask(ctx context.Context) (path string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+"/matchmake/joinOrCreate/match", strings.NewReader("{}"))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/json")
	resp, err := s.client.Do(r)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 64<<10))
	if err != nil {
		return "", err
	}
	var at seat
	if err := json.Unmarshal(body, &at); err != nil || at.SessionID == "" || at.RoomID == "" {
		return "", fmt.Errorf("%s: %.200s", resp.Status, body)
	}
	return "/" + at.ProcessID + "/" + at.RoomID + "?sessionId=" + at.SessionID, nil
}

// path takes a reserved seat; without one the server refuses the client.
func (s *seats) path(int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.free) == 0 {
		return "/"
	}
	path := s.free[0]
	s.free = s.free[1:]
	return path
}
