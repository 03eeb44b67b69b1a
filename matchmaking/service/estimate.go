package service

import (
	"maps"
	"sync"
	"time"

	"arbiter/matchmaking"
)

// Bounds of estimates: each costs a sort of the queue's last waits.
const (
	maxWatched   = 4096             // tickets whose estimates are kept up
	maxEstimates = 256              // in one pass
	watchedFor   = 90 * time.Second // after somebody last looked
)

// watched are tickets that somebody looks at. Beyond maxWatched more are not
// taken, and get no estimate. It is safe for concurrent use.
type watched struct {
	mu  sync.Mutex
	set map[*ticket]struct{} // guarded by mu
}

func (w *watched) add(t *ticket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.set == nil {
		w.set = map[*ticket]struct{}{}
	}
	if len(w.set) < maxWatched {
		w.set[t] = struct{}{}
	}
}

// some returns up to n of them, each time others, as maps have no order.
func (w *watched) some(n int) []*ticket {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []*ticket
	for t := range maps.Keys(w.set) {
		if len(list) == n {
			break
		}
		list = append(list, t)
	}
	return list
}

func (w *watched) remove(t *ticket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.set, t)
}

// estimate tells those who look how long it may take, when that has changed.
func (l *line) estimate(now time.Duration) {
	for _, t := range l.watched.some(maxEstimates) {
		s, here := l.queue.Status(now, t.id())
		if !here || now-time.Duration(t.asked.Load()) > watchedFor {
			l.watched.remove(t)
			continue
		}
		if s.State != matchmaking.Queued || !s.Estimated {
			continue
		}
		until := now + s.Estimate
		change := until - t.until
		if t.until != 0 && max(change, -change) < max(2*time.Second, s.Estimate/5) {
			continue
		}
		t.until = until
		m, _ := t.look()
		m.event, m.due = "estimate", l.service.wall(until)
		t.tell(m)
	}
}
