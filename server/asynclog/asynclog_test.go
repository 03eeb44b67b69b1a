package asynclog

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// pipe is a log that nobody reads until it is opened, and may be closed by its reader.
type pipe struct {
	open   chan struct{}
	broken bool // owned by the writer
	got    bytes.Buffer
}

func (p *pipe) Write(b []byte) (int, error) {
	<-p.open
	if p.broken {
		return 0, errors.New("broken pipe")
	}
	return p.got.Write(b)
}

// Whoever logs is not held up by a log that nobody reads. When it flows again, what was
// dropped is told.
//
// Hazards: blocked log.
func TestBlockedLogHoldsUpNobody(t *testing.T) {
	p := &pipe{open: make(chan struct{})}
	h := New(slog.NewTextHandler(p, nil))
	log := slog.New(h).With("server", 1).WithGroup("g")
	const n = 3 * Bound
	for i := range n {
		log.Info("line", "i", i) // the test would hang here
	}
	dropped := h.Dropped()
	if dropped < n-2*Bound || dropped > n-Bound {
		t.Errorf("%d of %d lines dropped, want all but %d to %d", dropped, n, Bound, 2*Bound)
	}
	close(p.open)
	h.Close(t.Context())
	text := p.got.String()
	if got := strings.Count(text, "msg=line server=1 g.i="); uint64(got)+dropped != n {
		t.Errorf("%d lines were written and %d dropped, of %d", got, dropped, n)
	}
	if want := fmt.Sprintf("dropped=%d\n", dropped); !strings.Contains(text, "level=WARN") || !strings.Contains(text, want) {
		t.Errorf("the log has no warning with %s", want)
	}
	log.Info("late")
	if h.Dropped() != dropped+1 {
		t.Error("a line after Close is not counted as dropped")
	}
}

// Hazards: blocked log.
func TestBrokenLogIsCounted(t *testing.T) {
	p := &pipe{open: make(chan struct{}), broken: true}
	close(p.open)
	h := New(slog.NewTextHandler(p, nil))
	for range 5 {
		slog.New(h).Info("line")
	}
	h.Close(t.Context())
	if n := h.Dropped(); n != 5 {
		t.Errorf("%d lines dropped, want 5", n)
	}
}

// Close does not wait longer than it may for a log that nobody reads.
//
// Hazards: blocked log.
func TestCloseIsBounded(t *testing.T) {
	p := &pipe{open: make(chan struct{})}
	h := New(slog.NewTextHandler(p, nil))
	slog.New(h).Info("line")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	h.Close(ctx)
	close(p.open)
	<-h.queue.done
}

func TestNothingIsLostInOrder(t *testing.T) {
	var b bytes.Buffer
	h := New(slog.NewTextHandler(&b, &slog.HandlerOptions{Level: slog.LevelInfo, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
	log := slog.New(h)
	var want strings.Builder
	for i := range Bound {
		log.Info("line", "i", i)
		log.Debug("not enabled")
		fmt.Fprintf(&want, "level=INFO msg=line i=%d\n", i)
	}
	h.Close(t.Context())
	if b.String() != want.String() || h.Dropped() != 0 {
		t.Errorf("%d bytes in the log, %d lines dropped; want %d bytes, none", b.Len(), h.Dropped(), want.Len())
	}
}
