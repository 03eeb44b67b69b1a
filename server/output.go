package server

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"arbiter/netcode"

	"github.com/panjf2000/ants/v2"
)

// batchSize is how many clients one task of the output pool serves. Handing a
// task over costs about as much as a third of a send, so tasks are not smaller;
// a match of several hundred clients still spreads over a few cores.
const batchSize = 64

// output is one match's way to the output pool. The match's loop owns it, and
// each batch belongs to its task while write waits.
type output struct {
	pool    *outputPool
	batches []*batch // batches[:used] are this tick's
	used    int
	tasks   sync.WaitGroup
}

// batch is the clients that one task encodes for and writes to, one after the
// other, through one scratch buffer.
type batch struct {
	items   []item
	done    int // items that were dealt with
	scratch []byte
	tasks   *sync.WaitGroup
}

// item is one client's snapshot and what became of it.
type item struct {
	session *session
	feed    *netcode.Feed
	conn    conn
	bytes   int
	err     error
}

func (o *output) reset() {
	for _, b := range o.batches[:o.used] {
		clear(b.items)
		b.items, b.done = b.items[:0], 0
	}
	o.used = 0
}

func (o *output) add(s *session) {
	if o.used == 0 || len(o.batches[o.used-1].items) == batchSize {
		if o.used == len(o.batches) {
			o.batches = append(o.batches, &batch{tasks: &o.tasks, scratch: make([]byte, frameRoom, 2048)})
		}
		o.used++
	}
	b := o.batches[o.used-1]
	b.items = append(b.items, item{session: s, feed: s.feed.Feed, conn: s.conn})
}

// write returns when every item was dealt with.
func (o *output) write() {
	o.tasks.Add(o.used)
	for _, b := range o.batches[:o.used] {
		o.pool.do(b)
	}
	o.tasks.Wait()
}

// run is one task. Each client gets one Send, which is one system call.
func (b *batch) run() {
	defer b.tasks.Done()
	for ; b.done < len(b.items); b.done++ {
		it := &b.items[b.done]
		b.scratch = it.feed.Append(b.scratch[:frameRoom])
		it.bytes = len(b.scratch) - frameRoom
		it.err = it.conn.Send(framed(b.scratch))
	}
}

// outputPool bounds how many tasks write at once, over all matches. Safe for
// concurrent use.
type outputPool struct {
	ants   *ants.PoolWithFuncGeneric[*batch]
	log    *slog.Logger
	pooled atomic.Uint64 // tasks that a worker ran
	inline atomic.Uint64 // tasks that found all workers busy
	panics atomic.Uint64
}

func newOutputPool(workers int, log *slog.Logger) (*outputPool, error) {
	p := &outputPool{log: log}
	// Nonblocking, because ants has no queue and a match must not wait in one.
	// Workers stay: there are few, and all of them work every tick.
	pool, err := ants.NewPoolWithFuncGeneric(workers, (*batch).run,
		ants.WithNonblocking(true), ants.WithDisablePurge(true), ants.WithPanicHandler(p.panicked))
	if err != nil {
		return nil, fmt.Errorf("server: output pool of %d workers: %w", workers, err)
	}
	p.ants = pool
	return p, nil
}

// do has b run, by a worker or, when none is free, here and now.
func (p *outputPool) do(b *batch) {
	if p.ants.Invoke(b) == nil {
		p.pooled.Add(1)
		return
	}
	p.inline.Add(1)
	defer func() {
		if v := recover(); v != nil {
			p.panicked(v)
		}
	}()
	b.run()
}

// close waits for the workers to end. No match may be left.
func (p *outputPool) close() error {
	if err := p.ants.ReleaseTimeout(5 * time.Second); err != nil {
		return fmt.Errorf("server: output pool: %w", err)
	}
	return nil
}

func (p *outputPool) panicked(v any) {
	p.panics.Add(1)
	p.log.Error("writing a snapshot panicked", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
}
