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

// wordy is a client that takes two milliseconds for each thing it says.
type wordy struct{ Seat }

func (s wordy) Input(b []byte) []byte {
	for began := time.Now(); time.Since(began) < 2*time.Millisecond; {
	}
	return s.Seat.Input(b)
}

// TestOwnLimit checks that a load generator that cannot keep up says so, and
// ends when it is told to.
func TestOwnLimit(t *testing.T) {
	for name, row := range map[string]struct {
		clients int
		slow    func(Seat) Seat
	}{
		"hearing":  {12, func(s Seat) Seat { return toiling{s} }},
		"speaking": {30, func(s Seat) Seat { return wordy{s} }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const rate = 60
			d := newDouble(t, rate, whole)
			p := &Players{Schema: d.schema}
			f, err := NewFleet(Config{Server: d.addr(), Seat: func(n int) Seat { return row.slow(p.Seat(n)) }, Tick: time.Second / rate})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			f.Aim(row.clients)
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
		})
	}
}
