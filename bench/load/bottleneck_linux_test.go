package load

import (
	"testing"
	"time"
)

// toiling is a client that takes two milliseconds for each message.
type toiling struct{ Seat }

func (s toiling) Message(now time.Duration, msg []byte, f *Faults) Said {
	for began := time.Now(); time.Since(began) < 2*time.Millisecond; {
	}
	return s.Seat.Message(now, msg, f)
}

// TestOwnLimit checks that a load generator that cannot keep up says so.
func TestOwnLimit(t *testing.T) {
	const rate = 60
	d := newDouble(t, rate, whole)
	p := &Players{Schema: d.schema}
	f, err := NewFleet(Config{Server: d.addr(), Seat: func(n int) Seat { return toiling{p.Seat(n)} }, Tick: time.Second / rate})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Aim(12)
	if err := Wait(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	b, err := f.Measure(t.Context(), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if b.Bottleneck() == "" {
		t.Errorf("%.0f %% busy, %v late at p99, and no complaint", 100*b.Busy, b.Lateness.Percentile(99))
	}
}

// wordy is a client that takes two milliseconds for each thing it says.
type wordy struct{ Seat }

func (s wordy) Input(b []byte) []byte {
	for began := time.Now(); time.Since(began) < 2*time.Millisecond; {
	}
	return s.Seat.Input(b)
}

// TestOwnLimitSpeaking checks that a load generator whose clients have more to
// say than there is time for still ends when it is told to.
func TestOwnLimitSpeaking(t *testing.T) {
	const rate = 60
	d := newDouble(t, rate, whole)
	p := &Players{Schema: d.schema}
	f, err := NewFleet(Config{Server: d.addr(), Seat: func(n int) Seat { return wordy{p.Seat(n)} }, Tick: time.Second / rate})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Aim(30)
	if err := Wait(t.Context(), time.Second); err != nil {
		t.Fatal(err)
	}
	b, err := f.Measure(t.Context(), time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if b.Bottleneck() == "" {
		t.Errorf("%.0f %% busy, %v late at p99, and no complaint", 100*b.Busy, b.Lateness.Percentile(99))
	}
}
