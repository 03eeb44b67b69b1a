package service

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"arbiter/matchmaking"
)

// Service is the matchmaking API with its queues. It is safe for concurrent use.
type Service struct {
	// Static.
	config   *Config
	registry *registry
	limits   *requestLimits
	workers  map[string]*queueWorker
	inOrder  []*queueWorker // as in Config.Rules
	routes   http.Handler
	began    time.Time // zero of the queues' clock
	instance string    // of this process, in every id it gives out

	closing chan struct{} // closed by Close
	once    sync.Once
	loops   sync.WaitGroup
}

// New checks the rules, restores the tickets that the store kept, and starts the
// queues. The caller must call Close.
func New(config Config) (*Service, error) {
	c, err := config.filled()
	if err != nil {
		return nil, err
	}
	s := &Service{
		config: c, limits: newRequestLimits(c.Limits), workers: map[string]*queueWorker{},
		began: time.Now(), instance: randomName(8), closing: make(chan struct{}),
	}
	s.registry = newRegistry(c.Limits)
	for _, r := range c.Rules {
		worker, err := newQueueWorker(s, r)
		if err != nil {
			return nil, fmt.Errorf("service: queue %q: %w", r.Name, err)
		}
		s.workers[r.Name] = worker
		s.inOrder = append(s.inOrder, worker)
	}
	saved, err := c.Store.Load()
	if err != nil {
		return nil, fmt.Errorf("service: the store's tickets: %w", err)
	}
	for _, t := range saved {
		s.restore(t)
	}
	s.routes = s.router()
	for _, worker := range s.inOrder {
		s.loops.Go(worker.run) // ended by Close
	}
	s.loops.Go(s.sweep) // ended by Close
	return s, nil
}

// Close cancels every ticket with the cause closed, ends the streams, and
// returns when all queues have stopped.
func (s *Service) Close() {
	s.once.Do(func() {
		close(s.closing)
		for _, worker := range s.inOrder {
			worker.stop()
		}
	})
	s.loops.Wait()
}

// clock is the time of the queues: since the service began.
func (s *Service) clock() time.Duration { return time.Since(s.began) }

// wall converts an instant of that clock to wall time.
func (s *Service) wall(at time.Duration) time.Time { return s.began.Add(at) }

// sweep runs the registry's sweep every 10 s.
func (s *Service) sweep() {
	t := time.NewTicker(10 * time.Second)
	defer t.Stop()
	for {
		select {
		case <-s.closing:
			return
		case <-t.C:
			s.registry.sweep(time.Now())
		}
	}
}

// restore adds a ticket that the store kept, unless its queue now refuses it.
func (s *Service) restore(saved Saved) {
	worker := s.workers[saved.Queue]
	if worker == nil {
		s.config.Store.Forget(saved.Ticket.ID)
		return
	}
	spec := saved.Ticket
	spec.Created = s.clock() - max(0, time.Since(saved.Since))
	t := &ticket{
		spec: spec, worker: worker, names: saved.Names, owner: who{saved.Owner, saved.Service},
		ready: make(chan struct{}), since: s.wall(spec.Created), requeueCause: byRestart,
	}
	if _, refused := s.registry.reserve(t); refused != nil {
		s.config.Store.Forget(spec.ID)
		return
	}
	if err := worker.queue.Add(s.clock(), spec); err != nil {
		s.registry.cancelReservation(t)
		s.config.Store.Forget(spec.ID)
		s.config.Log.Warn("a stored ticket is refused by its queue now", "ticket", spec.ID, "error", err)
		return
	}
	worker.publishEvents(s.clock())
	close(t.ready)
}

// newID makes an id that can't be guessed, and which contains its kind and the
// instance of the service: "t-INSTANCE-RANDOM".
func (s *Service) newID(kind string) string { return kind + "-" + s.instance + "-" + randomName(16) }

// randomName returns n random letters and digits, of five bits each.
func randomName(n int) string { return strings.ToLower(rand.Text()[:n]) }

// lost reports whether an id has the form of one that another instance of the
// service gave out.
func (s *Service) lost(kind, id string) bool {
	rest, ok := strings.CutPrefix(id, kind+"-")
	epoch, random, two := strings.Cut(rest, "-")
	return ok && two && len(epoch) == len(s.instance) && len(random) == 16 && epoch != s.instance
}

// find returns a ticket that an identity may read.
func (s *Service) find(id string, i Identity) (*ticket, error) {
	t := s.registry.ticket(matchmaking.TicketID(id))
	if t != nil {
		<-t.ready // a party's ticket is known before its queue has taken it
		if t.refusal != nil {
			t = nil
		}
	}
	switch {
	case t == nil && s.lost("t", id):
		return nil, problemTicketLost.New("ticket %.64q was lost when the service restarted: queue again with a new ticket", id)
	case t == nil:
		return nil, problemTicketUnknown.New("there is no ticket %.64q: it may have left long ago; queue again with a new ticket", id)
	case !t.maySee(i):
		return nil, problemTicketNotYours.New("ticket %.64q is neither yours nor your party's", id)
	}
	t.lastRead.Store(int64(s.clock()))
	t.worker.watched.add(t)
	return t, nil
}
