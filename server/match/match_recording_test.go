package match

import (
	"bytes"
	"errors"
	"io"
	"testing"

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
	s := newSpool(f, prometheus.NewCounter(prometheus.CounterOpts{}))
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
	s := newSpool(f, prometheus.NewCounter(prometheus.CounterOpts{}))
	_, _ = s.Write([]byte("x"))
	if err := s.close(); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("closed: %v, want the disk's error", err)
	}
}
