package transport

import (
	"runtime"
	"sync"
)

// handshakeGate bounds the TLS handshakes of a server: how many are under way, each
// with a goroutine, and how many of those compute at the same moment.
//
// When it is full, a new handshake replaces one that waits for its client: the
// oldest of the address that has the most of those, if that address still has at
// least as many afterwards as the address of the new one. Otherwise the new one
// queues, and addresses with a queue are served in turn. So an address that opens
// handshakes and does not finish them slows only itself.
//
// It is safe for concurrent use.
type handshakeGate struct {
	limit int
	cpu   chan struct{} // holds one token for each handshake that computes

	// wg waits for the goroutines. Set before the first enter.
	wg *sync.WaitGroup

	mu         sync.Mutex
	busy       int                  // guarded by mu: goroutines
	successors []*handshakeInput    // guarded by mu: each follows a handshake that was ended for it; at most busy
	ranks      waitRanks            // guarded by mu: the addresses, by handshakes that wait
	queued     []*addressHandshakes // guarded by mu: the addresses that queue; bounded by the connections of the server
}

// newHandshakeGate leaves half of the processors to connections that are established.
func newHandshakeGate(limit int) *handshakeGate {
	return &handshakeGate{limit: limit, cpu: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
}

// start begins a handshake, at once or in place of another, or queues it.
func (g *handshakeGate) start(s *secure) {
	g.mu.Lock()
	defer g.mu.Unlock()
	b := s.input
	b.owner, b.handshakes = s, handshakesOf(s.conn.entry)
	if g.busy < g.limit {
		g.busy++
		b.handshakes.running++
		g.wg.Go(func() { g.work(b) })
		return
	}
	if g.ranks.top > b.handshakes.running+1 {
		g.yield()
		b.handshakes.running++
		g.successors = append(g.successors, b)
		return
	}
	if b.handshakes.queue = append(b.handshakes.queue, b); len(b.handshakes.queue) == 1 {
		g.queued = append(g.queued, b.handshakes)
	}
}

// yield ends the handshake that has waited longest, of the address with the
// most. Its goroutine then runs the successor. mu is held.
func (g *handshakeGate) yield() {
	b := g.ranks.first()
	g.ranks.remove(b)
	b.yielded = true
	b.handshakes.running--
	b.end(dropYielded)
}

func (g *handshakeGate) work(b *handshakeInput) {
	for ; b != nil; b = g.next(b) {
		b.owner.shake()
	}
}

// next returns the handshake that follows one that is over, or reports with nil
// that the caller's goroutine is no longer needed.
func (g *handshakeGate) next(over *handshakeInput) *handshakeInput {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !over.yielded {
		over.handshakes.running--
	}
	over.handshakes.forgetIfEmpty()
	if len(g.successors) > 0 {
		return pop(&g.successors)
	}
	if len(g.queued) == 0 {
		g.busy--
		return nil
	}
	c := pop(&g.queued)
	b := pop(&c.queue)
	if len(c.queue) > 0 {
		g.queued = append(g.queued, c)
	}
	c.running++
	return b
}

// pop removes and returns the first of a list that is not empty.
func pop[T any](list *[]*T) *T {
	l := *list
	first := l[0]
	l[0] = nil
	if *list = l[1:]; len(l) == 1 {
		*list = nil
	}
	return first
}

// compute waits for leave to compute, idle ends it.
func (g *handshakeGate) compute() { g.cpu <- struct{}{} }
func (g *handshakeGate) idle()    { <-g.cpu }

// await waits, idle, until b has something to read, and then computes again.
// Meanwhile another handshake may replace it.
func (g *handshakeGate) await(b *handshakeInput) {
	g.mu.Lock()
	if !b.yielded {
		g.ranks.add(b)
	}
	g.mu.Unlock()
	g.idle()
	select {
	case <-b.more:
	case <-b.gone:
	}
	g.mu.Lock()
	g.ranks.remove(b)
	g.mu.Unlock()
	g.compute()
}
