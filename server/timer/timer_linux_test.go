package timer

import (
	"encoding/binary"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func fires(t *testing.T, timer *Precise) {
	t.Helper()
	select {
	case <-timer.C:
	case <-time.After(10 * time.Second):
		t.Fatal("the timer does not fire")
	}
}

// TestWaker: it wakes once, through the runtime's poller, when it is told to.
func TestWaker(t *testing.T) {
	b := newWaker()
	if b == nil {
		t.Fatal("no waker")
	}
	defer b.stop()
	if err := b.file.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatalf("the runtime does not watch it: %v", err)
	}
	for range 3 {
		began := time.Now()
		b.wakeAfter(2 * time.Millisecond)
		var wakes [8]byte
		if _, err := b.file.Read(wakes[:]); err != nil {
			t.Fatalf("it does not wake: %v", err)
		}
		if early := 2*time.Millisecond - time.Since(began); early > 0 {
			t.Errorf("it wakes %v early", early)
		}
		if n := binary.NativeEndian.Uint64(wakes[:]); n != 1 {
			t.Errorf("it wakes %d times", n)
		}
	}
}

// TestReset: the waker is set as the timer is, and left alone when the timer is
// due at once.
func TestReset(t *testing.T) {
	timer := New(time.Hour)
	defer timer.Stop()
	left := func() (spec unix.ItimerSpec) {
		_ = timer.waker.rc.Control(func(fd uintptr) {
			if err := unix.TimerfdGettime(int(fd), &spec); err != nil {
				t.Error(err)
			}
		})
		return spec
	}
	for _, d := range []time.Duration{time.Hour, time.Minute, 90 * time.Second} {
		timer.Reset(d)
		now := left()
		if got := time.Duration(now.Value.Nano()); got > d+wakeMargin || got < d-10*time.Second {
			t.Errorf("set to %v, the waker fires in %v", d, got)
		}
	}
	timer.Reset(-time.Hour)
	now := left()
	if got := time.Duration(now.Value.Nano()); got < time.Minute {
		t.Errorf("the waker was set to %v for a timer that is due", got)
	}
	fires(t, timer)
}

// TestNoDescriptor: a timer that gets no waker fires all the same.
//
// Hazards: descriptors.
func TestNoDescriptor(t *testing.T) {
	New(0).Stop() // the runtime's poller has what it needs
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	low := limit
	low.Cur = 3
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	timer := New(time.Millisecond)
	err := unix.Setrlimit(unix.RLIMIT_NOFILE, &limit)
	if err != nil {
		t.Fatal(err)
	}
	defer timer.Stop()
	if timer.waker != nil {
		t.Fatal("a waker in spite of the limit")
	}
	fires(t, timer)
	timer.Reset(time.Millisecond)
	fires(t, timer)
}

func TestAllocReset(t *testing.T) {
	timer := New(time.Hour)
	defer timer.Stop()
	if n := testing.AllocsPerRun(100, func() { timer.Reset(time.Hour) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
