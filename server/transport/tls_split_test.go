package transport

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

// memory is a link without a socket: what is written to it can be read, and
// its loop is the test's.
type memory struct {
	conn  *Conn
	out   *io.PipeWriter
	woken chan struct{}
	room  []byte
	gone  chan struct{}
}

func (m *memory) write(p []byte) (int, error) { return m.out.Write(p) }
func (m *memory) drain()                      {}
func (m *memory) finish()                     { _ = m.out.Close() }
func (m *memory) detach() (net.Conn, error)   { return nil, net.ErrClosed }
func (m *memory) plain() []byte               { return m.room }

func (m *memory) wake() {
	select {
	case m.woken <- struct{}{}:
	default:
	}
}

func (m *memory) close(bool) {
	_ = m.out.Close()
	close(m.gone)
}

func (m *memory) shake(hello []byte) {
	m.conn.sec.input = newHandshakeInput(m.conn.core.gate)
	m.conn.sec.input.add(hello)
	m.conn.core.gate.start(m.conn.sec)
}

// notes is a receiver that writes down what comes.
type notes struct{ strings.Builder }

func (n *notes) Upgrade(r *Request) (any, *Refusal) { fmt.Fprintln(n, r.Path); return nil, nil }
func (n *notes) Opened(*Conn, any) Receiver         { return n }
func (n *notes) Message(p []byte)                   { fmt.Fprintf(n, "%q\n", p) }
func (n *notes) Closed(err error)                   { fmt.Fprintln(n, err) }

// cutter is the client's end of a memory link. What it writes is cut at one
// place, counted from its first byte.
type cutter struct {
	net.Conn
	in    io.Reader
	feed  chan []byte
	cut   int
	total int
}

func (c *cutter) Read(p []byte) (int, error)       { return c.in.Read(p) }
func (c *cutter) Close() error                     { return nil }
func (c *cutter) SetWriteDeadline(time.Time) error { return nil }

func (c *cutter) Write(p []byte) (int, error) {
	n := len(p)
	if k := c.cut - c.total; k > 0 && k < n {
		c.feed <- bytes.Clone(p[:k])
		p = p[k:]
	}
	c.feed <- bytes.Clone(p)
	c.total += n
	return n, nil
}

// tlsTranscript is what a server notes of a client whose ciphertext is cut at
// one place, and how long that ciphertext is.
func tlsTranscript(t *testing.T, core *core, cut int) (string, int) {
	t.Helper()
	host := &notes{}
	core.host = host
	in, out := io.Pipe()
	m := &memory{out: out, woken: make(chan struct{}, 1), room: make([]byte, 64), gone: make(chan struct{})}
	c := &Conn{remote: peerAddr}
	m.conn = c
	c.entry, _ = core.caps.acquire(peerAddr.Addr(), false, 1)
	client := &cutter{in: in, feed: make(chan []byte, 64), cut: cut}
	c.init(core, core.stats.loops[0], m, newUpgrader(core))

	done := make(chan error, 1)
	go func() {
		tc := tls.Client(client, &tls.Config{ServerName: "game.example", RootCAs: gameCert(t).certificates})
		stream := goodHead + string(transporttest.Frame(0x82, "first")) + string(transporttest.Frame(0x02, "sec"))
		for _, part := range []string{stream[:40], stream[40:], string(transporttest.Frame(0x80, "ond")), string(transporttest.Frame(0x82, strings.Repeat("x", 200))), string(transporttest.CloseFrame(1000, "bye"))} {
			if _, err := tc.Write([]byte(part)); err != nil {
				done <- err
				return
			}
		}
		_, err := io.Copy(io.Discard, tc)
		_ = tc.Close() // sends close_notify
		done <- err
	}()
	for c.phase != phaseGone {
		select {
		case b := <-client.feed:
			c.receive(b, core.clock.now())
		case <-m.woken:
			c.handleWake(core.clock.now())
		}
	}
	if err := <-done; err != nil {
		t.Errorf("cut at %d: the client got %v", cut, err)
	}
	return host.String(), client.total
}

// TestTLSSplits cuts all that a client sends, from the ClientHello to its
// close_notify, at every place behind the hello and at many inside.
//
// Hazards: splits, tls would-block.
func TestTLSSplits(t *testing.T) {
	cfg, err := Config{Security: Security{TLS: gameCert(t)}, Limits: Limits{MaxPerAddress: -1}, Log: slog.New(slog.NewTextHandler(t.Output(), nil))}.filled()
	if err != nil {
		t.Fatal(err)
	}
	core := newCore(cfg, nil)
	var wg sync.WaitGroup
	defer wg.Wait()
	core.gate.wg = &wg
	want, total := tlsTranscript(t, core, 0)
	if strings.Count(want, "\n") != 5 {
		t.Fatalf("transcript:\n%s", want)
	}
	for cut := 1; cut < total; cut++ {
		if cut > 64 && cut < 1400 && cut%23 != 0 {
			continue // inside the hello, whose scan is a table of its own
		}
		if got, _ := tlsTranscript(t, core, cut); got != want {
			t.Fatalf("cut at %d of %d:\n%swant\n%s", cut, total, got, want)
		}
	}
}

// TestHelloSplits: the verdict on a hello does not depend on how it arrives,
// and cutting it into other records changes nothing but the records.
//
// Hazards: splits.
func TestHelloSplits(t *testing.T) {
	hello := clientHello(t, &tls.Config{ServerName: "game.example"})
	message := hello[5:]
	record := func(b []byte) []byte { return append([]byte{0x16, 3, 1, byte(len(b) >> 8), byte(len(b))}, b...) }
	streams := map[string][]byte{
		"whole":         hello,
		"three records": bytes.Join([][]byte{record(message[:1]), record(message[1:700]), record(message[700:])}, nil),
		"plain":         []byte(goodHead),
		"junk":          append(record(message[:3]), 0x17),
		"too long":      []byte("\x16\x03\x01\x00\x04\x01\x00\x50\x00"),
	}
	verdicts := map[string]headVerdict{"whole": headComplete, "three records": headComplete, "plain": headPlain, "junk": headJunk, "too long": headBytes}
	for name, b := range streams {
		for cut := range b {
			var s helloScan
			verdict := s.scan(b[:cut])
			if verdict == headMore {
				verdict = s.scan(b)
			}
			if verdict != verdicts[name] {
				t.Fatalf("%s cut at %d: verdict %d, want %d", name, cut, verdict, verdicts[name])
			}
			if verdict != headComplete {
				continue
			}
			var again []byte
			var r records
			for framed := reframe(b, &s); len(framed) > 0; {
				one := r.one(framed)
				if len(one) > 5+helloPiece {
					t.Fatalf("%s: a record of %d bytes", name, len(one))
				}
				again = append(again, one[5:]...)
				framed = framed[len(one):]
			}
			if !bytes.Equal(again, message) {
				t.Fatalf("%s: the message was changed", name)
			}
		}
	}
}

func FuzzHello(f *testing.F) {
	f.Add([]byte("\x16\x03\x01\x00\x04\x01\x00\x00\x00"), uint16(3))
	f.Add([]byte("\x16\x03\x01\x00\x01\x01\x16\x03\x01\x00\x05\x00\x00\x02xy"), uint16(6))
	f.Add([]byte(goodHead), uint16(1))
	f.Fuzz(func(t *testing.T, b []byte, cut uint16) {
		var whole, cutUp helloScan
		want := whole.scan(b)
		got := cutUp.scan(b[:min(int(cut), len(b))])
		if got == headMore {
			got = cutUp.scan(b)
		}
		if got != want || cutUp.pos != whole.pos {
			t.Errorf("verdict %d at %d, whole %d at %d", got, cutUp.pos, want, whole.pos)
		}
		if want == headComplete {
			if framed := reframe(b, &whole); len(framed) < whole.have {
				t.Errorf("%d bytes of %d are left", len(framed), whole.have)
			}
		}
	})
}

func FuzzProxyProtocol(f *testing.F) {
	for _, row := range proxyRows {
		f.Add([]byte(row.header), uint16(8))
	}
	f.Fuzz(func(t *testing.T, b []byte, cut uint16) {
		from, n := parseProxy(b)
		if f, k := parseProxy(b[:min(int(cut), len(b))]); k != 0 && (k != n || f != from) {
			t.Errorf("%d, %v from the first %d bytes; %d, %v from all", k, f, cut, n, from)
		}
		if n > len(b) || n > maxProxyV2 {
			t.Errorf("%d of %d bytes taken", n, len(b))
		}
	})
}
