package transport

import (
	"io"
	"strings"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

func BenchmarkParse(b *testing.B) {
	for name, size := range map[string]int{"32B": 32, "1KB": 1024} {
		b.Run(name, func(b *testing.B) {
			p := newParser()
			frame := transporttest.Frame(0x82, strings.Repeat("x", size))
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for b.Loop() { // a frame masked in place is masked again: it stays a frame
				if ev, _ := p.next(frame); ev.kind != evMessage {
					b.Fatal("no message")
				}
			}
		})
	}
}

func BenchmarkUpgrade(b *testing.B) {
	cfg, err := Config{}.filled()
	if err != nil {
		b.Fatal(err)
	}
	u := newUpgrader(newCore(cfg, newDouble()))
	h := []byte(goodHead)
	b.ReportAllocs()
	for b.Loop() {
		var s headScan
		if s.scan(h, 8192, 64) != headComplete {
			b.Fatal("incomplete")
		}
		facts, _ := checkHead(h)
		if _, _, refusal := u.run(h, facts, peerAddr); refusal != nil {
			b.Fatal(refusal)
		}
	}
}

// roundTrips makes a client and returns one echoed message through it.
func roundTrips(t testing.TB, v variant, size int) (once func()) {
	host := newDouble()
	var out []byte
	host.message = func(se *session, payload []byte) {
		out = append(AppendHeader(out[:0], len(payload)), payload...)
		if err := se.conn.Send(out); err != nil {
			t.Error(err)
		}
	}
	s := v.start(t, Config{Limits: Limits{MessageRate: 1e9, ByteRate: 1e9, MessageBurst: 1e9, ByteBurst: 1e9}}, host, nil)
	p := dial(t, s).upgrade()
	if err := p.SetDeadline(noDeadline); err != nil {
		t.Fatal(err)
	}
	frame := transporttest.Frame(0x82, strings.Repeat("x", size))
	reply := make([]byte, len(AppendHeader(nil, size))+size)
	return func() {
		if _, err := p.Write(frame); err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(reply); {
			k, err := p.Read(reply[n:])
			if err != nil {
				t.Fatal(err)
			}
			n += k
		}
	}
}

// TestRoundTripAllocs: a message received and a message sent allocate nothing,
// anywhere in the process, but for crypto/tls, which makes a reader of 24 bytes
// for every record it reads, here and in the client.
func TestRoundTripAllocs(t *testing.T) {
	for _, v := range variants() {
		if v.noTry {
			continue // starts a goroutine per burst, by design
		}
		t.Run(v.name, func(t *testing.T) {
			once := roundTrips(t, v, 200)
			once()
			want := 0.0
			if v.tls {
				want = tlsAllocs
			}
			if n := testing.AllocsPerRun(500, once); n > want {
				t.Errorf("%v allocations per message received and sent, want %v", n, want)
			}
		})
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	for _, v := range variants() {
		b.Run(v.name, func(b *testing.B) {
			once := roundTrips(b, v, 200)
			b.ReportAllocs()
			for b.Loop() {
				once()
			}
		})
	}
}

func BenchmarkSend(b *testing.B) {
	const batch = 32 // fits the socket's buffers, so that no Send is cut short
	for _, v := range variants() {
		b.Run(v.name, func(b *testing.B) {
			host := newDouble()
			s := v.start(b, Config{Limits: Limits{AuthTimeout: time.Hour, Heartbeat: time.Hour}}, host, nil)
			p := dial(b, s).upgrade()
			_ = p.SetDeadline(noDeadline)
			se := take(b, host.sessions, "session")
			frame := framed(strings.Repeat("x", 300))
			drain := make([]byte, batch*len(frame))
			b.SetBytes(int64(len(frame)))
			b.ReportAllocs()
			for n := 1; b.Loop(); n++ {
				if err := se.conn.Send(frame); err != nil {
					b.Fatal(err)
				}
				if n%batch == 0 {
					b.StopTimer()
					if _, err := io.ReadFull(p, drain); err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
				}
			}
		})
	}
}
