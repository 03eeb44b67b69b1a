package server

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"arbiter/game"
	"arbiter/netcode"

	"github.com/prometheus/client_golang/prometheus"
)

func sampleTick(i int) game.Tick { return game.Tick(1000 + i) }

// Hazards: clock.
func TestScheduleIsAbsolute(t *testing.T) {
	s := schedule{rate: 30, shift: 5 * time.Millisecond, next: 1}
	for n := game.Tick(1); n <= 90; n++ {
		want := 5*time.Millisecond + time.Duration(n)*time.Second/30
		if steps, _ := s.claim(want - 1); steps != 0 {
			t.Fatalf("step %d: %d steps one nanosecond early", n, steps)
		}
		// Each step begins a little late; the delays don't add up.
		if steps, dropped := s.claim(want + 3*time.Millisecond); steps != 1 || dropped != 0 {
			t.Fatalf("step %d: %d steps, %v dropped; want 1, 0", n, steps, dropped)
		}
	}
	if got := s.due(90); got != 3*time.Second+5*time.Millisecond {
		t.Errorf("step 90 is due at %v, want 3.005s", got)
	}
	if far := game.Tick(1<<32 - 1); s.due(far) < s.due(far-1) {
		t.Error("the last tick there is overflows")
	}
}

// Hazards: bursts.
func TestPhasesSpread(t *testing.T) {
	const matches, rate = 50, 30
	dt := time.Second / rate
	slots := map[time.Duration]int{}
	for n := range uint32(matches) {
		p := phase(n, rate, time.Duration(n)*17*time.Millisecond)
		if p < 0 || p >= dt {
			t.Fatalf("phase %v of match %d is outside one step", p, n)
		}
		at := (p + time.Duration(n)*17*time.Millisecond) % dt // against the server's epoch
		slots[at*10/dt]++
	}
	for slot := range time.Duration(10) {
		if n := slots[slot]; n < 3 || n > 7 {
			t.Errorf("%d of %d matches begin in tenth %d of the step, want about 5", n, matches, slot)
		}
	}
}

func TestTickClock(t *testing.T) {
	var c tickClock
	for _, due := range []time.Duration{0, time.Second, 71 * time.Minute, 100 * time.Hour} {
		c.set(7, due)
		if tick, since := c.read(due + 1500*time.Microsecond); tick != 7 || since != 1500*time.Microsecond {
			t.Errorf("due at %v: tick %d, %v ago; want 7, 1.5ms", due, tick, since)
		}
		if _, since := c.read(due - time.Microsecond); since != 0 {
			t.Errorf("read before it was due: %v ago, want 0", since)
		}
	}
}

func TestInboxKeepsOrderAndCopies(t *testing.T) {
	in := newInbox(2)
	s := &session{}
	cells := []int64{1, 2}
	for i := range 3 {
		cells[0] = int64(i)
		if got := in.post(envelope{kind: envelopeInputs, from: s}, []netcode.Entry{{Seq: uint32(i), Cells: cells}}); got != postedOK {
			t.Fatal(got)
		}
	}
	cells[0] = 99 // the reader's memory is used again
	m := in.swap()
	if len(m.envelopes) != 3 {
		t.Fatalf("%d envelopes, want 3", len(m.envelopes))
	}
	for i, l := range m.envelopes {
		e := in.entry(&l, 0)
		if l.n != 1 || e.Seq != uint32(i) || e.Cells[0] != int64(i) || e.Cells[1] != 2 {
			t.Errorf("envelope %d brings %d entries, %+v", i, l.n, e)
		}
	}
	if m := in.swap(); len(m.envelopes) != 0 {
		t.Errorf("%d envelopes come twice", len(m.envelopes))
	}
	for range inboxShare {
		in.post(envelope{kind: envelopeAck, from: s}, nil)
	}
	if got := in.post(envelope{kind: envelopeAck, from: s}, nil); got != postedFull {
		t.Errorf("beyond the share: %v, want full", got)
	}
	if got := in.post(envelope{kind: envelopeAck, from: &session{}}, nil); got != postedOK {
		t.Errorf("another session: %v, want ok", got)
	}
	if got := in.post(envelope{kind: envelopeGone, from: s}, nil); got != postedOK {
		t.Errorf("the last envelope of a session: %v, want ok", got)
	}
	if got := len(in.close().envelopes); got != inboxShare+2 {
		t.Errorf("%d envelopes at the end, want %d", got, inboxShare+2)
	}
	if got := in.post(envelope{kind: envelopeAck, from: &session{}}, nil); got != postedClosed {
		t.Errorf("after the end: %v, want shut", got)
	}
}

func TestNames(t *testing.T) {
	long := strings.Repeat("é", 20)
	for name, want := range map[string]string{"": "Player 3", "ann": "ann", long: long[:32]} {
		if got := nameOf(name, 3); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if got := nameOf("x"+long, 3); len(got) != 31 || !utf8.ValidString(got) {
		t.Errorf("a name is cut to %q inside a character", got)
	}
}

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
