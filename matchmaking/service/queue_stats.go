package service

import (
	"maps"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"arbiter/matchmaking"
)

// queueStats are the statistics of a queue as of its last pass.
type queueStats struct {
	matchmaking.Stats
	formed, refused uint64
	running         int
	outcomes        map[outcome]uint64
	took            time.Duration // by the last pass
}

// publishStats publishes the queue's statistics after a pass that began at now.
func (q *queueWorker) publishStats(now time.Duration) {
	q.stats.Store(&queueStats{q.queue.Stats(), q.formed, q.refused, len(q.matches), maps.Clone(q.outcomes), q.service.clock() - now})
}

var (
	descWaiting  = queueDesc("queue_players", "Players waiting, as of the last pass.")
	descTickets  = queueDesc("queue_tickets", "Tickets by state, as of the last pass.", "state")
	descWait     = queueDesc("queue_wait_seconds", "How long tickets waited for a roster; the quantiles are of the last 512.")
	descFormed   = queueDesc("queue_matches_total", "Matches begun.")
	descRefused  = queueDesc("queue_refusals_total", "Matches that the host could not begin, and seats it could not give.")
	descLeft     = queueDesc("queue_tickets_left_total", "Tickets that left, by how.", "state", "cause")
	descPass     = queueDesc("queue_pass_seconds", "How long the last pass took, its events included.")
	descCommands = queueDesc("queue_commands", "Requests that wait for the queue.")
)

func queueDesc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("arbiter_"+name, help, append([]string{"queue"}, labels...), nil)
}

// Describe implements [prometheus.Collector]. It sends nothing, because some
// metrics exist only once they have counted something.
func (s *Service) Describe(chan<- *prometheus.Desc) {}

// Collect implements [prometheus.Collector].
func (s *Service) Collect(ch chan<- prometheus.Metric) {
	for _, worker := range s.inOrder {
		st, name := worker.stats.Load(), worker.rules.Name
		gauge := func(d *prometheus.Desc, v float64, labels ...string) {
			ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, append([]string{name}, labels...)...)
		}
		count := func(d *prometheus.Desc, v uint64, labels ...string) {
			ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), append([]string{name}, labels...)...)
		}
		gauge(descWaiting, float64(st.Players))
		gauge(descTickets, float64(st.Tickets), string(matchmaking.Queued))
		gauge(descTickets, float64(st.Proposed), string(matchmaking.Proposed))
		var waits map[float64]float64
		if st.Matched > 0 {
			waits = map[float64]float64{0.5: st.P50.Seconds(), 0.95: st.P95.Seconds(), 0.99: st.P99.Seconds()}
		}
		ch <- prometheus.MustNewConstSummary(descWait, uint64(st.Matched), st.Waited.Seconds(), waits, name)
		gauge(descPass, st.took.Seconds())
		gauge(descCommands, float64(len(worker.commands)))
		count(descFormed, st.formed)
		count(descRefused, st.refused)
		for o, n := range st.outcomes {
			count(descLeft, n, string(o.state), string(o.cause))
		}
	}
}

// Bounds on estimates of the remaining wait: each sorts the queue's last waits.
const (
	maxWatched   = 4096             // tickets whose estimates are kept up to date
	maxEstimates = 256              // in one pass
	watchedFor   = 90 * time.Second // after the ticket was last read
)

// watchedTickets is the set of tickets that somebody reads, which get estimates.
// It holds at most maxWatched. It is safe for concurrent use.
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

// some returns up to n of them, in a random order.
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

// publishEstimates publishes the estimated wait of watched tickets where it has
// changed by a fifth, at least 2 s.
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
