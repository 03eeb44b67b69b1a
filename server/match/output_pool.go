package match

import (
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/panjf2000/ants/v2"
)

// taskSize is how many clients one task of the output pool serves. Handing a
// task over costs about as much as a third of a send, so tasks are not smaller;
// a match of several hundred clients still spreads over a few cores.
const taskSize = 64

// output is one match's way to the output pool. The match's loop owns it, and
// each batch belongs to its task while write waits. The match, which has nothing
// else to do meanwhile, serves the last batch itself: for most matches that is
// the only one, and handing it over and waiting would cost two switches of
// goroutines.
type output struct {
	pool    *outputPool
	tasks   []*outputTask // batches[:used] are this tick's
	used    int
	running sync.WaitGroup
}

// outputTask is the clients that one task encodes for and writes to, one after the
// other, through one scratch buffer.
type outputTask struct {
	items   []outputItem
	done    int // items that were dealt with
	pool    *outputPool
	running *sync.WaitGroup
}

// outputItem is one client's snapshot and what became of it.
type outputItem struct {
	session *Session
	bytes   int32
	failed  bool // its connection had ended
}

// scratch are the buffers that batches are written through. They belong to the
// tasks that run, not to matches, because there are many more of those.
var scratch = sync.Pool{New: func() any {
	b := make([]byte, HeaderRoom, 2048)
	return &b
}}

func (o *output) reset() {
	for _, b := range o.tasks[:o.used] {
		clear(b.items)
		b.items, b.done = b.items[:0], 0
	}
	o.used = 0
}

func (o *output) add(s *Session) {
	if o.used == 0 || len(o.tasks[o.used-1].items) == taskSize {
		if o.used == len(o.tasks) {
			o.tasks = append(o.tasks, &outputTask{pool: o.pool, running: &o.running})
		}
		o.used++
	}
	b := o.tasks[o.used-1]
	b.items = append(b.items, outputItem{session: s})
}

// write returns when every item was dealt with.
func (o *output) write() {
	if o.used == 0 {
		return
	}
	last := o.used - 1
	o.running.Add(last)
	for _, b := range o.tasks[:last] {
		o.pool.submit(b)
	}
	o.pool.runInline(o.tasks[last])
	o.running.Wait()
}

// run is one task of the pool.
func (b *outputTask) run() {
	defer b.running.Done() // last: whoever waits sees a panic counted
	b.pool.serve(b)
}

// serve gives each client one Send, which is one system call.
func (b *outputTask) serve() {
	room := scratch.Get().(*[]byte)
	defer scratch.Put(room) // also if a snapshot panics: nobody else has it
	for ; b.done < len(b.items); b.done++ {
		it := &b.items[b.done]
		*room = it.session.feed.Append((*room)[:HeaderRoom])
		it.bytes = int32(len(*room) - HeaderRoom)
		it.failed = it.session.conn.SendPayload(*room) != nil
	}
}

// outputPool bounds how many tasks write at once, over all matches. Safe for
// concurrent use.
type outputPool struct {
	ants   *ants.PoolWithFuncGeneric[*outputTask]
	log    *slog.Logger
	pooled atomic.Uint64 // tasks that a worker ran
	inline atomic.Uint64 // tasks that a match ran itself
	panics atomic.Uint64
}

func newOutputPool(workers int, log *slog.Logger) (*outputPool, error) {
	p := &outputPool{log: log}
	// Nonblocking, because ants has no queue and a match must not wait in one.
	// Workers stay: there are few, and all of them work every tick.
	pool, err := ants.NewPoolWithFuncGeneric(workers, (*outputTask).run,
		ants.WithNonblocking(true), ants.WithDisablePurge(true))
	if err != nil {
		return nil, fmt.Errorf("match: output pool of %d workers: %w", workers, err)
	}
	p.ants = pool
	return p, nil
}

// submit has b run, by a worker or, when none is free, here and now.
func (p *outputPool) submit(b *outputTask) {
	if p.ants.Invoke(b) == nil {
		p.pooled.Add(1)
		return
	}
	p.runInline(b)
	b.running.Done()
}

// runInline serves b now.
func (p *outputPool) runInline(b *outputTask) {
	p.inline.Add(1)
	p.serve(b)
}

// serve serves b up to a panic, if there is one.
func (p *outputPool) serve(b *outputTask) {
	defer func() {
		if v := recover(); v != nil {
			p.panics.Add(1)
			p.log.Error("writing a snapshot panicked", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	b.serve()
}

// close waits for the workers to end. No match may be left.
func (p *outputPool) close() error {
	if err := p.ants.ReleaseTimeout(5 * time.Second); err != nil {
		return fmt.Errorf("match: output pool: %w", err)
	}
	return nil
}
