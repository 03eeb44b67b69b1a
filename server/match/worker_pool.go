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

// taskSize is how many clients one task of the worker pool serves. Handing a task
// over costs about as much as a third of a send, so tasks are not smaller; a match
// of several hundred clients still spreads over a few cores.
const taskSize = 64

// output is one match's way to the worker pool. The match loop owns it, and each
// task belongs to its worker while write waits. The match, which has nothing else
// to do meanwhile, serves the last task itself: for most matches that is the only
// one, and handing it over and waiting would cost two switches of goroutines.
type output struct {
	pool    *workerPool
	tasks   []*outputTask // tasks[:used] are this tick's
	used    int
	running sync.WaitGroup // tasks that workers have
}

// outputTask is a group of clients that one worker encodes for and writes to, one
// after the other, through one scratch buffer.
type outputTask struct {
	items   []outputItem
	done    int // items that were dealt with
	pool    *workerPool
	running *sync.WaitGroup
}

// outputItem is one client's snapshot and what became of it.
type outputItem struct {
	session *Session
	bytes   int32
	failed  bool // its connection had ended
}

// scratch pools the buffers that tasks write through. They belong to the tasks that
// run, not to matches, because there are many more of those.
var scratch = sync.Pool{New: func() any {
	b := make([]byte, HeaderRoom, 2048)
	return &b
}}

func (o *output) reset() {
	for _, t := range o.tasks[:o.used] {
		clear(t.items)
		t.items, t.done = t.items[:0], 0
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
	t := o.tasks[o.used-1]
	t.items = append(t.items, outputItem{session: s})
}

// write returns when every item was dealt with.
func (o *output) write() {
	if o.used == 0 {
		return
	}
	last := o.used - 1
	o.running.Add(last)
	for _, t := range o.tasks[:last] {
		o.pool.submit(t)
	}
	o.pool.runInline(o.tasks[last])
	o.running.Wait()
}

// run is what a worker does with a task.
func (t *outputTask) run() {
	defer t.running.Done() // last: whoever waits sees a panic counted
	t.pool.serve(t)
}

// serve gives each client one SendPayload, which is one system call.
func (t *outputTask) serve() {
	room := scratch.Get().(*[]byte)
	defer scratch.Put(room) // also if a snapshot panics: nobody else has it
	for ; t.done < len(t.items); t.done++ {
		it := &t.items[t.done]
		*room = it.session.feed.Append((*room)[:HeaderRoom])
		it.bytes = int32(len(*room) - HeaderRoom)
		it.failed = it.session.conn.SendPayload(*room) != nil
	}
}

// workerPool writes snapshots: it bounds how many tasks run at once, over all
// matches. Safe for concurrent use.
type workerPool struct {
	// Static.
	ants *ants.PoolWithFuncGeneric[*outputTask]
	log  *slog.Logger

	pooled atomic.Uint64 // tasks that a worker ran
	inline atomic.Uint64 // tasks that a match ran itself
	panics atomic.Uint64
}

func newWorkerPool(workers int, log *slog.Logger) (*workerPool, error) {
	p := &workerPool{log: log}
	// Nonblocking, because ants has no queue and a match must not wait in one.
	// Workers stay: there are few, and all of them work every tick.
	pool, err := ants.NewPoolWithFuncGeneric(workers, (*outputTask).run,
		ants.WithNonblocking(true), ants.WithDisablePurge(true))
	if err != nil {
		return nil, fmt.Errorf("match: worker pool of %d workers: %w", workers, err)
	}
	p.ants = pool
	return p, nil
}

// submit has t run, by a worker or, when none is free, here and now.
func (p *workerPool) submit(t *outputTask) {
	if p.ants.Invoke(t) == nil {
		p.pooled.Add(1)
		return
	}
	p.runInline(t)
	t.running.Done()
}

// runInline has the match serve t itself, now.
func (p *workerPool) runInline(t *outputTask) {
	p.inline.Add(1)
	p.serve(t)
}

// serve serves t up to a panic, if there is one.
func (p *workerPool) serve(t *outputTask) {
	defer func() {
		if v := recover(); v != nil {
			p.panics.Add(1)
			p.log.Error("writing a snapshot panicked", "panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		}
	}()
	t.serve()
}

// close waits for the workers to end. No match may be left.
func (p *workerPool) close() error {
	if err := p.ants.ReleaseTimeout(5 * time.Second); err != nil {
		return fmt.Errorf("match: worker pool: %w", err)
	}
	return nil
}
