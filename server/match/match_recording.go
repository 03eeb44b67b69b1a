package match

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"arbiter/game/sim"

	"github.com/prometheus/client_golang/prometheus"
)

// maxSpooled bounds the bytes of one recording that wait for the disk, which is
// minutes of a match. Beyond that the recording is given up, not the match.
const maxSpooled = 4 << 20

var errSpoolFull = errors.New("match: the disk is too slow for the recording")

// recording writes down one match. A nil recording does nothing.
type recording struct {
	recorder *sim.Recorder
	spool    *spool
	log      *slog.Logger
	failed   prometheus.Counter
	tick     atomic.Uint32 // the last one recorded
	once     sync.Once     // of report
}

// record begins the recording of m, if the engine makes any. Files are named
// so that they sort by time, and are readable for the server's account only: what the
// players of a running match may not see of each other is in them.
func (e *Engine) record(m *Match) *recording {
	if e.config.RecordDir == "" {
		return nil
	}
	name := fmt.Sprintf("%s-%s-%s.arbr", time.Now().UTC().Format("20060102T150405Z"), m.game.name, m.id)
	f, err := os.OpenFile(filepath.Join(e.config.RecordDir, name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // #nosec G304 -- a game's name has a-z, 0-9 and -, an id a-z and 2-7
	if err != nil {
		e.metrics.unwritten.Inc()
		m.log.Error("the match is not recorded", "error", err)
		return nil
	}
	r := &recording{log: m.log.With("file", name), failed: e.metrics.unwritten}
	r.spool = newSpool(f, e.metrics.recorded, r.report)
	r.recorder = sim.NewRecorder(r.spool, m.game.define, m.seed, m.order.setup())
	return r
}

// step records what went into the step just made and the state after it.
func (r *recording) step(sim sim.Sim, in *sim.TickInput) {
	if r == nil || r.recorder.Err() != nil {
		return
	}
	r.tick.Store(uint32(sim.Tick()))
	if r.recorder.Record(in, sim.Hash()); r.recorder.Err() != nil {
		r.report(r.recorder.Err())
	}
}

// report says, once and when it happens, that the recording ends. Safe for concurrent
// use: the disk fails on another goroutine.
func (r *recording) report(err error) {
	r.once.Do(func() {
		r.failed.Inc()
		r.log.Error("the recording ends early", "tick", r.tick.Load(), "error", err)
	})
}

// close writes the end and waits until all is in the file.
func (r *recording) close() {
	if r == nil {
		return
	}
	if err := errors.Join(r.recorder.Close(), r.spool.close()); err != nil {
		r.report(err)
	}
}

// checkRecordDir refuses a folder in which nothing can be written.
func checkRecordDir(dir string) error {
	f, err := os.CreateTemp(dir, ".arbiter-*")
	if err != nil {
		return fmt.Errorf("match: recordings cannot be written to %q: let the server's account write there, or name another folder: %w", dir, err)
	}
	if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
		return fmt.Errorf("match: recordings cannot be written to %q: %w", dir, err)
	}
	return nil
}

// spool is a bounded buffer in front of a slow writer, which a goroutine
// empties: the match loop must not wait for a disk. Write is for one
// goroutine.
type spool struct {
	out     io.WriteCloser
	failed  func(error) // called when the first write fails, by the goroutine
	written prometheus.Counter
	wake    chan struct{} // holds at most one
	done    chan struct{}

	mu      sync.Mutex
	waiting []byte // guarded by mu
	closed  bool   // guarded by mu
	err     error  // guarded by mu: why no more is written
}

func newSpool(out io.WriteCloser, written prometheus.Counter, failed func(error)) *spool {
	s := &spool{out: out, written: written, failed: failed, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go s.run() // ended and waited for by close
	return s
}

// Write implements [io.Writer]. It does not block.
func (s *spool) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && len(s.waiting)+len(p) > maxSpooled {
		s.err = errSpoolFull
	}
	if s.err != nil {
		return 0, s.err
	}
	s.waiting = append(s.waiting, p...)
	s.nudge()
	return len(p), nil
}

func (s *spool) nudge() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// close waits until everything is written and returns the first error.
func (s *spool) close() error {
	s.mu.Lock()
	s.closed = true
	s.nudge()
	s.mu.Unlock()
	<-s.done
	return s.err
}

func (s *spool) run() {
	defer close(s.done)
	var taken []byte
	for range s.wake {
		s.mu.Lock()
		taken, s.waiting = s.waiting, taken[:0]
		last := s.closed
		s.mu.Unlock()
		n, err := s.out.Write(taken)
		s.written.Add(float64(n))
		if last {
			err = errors.Join(err, s.out.Close())
		}
		if err != nil {
			s.failed(err)
			s.mu.Lock()
			s.err = errors.Join(s.err, err)
			s.mu.Unlock()
		}
		if last {
			return
		}
	}
}
