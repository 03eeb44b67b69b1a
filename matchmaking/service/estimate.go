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

// watchedTickets are tickets that somebody looks at. Beyond maxWatched more are not
// taken, and get no estimate. It is safe for concurrent use.
type watchedTickets struct {
	mu  sync.Mutex
	set map[*ticket]struct{} // guarded by mu
}

func (w *watchedTickets) add(t *ticket) {
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
func (w *watchedTickets) some(n int) []*ticket {
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

func (w *watchedTickets) remove(t *ticket) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.set, t)
}

// publishEstimates tells those who look how long it may take, when that has changed.
func (q *queueWorker) publishEstimates(now time.Duration) {
	for _, t := range q.watched.some(maxEstimates) {
		s, here := q.queue.Status(now, t.id())
		if !here || now-time.Duration(t.lastRead.Load()) > watchedFor {
			q.watched.remove(t)
			continue
		}
		if s.State != matchmaking.Queued || !s.Estimated {
			continue
		}
		until := now + s.Estimate
		change := until - t.estimatedUntil
		if t.estimatedUntil != 0 && max(change, -change) < max(2*time.Second, s.Estimate/5) {
			continue
		}
		t.estimatedUntil = until
		m, _ := t.current()
		m.event, m.expectedAt = "estimate", q.service.wall(until)
		t.publish(m)
	}
}
