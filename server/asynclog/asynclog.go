// Package asynclog keeps a log that cannot be written from holding up who logs: a
// bounded queue stands before another [slog.Handler], and a goroutine empties it.
//
// A log that is a pipe nobody reads, or a disk that hangs, blocks its writer. In a
// server that would be match loops and the loops that serve connections.
package asynclog

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"
)

// Bound is how many records wait for the handler behind; as many may be in its hands.
// What comes then is dropped and counted, and the number is logged, as a warning, once
// records get through again.
const Bound = 1024

// Handler is a [slog.Handler] that never blocks. A record is handed on a moment later,
// by another goroutine, so values logged must not change afterwards. It is safe for
// concurrent use.
type Handler struct {
	next  slog.Handler
	queue *queue
}

// New begins a goroutine that hands records on to next, which Close ends.
func New(next slog.Handler) *Handler {
	q := &queue{base: next, more: make(chan struct{}, 1), done: make(chan struct{})}
	go q.run() // ended by close
	return &Handler{next, q}
}

// Enabled implements [slog.Handler].
func (h *Handler) Enabled(ctx context.Context, l slog.Level) bool { return h.next.Enabled(ctx, l) }

// Handle implements [slog.Handler]. It returns nil always.
func (h *Handler) Handle(ctx context.Context, r slog.Record) error {
	h.queue.put(entry{context.WithoutCancel(ctx), h.next, r.Clone()})
	return nil
}

// WithAttrs implements [slog.Handler].
func (h *Handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &Handler{h.next.WithAttrs(attrs), h.queue}
}

// WithGroup implements [slog.Handler].
func (h *Handler) WithGroup(name string) slog.Handler {
	return &Handler{h.next.WithGroup(name), h.queue}
}

// Dropped is how many records were lost: those for which there was no room, and those
// that the handler behind failed to write.
func (h *Handler) Dropped() uint64 { return h.queue.lost.Load() }

// Close hands on what waits, until ctx ends. Records that come afterwards are dropped.
// If the handler behind never returns, its goroutine stays.
func (h *Handler) Close(ctx context.Context) {
	h.queue.close()
	select {
	case <-h.queue.done:
	case <-ctx.Done():
	}
}

// queue is what all handlers made of one have in common.
type queue struct {
	// Static.
	base slog.Handler  // reports what was lost
	more chan struct{} // holds at most one
	done chan struct{} // closed when run has ended

	lost atomic.Uint64

	mu      sync.Mutex
	waiting []entry // guarded by mu: at most Bound
	closed  bool    // guarded by mu
}

type entry struct {
	ctx    context.Context
	to     slog.Handler
	record slog.Record
}

func (q *queue) put(e entry) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed || len(q.waiting) == Bound {
		q.lost.Add(1)
		return
	}
	q.waiting = append(q.waiting, e)
	q.wake()
}

// wake has run look. mu is held.
func (q *queue) wake() {
	select {
	case q.more <- struct{}{}:
	default:
	}
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake()
}

// run hands on, until the queue is closed and empty.
func (q *queue) run() {
	defer close(q.done)
	var batch []entry
	told := uint64(0)
	for range q.more {
		q.mu.Lock()
		batch, q.waiting = q.waiting, batch[:0]
		last := q.closed
		q.mu.Unlock()
		for i := range batch {
			e := &batch[i]
			if e.to.Handle(e.ctx, e.record) != nil {
				q.lost.Add(1)
			}
		}
		clear(batch) // they hold texts and values
		if lost := q.lost.Load(); lost > told && q.report(lost-told) {
			told = lost
		}
		if last {
			return
		}
	}
}

// report says how many records were lost, and whether it could.
func (q *queue) report(n uint64) bool {
	r := slog.NewRecord(time.Now(), slog.LevelWarn, "lines of the log were dropped, because it could not be written fast enough", 0)
	r.AddAttrs(slog.Uint64("dropped", n))
	return q.base.Handle(context.Background(), r) == nil
}
