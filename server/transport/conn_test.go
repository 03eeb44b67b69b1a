package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

func framed(payload string) []byte { return append(AppendHeader(nil, len(payload)), payload...) }

// TestSend: each Send is one write, whatever it carries.
func TestSend(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		p := dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		for _, n := range []int{0, 1, 125, 126, 4000, 20000} {
			w := writes(t, s, se, p, n)
			if n == 0 && w == 2 {
				w = writes(t, s, se, p, n) // the answer to the upgrade was counted late
			}
			if w != 1 {
				t.Errorf("%d bytes: %d writes, want 1", n, w)
			}
		}
	})
}

// writes sends n bytes once and returns the number of writes that took.
func writes(t *testing.T, s *Server, se *session, p *peer, n int) uint64 {
	t.Helper()
	before := s.Stats()
	payload := strings.Repeat("x", n)
	if err := se.conn.Send(framed(payload)); err != nil {
		t.Fatal(err)
	}
	if op, got, err := p.frame(); op != 2 || string(got) != payload || err != nil {
		t.Errorf("%d bytes: opcode %x, %d bytes, %v", n, op, len(got), err)
	}
	eventually(t, "nothing pending", func() bool { return se.conn.Pending() == 0 })
	after := s.Stats()
	if after.Sends-before.Sends != 1 {
		t.Errorf("%d bytes: counted as %d sends", n, after.Sends-before.Sends)
	}
	return after.Writes - before.Writes
}

// TestSendPayload: the header is put right before the payload, however long it is.
func TestSendPayload(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{Limits: Limits{PendingBytes: 1 << 20}}, host, nil)
		p := dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		for _, n := range []int{0, 125, 126, 65_535, 65_536} {
			payload := strings.Repeat("y", n)
			if err := se.conn.SendPayload([]byte(strings.Repeat("x", HeaderRoom) + payload)); err != nil {
				t.Fatal(err)
			}
			if op, got, err := p.frame(); op != 2 || string(got) != payload || err != nil {
				t.Errorf("%d bytes: opcode %x, %d bytes, %v", n, op, len(got), err)
			}
		}
	})
}

func TestPeerClose(t *testing.T) {
	if code, ok := (&CloseError{Code: 1000, Remote: true}).PeerClose(); code != 1000 || !ok {
		t.Errorf("closed by the peer: %d, %v", code, ok)
	}
	if _, ok := (&CloseError{Code: 1000}).PeerClose(); ok {
		t.Error("closed here, but by the peer it says")
	}
}

// TestSlowPeer: what the kernel does not take waits, in order, and is written
// once the peer reads.
//
// Hazards: deaf peer.
func TestSlowPeer(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{Limits: Limits{PendingBytes: 4 << 20, CloseTimeout: patience}}, host, nil)
		p := dial(t, s)
		_ = p.tcp.SetReadBuffer(128 << 10) // smaller windows make loopback crawl
		p.upgrade()
		se := take(t, host.sessions, "session")
		sent := 0
		for ; se.conn.Pending() < 256<<10; sent++ {
			if err := se.conn.Send(framed(fmt.Sprintf("%08d%s", sent, strings.Repeat("x", 5000)))); err != nil {
				t.Fatal(err)
			}
		}
		p.send(transporttest.Frame(0x89, "ping"), false) // its pong must not land inside a frame
		se.conn.Close(4242, "enough")
		for i := 0; i < sent; i++ {
			op, payload, err := p.frame()
			if op == 0xa {
				i--
				continue
			}
			if op != 2 || err != nil || len(payload) != 5008 || string(payload[:8]) != fmt.Sprintf("%08d", i) {
				t.Fatalf("frame %d of %d: opcode %x, %d bytes, %v", i, sent, op, len(payload), err)
			}
		}
		if code := p.closeFrame(); code != 4242 {
			t.Errorf("closed with %d, want 4242", code)
		}
	})
}

// TestFull: a peer that stops reading is dropped, and nobody waits for it.
//
// Hazards: deaf peer.
func TestFull(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		p := dial(t, s)
		_ = p.tcp.SetReadBuffer(4096)
		p.upgrade()
		se := take(t, host.sessions, "session")
		neighbour := dial(t, s).upgrade()
		nse := take(t, host.sessions, "session")
		var err error
		for range 10_000 {
			if err = se.conn.Send(framed(strings.Repeat("x", 10_000))); err != nil {
				break
			}
			if se.conn.Pending() > 64<<10 {
				t.Fatalf("%d bytes pending", se.conn.Pending())
			}
		}
		if !errors.Is(err, ErrFull) {
			t.Errorf("Send returned %v, want ErrFull", err)
		}
		if err := se.conn.Send(framed("x")); !errors.Is(err, ErrClosed) {
			t.Errorf("next Send returned %v, want ErrClosed", err)
		}
		if err := take(t, se.closed, "call of Closed"); !errors.Is(err, ErrFull) {
			t.Errorf("Closed(%v), want ErrFull", err)
		}
		if s.Stats().Drops["full"] != 1 {
			t.Errorf("not counted: %v", s.Stats().Drops)
		}
		_ = nse.conn.Send(framed("fine"))
		if _, got, err := neighbour.frame(); string(got) != "fine" {
			t.Errorf("neighbour: %q, %v", got, err)
		}
	})
}

// TestLongMessage: one message beyond the bound is accepted when nothing is
// pending, and arrives; another behind it is not.
//
// Hazards: large state, deaf peer.
func TestLongMessage(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		long := strings.Repeat("x", 1<<20)
		p := dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		for n := range 2 {
			if err := se.conn.Send(framed(long)); err != nil {
				t.Fatalf("message %d: %v", n, err)
			}
			if err := se.conn.Send(framed("short")); err != nil {
				t.Errorf("a short one behind message %d: %v", n, err)
			}
			for _, want := range []string{long, "short"} {
				if _, got, err := p.frame(); string(got) != want {
					t.Fatalf("message %d: %d bytes, %v, want %d", n, len(got), err, len(want))
				}
			}
			eventually(t, "nothing is pending", func() bool { return se.conn.Pending() == 0 })
		}
		p = dial(t, s)
		_ = p.tcp.SetReadBuffer(4096) // and reads nothing
		p.upgrade()
		se = take(t, host.sessions, "session")
		if err := se.conn.Send(framed(long)); err != nil {
			t.Fatal(err)
		}
		if err := se.conn.Send(framed(long[:128<<10])); !errors.Is(err, ErrFull) {
			t.Errorf("more than the bound behind a long message: %v, want ErrFull", err)
		}
	})
}

func TestConcurrentSend(t *testing.T) {
	const senders, each = 4, 200
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{Limits: Limits{PendingBytes: 8 << 20}}, host, nil)
		p := dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		var wg sync.WaitGroup
		for g := range senders {
			wg.Go(func() {
				for i := range each {
					if err := se.conn.Send(framed(strings.Repeat(string(rune('a'+g)), 1000+i))); err != nil {
						t.Error(err)
					}
				}
			})
		}
		var next [senders]int
		for range senders * each {
			_, got, err := p.frame()
			if err != nil {
				t.Fatal(err)
			}
			g := int(got[0] - 'a')
			if len(got) != 1000+next[g] || !bytes.Equal(got, bytes.Repeat(got[:1], len(got))) {
				t.Fatalf("sender %d: %d bytes, want %d", g, len(got), 1000+next[g])
			}
			next[g]++
		}
		wg.Wait()
	})
}

func TestClose(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		host.message = func(se *session, payload []byte) {
			if string(payload) == "close" {
				se.conn.Close(4201, "replaced")
				se.conn.Close(4202, "kicked")
				return
			}
			se.messages <- string(payload)
		}
		s := v.start(t, Config{}, host, nil)
		p := dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		p.send(append(transporttest.Frame(0x82, "close"), transporttest.Frame(0x82, "late")...), false)
		op, payload, err := p.frame()
		if op != 8 || string(payload) != "\x10\x69replaced" || err != nil {
			t.Errorf("opcode %x, %q, %v", op, payload, err)
		}
		var ce *CloseError
		if err := take(t, se.closed, "call of Closed"); !errors.As(err, &ce) || *ce != (CloseError{4201, "replaced", false}) {
			t.Errorf("Closed(%v)", err)
		}
		began := time.Now()
		p.send(transporttest.CloseFrame(4201, ""), false)
		p.end()
		eventually(t, "descriptor closed", func() bool { _ = p.Close(); return s.Stats().Open == 0 })
		if d := time.Since(began); d > time.Second {
			t.Errorf("TCP ended %v after the peer's close frame: its answer was not seen", d)
		}
		if len(se.messages) != 0 {
			t.Error("a message was delivered after Close")
		}
		if s.Stats().Closes[CloseKey{4201, false}] != 1 {
			t.Errorf("not counted: %v", s.Stats().Closes)
		}
	})
}

func TestDrop(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		p := dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		se.conn.Drop()
		se.conn.Drop()
		if code := p.closeFrame(); code != -1 {
			t.Errorf("close frame with %d", code)
		}
		if err := take(t, se.closed, "call of Closed"); !errors.Is(err, ErrDropped) {
			t.Errorf("Closed(%v)", err)
		}
	})
}

// TestHalfClose: FIN without a close frame ends the connection.
//
// Hazards: half close.
func TestHalfClose(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		for _, last := range [][]byte{nil, transporttest.Frame(0x82, "abc"), transporttest.Frame(0x82, "abc")[:5]} {
			p := dial(t, s).upgrade()
			se := take(t, host.sessions, "session")
			p.send(last, false)
			_ = p.CloseWrite()
			if err := take(t, se.closed, "call of Closed"); !errors.Is(err, io.EOF) {
				t.Errorf("Closed(%v), want EOF", err)
			}
			p.end()
			if len(last) == 9 && len(se.messages) != 1 {
				t.Error("the message before FIN was lost")
			}
		}
	})
}

// Hazards: callback panic.
func TestPanic(t *testing.T) {
	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		host.upgrade = func(r *Request) (any, *Refusal) {
			if r.Path == "/panic" {
				panic("upgrade")
			}
			return nil, nil
		}
		host.message = func(se *session, payload []byte) {
			if string(payload) == "panic" {
				panic("message")
			}
			se.messages <- string(payload)
		}
		s := v.start(t, Config{Shards: 1}, host, nil)
		p := dial(t, s)
		p.send([]byte(head("/play", "/panic")), false)
		if r := p.response(); r == nil || r.StatusCode != 500 {
			t.Errorf("panic in Upgrade answered with %v", r)
		}
		neighbour := dial(t, s).upgrade()
		nse := take(t, host.sessions, "session")
		p = dial(t, s).upgrade()
		se := take(t, host.sessions, "session")
		p.send(transporttest.Frame(0x82, "panic"), false)
		if code := p.closeFrame(); code != 1011 {
			t.Errorf("panic in Message closed with %d", code)
		}
		take(t, se.closed, "call of Closed")
		neighbour.send(transporttest.Frame(0x82, "fine"), false)
		if m := take(t, nse.messages, "message"); m != "fine" {
			t.Errorf("neighbour received %q", m)
		}
		if n := s.Stats().Panics; n != 2 {
			t.Errorf("%d panics counted, want 2", n)
		}
	})
}
