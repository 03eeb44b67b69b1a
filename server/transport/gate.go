package transport

import (
	"runtime"
	"sync"
)

// gate bounds the TLS handshakes of a server: how many are under way, each
// with a goroutine, and how many of those compute at the same moment. It is
// safe for concurrent use.
type gate struct {
	limit int
	cpu   chan struct{} // holds one token for each handshake that computes

	// wg waits for the goroutines. Set before the first enter.
	wg *sync.WaitGroup

	mu    sync.Mutex
	busy  int       // guarded by mu: goroutines
	queue []*secure // guarded by mu: bounded by the connections of the server
}

// newGate leaves half of the processors to connections that are established.
func newGate(limit int) *gate {
	return &gate{limit: limit, cpu: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
}

// enter begins a handshake, or queues it behind those under way.
func (g *gate) enter(s *secure) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.busy >= g.limit {
		g.queue = append(g.queue, s)
		return
	}
	g.busy++
	g.wg.Go(func() { g.work(s) })
}

func (g *gate) work(s *secure) {
	for ; s != nil; s = g.next() {
		s.shake()
	}
}

// next takes a handshake from the queue, or reports with nil that the caller's
// goroutine is no longer needed.
func (g *gate) next() *secure {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.queue) == 0 {
		g.busy--
		g.queue = nil
		return nil
	}
	s := g.queue[0]
	g.queue[0] = nil
	g.queue = g.queue[1:]
	return s
}

// compute waits for a processor, idle gives it back.
func (g *gate) compute() { g.cpu <- struct{}{} }
func (g *gate) idle()    { <-g.cpu }
