package match

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"

	"arbiter/game"
	"arbiter/game/sim"

	"github.com/prometheus/client_golang/prometheus"
)

// slowFile takes nothing until it is let.
type slowFile struct {
	let    chan struct{}
	got    bytes.Buffer
	err    error
	closed bool
}

func (f *slowFile) Write(p []byte) (int, error) {
	<-f.let
	f.got.Write(p)
	return len(p), f.err
}

func (f *slowFile) Close() error {
	f.closed = true
	return nil
}

// Hazards: slow disk.
func TestSpoolDoesNotBlock(t *testing.T) {
	f := &slowFile{let: make(chan struct{})}
	s := newSpool(f, prometheus.NewCounter(prometheus.CounterOpts{}), func(error) {})
	chunk := make([]byte, 1<<20)
	var err error
	written := 0
	for range 2*maxSpooled/len(chunk) + 1 { // the goroutine may have as much in its hands
		if _, err = s.Write(chunk); err != nil {
			break
		}
		written += len(chunk)
	}
	if !errors.Is(err, errSpoolFull) || written < maxSpooled {
		t.Errorf("after %d bytes for a disk that stands still: %v, want errSpoolFull", written, err)
	}
	close(f.let)
	if err := s.close(); !errors.Is(err, errSpoolFull) || !f.closed || f.got.Len() != written {
		t.Errorf("closed: %v, file closed %v with %d bytes; want errSpoolFull, and all %d", err, f.closed, f.got.Len(), written)
	}
}

// Hazards: slow disk.
func TestSpoolReportsTheDisk(t *testing.T) {
	f := &slowFile{let: make(chan struct{}), err: io.ErrShortWrite}
	close(f.let)
	s := newSpool(f, prometheus.NewCounter(prometheus.CounterOpts{}), func(error) {})
	_, _ = s.Write([]byte("x"))
	if err := s.close(); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("closed: %v, want the disk's error", err)
	}
}

// fullDisk takes the first bytes only.
type fullDisk struct{ tried chan struct{} }

func (f fullDisk) Write([]byte) (int, error) {
	select {
	case f.tried <- struct{}{}:
	default:
	}
	return 0, io.ErrShortWrite
}
func (fullDisk) Close() error { return nil }

// A disk that is full is counted and logged while the match goes on, once.
//
// Hazards: slow disk.
func TestFullDiskIsToldWhenItHappens(t *testing.T) {
	b := newTestbed(t, busy(t), 1)
	var log bytes.Buffer
	told := make(chan struct{})
	r := &recording{log: slog.New(slog.NewTextHandler(&log, nil)), failed: b.engine.metrics.unwritten}
	r.spool = newSpool(fullDisk{make(chan struct{}, 1)}, prometheus.NewCounter(prometheus.CounterOpts{}), func(err error) {
		r.report(err)
		select {
		case <-told:
		default:
			close(told)
		}
	})
	r.recorder = sim.NewRecorder(r.spool, b.game.define, 1, b.order.setup())
	<-told // with the head, long before the match ends
	if !strings.Contains(log.String(), "the recording ends early") || counterOf(t, b, "arbiter_recording_failures_total") != 1 {
		t.Errorf("counted %v, log: %s", counterOf(t, b, "arbiter_recording_failures_total"), log.String())
	}
	b.recording = r
	for range 40 {
		b.turn()
	}
	r.close()
	b.recording = nil
	if n := strings.Count(log.String(), "\n"); n != 1 || counterOf(t, b, "arbiter_recording_failures_total") != 1 || b.ended != nil {
		t.Errorf("%d lines, counted %v, ended %v; want one of each, and a match that goes on", n, counterOf(t, b, "arbiter_recording_failures_total"), b.ended)
	}
}

func TestRecordDirMustBeWritable(t *testing.T) {
	dir := t.TempDir()
	e, err := New(Config{Games: []game.Definition{busy(t)}, RecordDir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("the check leaves %v, %v", left, err)
	}
	if runtime.GOOS != "linux" {
		t.Skip("no folder in which nobody can write")
	}
	if _, err := New(Config{Games: []game.Definition{busy(t)}, RecordDir: "/proc"}); err == nil || !strings.Contains(err.Error(), "cannot be written to") {
		t.Errorf("a folder that cannot be written: %v", err)
	}
}
