package server

import (
	"encoding/binary"
	"os"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func descriptors(t *testing.T) int {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(entries)
}

// TestAlarm: it rings once, through the runtime's poller, when it is told to.
func TestAlarm(t *testing.T) {
	a := newAlarm()
	if a == nil {
		t.Fatal("no alarm")
	}
	defer a.stop()
	if err := a.file.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatalf("the runtime does not watch it: %v", err)
	}
	for range 3 {
		began := time.Now()
		a.ring(2 * time.Millisecond)
		var rings [8]byte
		if _, err := a.file.Read(rings[:]); err != nil {
			t.Fatalf("it does not ring: %v", err)
		}
		if early := 2*time.Millisecond - time.Since(began); early > 0 {
			t.Errorf("it rings %v early", early)
		}
		if n := binary.NativeEndian.Uint64(rings[:]); n != 1 {
			t.Errorf("it rings %d times", n)
		}
	}
}

// TestAlarmOfAMatch: it is set to the next step where the schedule has it, be
// it shifted or not, and left alone if the step is due.
func TestAlarmOfAMatch(t *testing.T) {
	b := newTestbed(t, busy(t), 1)
	a := newAlarm()
	defer a.stop()
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	left := func() time.Duration {
		var spec unix.ItimerSpec
		_ = a.rc.Control(func(fd uintptr) {
			if err := unix.TimerfdGettime(int(fd), &spec); err != nil {
				t.Error(err)
			}
		})
		return time.Duration(spec.Value.Nano())
	}
	for _, shift := range []time.Duration{time.Minute, time.Hour, 90 * time.Second} {
		b.schedule.shift = shift
		b.wait(timer, a)
		want := b.schedule.due(b.schedule.next) - b.now()
		if got := left(); got < want || got > want+10*time.Second {
			t.Errorf("shifted by %v: the alarm rings in %v, want about %v", shift, got, want)
		}
	}
	a.ring(time.Hour)
	b.schedule.shift = -time.Hour
	b.wait(timer, a)
	if got := left(); got < 59*time.Minute {
		t.Errorf("it was set to %v for a step that is late", got)
	}
	select {
	case <-timer.C:
	case <-time.After(10 * time.Second):
		t.Error("the timer of a late step does not fire")
	}
}

// TestAlarmsAreGivenBack: matches that end leave no descriptor open.
//
// Hazards: descriptors.
func TestAlarmsAreGivenBack(t *testing.T) {
	b := newTestbed(t, busy(t), 0)
	b.core.lobby.remove(b.match)
	newAlarm().stop() // the runtime's poller has what it needs
	before := descriptors(t)
	const together = 100
	for range 10 {
		var matches []*match
		for range together {
			m := newMatch(b.core, b.game, "m", b.order)
			matches = append(matches, m)
			go m.run()
			m.calls <- func() {} // it runs
		}
		if got := descriptors(t); got < before+together {
			t.Fatalf("%d descriptors with %d matches, %d before: do they have alarms?", got, together, before)
		}
		for _, m := range matches {
			m.stop(0)
			<-m.gone
		}
	}
	for end := time.Now().Add(10 * time.Second); descriptors(t) > before; {
		if time.Now().After(end) {
			t.Fatalf("%d descriptors after 1,000 matches, %d before", descriptors(t), before)
		}
	}
}

// TestMatchWithoutAnAlarm: a match that gets no descriptor makes its steps.
//
// Hazards: descriptors.
func TestMatchWithoutAnAlarm(t *testing.T) {
	b := newTestbed(t, busy(t), 0)
	newAlarm().stop()
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	low := limit
	low.Cur = 3
	if err := unix.Setrlimit(unix.RLIMIT_NOFILE, &low); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = unix.Setrlimit(unix.RLIMIT_NOFILE, &limit) }()
	if a := newAlarm(); a != nil {
		a.stop()
		t.Fatal("an alarm in spite of the limit")
	}
	m := newMatch(b.core, b.game, "m", b.order)
	go m.run()
	stepped := make(chan bool)
	for end := time.Now().Add(10 * time.Second); ; {
		m.calls <- func() { go func(ok bool) { stepped <- ok }(m.sim.Tick() >= 3) }
		if <-stepped {
			break
		}
		if time.Now().After(end) {
			t.Error("it makes no steps")
			break
		}
	}
	m.stop(0)
	<-m.gone
}
