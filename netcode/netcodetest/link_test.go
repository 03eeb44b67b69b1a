package netcodetest

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
	"time"
)

const ms = time.Millisecond

// arrival is one delivery: the number sent and when it came.
type arrival struct {
	n  int
	at time.Duration
}

// run sends count numbered messages of size bytes, one per gap, and receives
// each at the moment it arrives.
func run(l *Link, count, size int, gap time.Duration) (got []arrival) {
	recv := func(until time.Duration) {
		for at, ok := l.Next(); ok && at <= until; at, ok = l.Next() {
			for b := range l.Recv(at) {
				got = append(got, arrival{int(binary.BigEndian.Uint32(b)), at})
			}
		}
	}
	for i := range count {
		now := time.Duration(i) * gap
		recv(now)
		l.Send(now, binary.BigEndian.AppendUint32(make([]byte, 0, size), uint32(i))[:size])
	}
	recv(math.MaxInt64)
	return got
}

func TestZeroConfigIsPerfect(t *testing.T) {
	got := run(NewLink(Config{}), 100, 4, 10*ms)
	for i, a := range got {
		if a.n != i || a.at != time.Duration(i)*10*ms {
			t.Fatalf("arrival %d is %+v", i, a)
		}
	}
	if len(got) != 100 {
		t.Fatalf("%d of 100 arrived", len(got))
	}
}

func TestDelayAndJitterBounds(t *testing.T) {
	const n = 2000
	for _, datagram := range []bool{false, true} {
		got := run(NewLink(Config{Seed: 1, Delay: 50 * ms, Jitter: 20 * ms, Datagram: datagram}), n, 4, 30*ms)
		least, most := time.Hour, time.Duration(0)
		for i, a := range got {
			way := a.at - time.Duration(a.n)*30*ms
			least, most = min(least, way), max(most, way)
			if a.n != i {
				t.Fatalf("datagram %v: message %d came as number %d", datagram, a.n, i)
			}
		}
		if len(got) != n || least < 50*ms || most >= 70*ms {
			t.Fatalf("datagram %v: %d of %d arrived after %v to %v, want 50 to 70 ms", datagram, len(got), n, least, most)
		}
		if least > 51*ms || most < 69*ms {
			t.Fatalf("datagram %v: jitter spans only %v to %v", datagram, least, most)
		}
	}
}

func TestOrderHoldsUnderJitterAndStalls(t *testing.T) {
	l := NewLink(Config{Seed: 2, Delay: 20 * ms, Jitter: 100 * ms, StallRate: 0.5, Stall: 400 * ms})
	got := run(l, 6000, 4, 10*ms) // one minute: about 30 stalls less their own length
	if !slices.IsSortedFunc(got, func(a, b arrival) int { return a.n - b.n }) || len(got) != 6000 {
		t.Fatalf("an ordered link lost or swapped messages: %d arrived", len(got))
	}
	if n := l.Stats().Stalls; n < 12 || n > 45 {
		t.Fatalf("%d stalls in a minute at 0.5 per second of 400 ms", n)
	}
	worst := time.Duration(0)
	for i := 1; i < len(got); i++ {
		worst = max(worst, got[i].at-got[i-1].at)
	}
	if worst < 350*ms || worst > 520*ms {
		t.Fatalf("longest silence is %v, want about the stall of 400 ms", worst)
	}
}

func TestRateSpacesMessages(t *testing.T) {
	got := run(NewLink(Config{Rate: 10_000, Delay: 5 * ms}), 50, 100, 0) // 10 ms each
	for i, a := range got {
		if want := time.Duration(i+1)*10*ms + 5*ms; a.at != want {
			t.Fatalf("message %d arrived at %v, want %v", i, a.at, want)
		}
	}
}

func TestLossDuplicateReorderShares(t *testing.T) {
	const n = 20_000
	l := NewLink(Config{Seed: 3, Delay: 30 * ms, Datagram: true, Loss: 0.1, Duplicate: 0.05, Reorder: 0.2})
	got := run(l, n, 4, 5*ms)
	seen := make(map[int]int)
	overtaken, latest := 0, -1
	for _, a := range got {
		seen[a.n]++
		if seen[a.n] == 1 && a.n < latest {
			overtaken++
		}
		latest = max(latest, a.n)
	}
	near := func(what string, count int, share float64) {
		if got := float64(count) / n; math.Abs(got-share) > 0.01 {
			t.Errorf("%s: share %.3f, want %.3f", what, got, share)
		}
	}
	near("lost", n-len(seen), 0.1)
	near("extra copies", len(got)-len(seen), 0.05*0.9)
	near("overtaken", overtaken, 0.2*0.9-0.2*0.9*0.05) // a held one may be announced early by its copy
	if s := l.Stats(); s.Lost != n-len(seen) || s.Duplicated != len(got)-len(seen) || s.Received != len(got) || s.Sent != n {
		t.Errorf("stats %+v disagree with %d seen of %d received", s, len(seen), len(got))
	}
	if l.Held() != 0 {
		t.Errorf("%d bytes held by an empty link", l.Held())
	}
}

func TestBufferPushesBackAndKeepsMessagesWhole(t *testing.T) {
	l := NewLink(Config{Buffer: 10})
	msg := []byte("abcdefgh")
	if n := l.Send(0, msg); n != 8 {
		t.Fatalf("took %d of 8", n)
	}
	if n := l.Send(0, msg); n != 2 || l.Held() != 10 {
		t.Fatalf("took %d of 8 with 2 bytes left, holds %d", n, l.Held())
	}
	if n := l.Send(0, msg[2:]); n != 0 {
		t.Fatalf("full link took %d", n)
	}
	for b := range l.Recv(0) {
		if string(b) != "abcdefgh" {
			t.Fatalf("received %q", b)
		}
	}
	if n := l.Send(0, msg[2:]); n != 6 {
		t.Fatalf("took %d of the rest of 6", n)
	}
	for b := range l.Recv(0) {
		if string(b) != "abcdefgh" {
			t.Fatalf("a message sent in two parts was received as %q", b)
		}
	}
	if s := l.Stats(); s.Sent != 2 || s.Received != 2 || s.Refused != 2 {
		t.Fatalf("stats %+v", s)
	}
	d := NewLink(Config{Buffer: 10, Datagram: true})
	if a, b := d.Send(0, msg), d.Send(0, msg); a != 8 || b != 0 {
		t.Fatalf("datagrams are taken whole or not: took %d, %d", a, b)
	}
}

func TestCutLosesWhatIsOnTheWay(t *testing.T) {
	p := NewPipe(Config{Delay: 50 * ms, Buffer: 6})
	p.Up.Send(0, []byte("old"))
	p.Down.Send(0, []byte("old"))
	p.Down.Send(0, []byte("partly"))
	p.Cut()
	p.Up.Send(10*ms, []byte("new"))
	p.Down.Send(10*ms, []byte("new"))
	for name, l := range map[string]*Link{"up": p.Up, "down": p.Down} {
		var got []string
		for b := range l.Recv(time.Second) {
			got = append(got, string(b))
		}
		if !slices.Equal(got, []string{"new"}) || l.Stats().Lost != 1 || l.Held() != 0 {
			t.Errorf("%s received %q after the cut, stats %+v", name, got, l.Stats())
		}
	}
}

func TestSameSeedSameDeliveries(t *testing.T) {
	cfg := Config{Seed: 4, Delay: 30 * ms, Jitter: 10 * ms, Rate: 5000, Datagram: true, Loss: 0.1, Reorder: 0.1, Duplicate: 0.1}
	ordered := Config{Seed: 4, Delay: 30 * ms, Jitter: 10 * ms, StallRate: 1, Stall: 100 * ms}
	for _, cfg := range []Config{cfg, ordered} {
		first := run(NewLink(cfg), 1000, 20, 7*ms)
		if again := run(NewLink(cfg), 1000, 20, 7*ms); !slices.Equal(first, again) {
			t.Fatal("two runs with one seed differ")
		}
		cfg.Seed++
		if other := run(NewLink(cfg), 1000, 20, 7*ms); slices.Equal(first, other) {
			t.Fatal("runs with different seeds are equal")
		}
	}
}

func TestPipeDirectionsHaveTheirOwnLuck(t *testing.T) {
	p := NewPipe(Config{Seed: 5, Jitter: 10 * ms})
	if up, down := run(p.Up, 100, 4, 20*ms), run(p.Down, 100, 4, 20*ms); slices.Equal(up, down) {
		t.Fatal("both directions drew the same jitter")
	}
}

func TestSendOfAnotherMessageAfterAPartPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Fatal("a lost rest of a message went unnoticed")
		}
	}()
	l := NewLink(Config{Buffer: 4})
	l.Send(0, []byte("abcdef"))
	l.Send(0, []byte("other"))
}
