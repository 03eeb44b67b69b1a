package transport

import (
	"runtime"
	"sync"
)

// gate bounds the TLS handshakes of a server: how many are under way, each
// with a goroutine, and how many of those compute at the same moment.
//
// When it is full, a newcomer takes the place of a handshake that waits for its
// client, the oldest of the address with the most of those, if that address
// keeps at least as many as the newcomer's then has. Otherwise the newcomer
// queues, and addresses that queue are served in turn. So whoever opens
// handshakes and leaves them only slows itself, not others.
//
// It is safe for concurrent use.
type gate struct {
	limit int
	cpu   chan struct{} // holds one token for each handshake that computes

	// wg waits for the goroutines. Set before the first enter.
	wg *sync.WaitGroup

	mu    sync.Mutex
	busy  int      // guarded by mu: goroutines
	heirs []*inbox // guarded by mu: those for whom another gives way; at most busy
	ranks ranks    // guarded by mu: the addresses, by handshakes that wait
	ring  []*crowd // guarded by mu: the addresses that queue; bounded by the connections of the server
}

// newGate leaves half of the processors to connections that are established.
func newGate(limit int) *gate {
	return &gate{limit: limit, cpu: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
}

// enter begins a handshake, makes room for it or queues it.
func (g *gate) enter(s *secure) {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := s.box
	b.owner, b.from = s, crowdOf(s.conn.place)
	if g.busy < g.limit {
		g.busy++
		b.from.held++
		g.wg.Go(func() { g.work(b) })
		return
	}
	if g.ranks.top > b.from.held+1 {
		g.yield()
		b.from.held++
		g.heirs = append(g.heirs, b)
		return
	}
	if b.from.queue = append(b.from.queue, b); len(b.from.queue) == 1 {
		g.ring = append(g.ring, b.from)
	}
}

// yield ends the handshake that has waited longest, of the address with the
// most. Its goroutine ends it and takes the heir. mu is held.
func (g *gate) yield() {
	b := g.ranks.first()
	g.ranks.take(b)
	b.yielded = true
	b.from.held--
	b.end(dropCrowd)
}

func (g *gate) work(b *inbox) {
	for ; b != nil; b = g.next(b) {
		b.owner.shake()
	}
}

// next takes the handshake that follows one that is over, or reports with nil
// that the caller's goroutine is no longer needed.
func (g *gate) next(over *inbox) *inbox {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !over.yielded {
		over.from.held--
	}
	over.from.tidy()
	if len(g.heirs) > 0 {
		return pop(&g.heirs)
	}
	if len(g.ring) == 0 {
		g.busy--
		return nil
	}
	c := pop(&g.ring)
	b := pop(&c.queue)
	if len(c.queue) > 0 {
		g.ring = append(g.ring, c)
	}
	c.held++
	return b
}

// pop takes the first of a list that is not empty.
func pop[T any](list *[]*T) *T {
	l := *list
	first := l[0]
	l[0] = nil
	if *list = l[1:]; len(l) == 1 {
		*list = nil
	}
	return first
}

// compute waits for a processor, idle gives it back.
func (g *gate) compute() { g.cpu <- struct{}{} }
func (g *gate) idle()    { <-g.cpu }

// await is idle, until b has something to read: meanwhile another handshake
// may take its place. Then it computes again.
func (g *gate) await(b *inbox) {
	g.mu.Lock()
	if !b.yielded {
		g.ranks.put(b)
	}
	g.mu.Unlock()
	g.idle()
	select {
	case <-b.more:
	case <-b.gone:
	}
	g.mu.Lock()
	g.ranks.take(b)
	g.mu.Unlock()
	g.compute()
}
