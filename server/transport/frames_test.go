package transport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"arbiter/server/transport/transporttest"
)

type frameRow struct {
	name  string
	bytes []byte
	code  int // of the server's close frame
}

func frameRows() []frameRow {
	cat := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	rows := []frameRow{
		{"unmasked", []byte{0x82, 0x01, 'x'}, 1002},
		{"fragmented ping", transporttest.Frame(0x09, "x"), 1002},
		{"fragmented close", transporttest.Frame(0x08, ""), 1002},
		{"ping of 126 bytes", transporttest.Frame(0x89, strings.Repeat("x", 126)), 1002},
		{"close of 126 bytes", transporttest.Frame(0x88, strings.Repeat("x", 126)), 1002},
		{"continuation with no start", transporttest.Frame(0x80, "x"), 1002},
		{"continuation after a whole message", cat(transporttest.Frame(0x82, "ok"), transporttest.Frame(0x80, "x")), 1002},
		{"new message inside a fragmented one", cat(transporttest.Frame(0x02, "a"), transporttest.Frame(0x82, "b")), 1002},
		{"64-bit length with the top bit", []byte{0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3, 4}, 1002},
		{"16-bit length that fits 7", []byte{0x82, 0xfe, 0, 5, 1, 2, 3, 4}, 1002},
		{"64-bit length that fits 16", []byte{0x82, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4}, 1002},
		{"close with one byte", transporttest.Frame(0x88, "x"), 1002},
		{"text", transporttest.Frame(0x81, "x"), 1003},
		{"close reason not UTF-8", transporttest.CloseFrame(1000, "\xff\xfe"), 1007},
		{"close reason cut in a rune", transporttest.CloseFrame(1000, "ok \xe2\x82"), 1007},
		{"length over the limit", []byte{0x82, 0xfe, 0x10, 0x01, 1, 2, 3, 4}, 1009},
		{"64-bit length over the limit", []byte{0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4}, 1009},
		{"fragments over the limit", cat(transporttest.Frame(0x02, strings.Repeat("x", 4000)), []byte{0x80, 0x80 | 97, 1, 2, 3, 4}), 1009},
		{"17 fragments", cat(transporttest.Frame(0x02, "x"), bytes.Repeat(transporttest.Frame(0, "x"), 15), transporttest.Frame(0x80, "x")), 1008},
		{"17 empty fragments", cat(transporttest.Frame(0x02, ""), bytes.Repeat(transporttest.Frame(0, ""), 16)), 1008},
		{"flood of pings", bytes.Repeat(transporttest.Frame(0x89, ""), 40), 1008},
		{"flood of pongs", bytes.Repeat(transporttest.Frame(0x8a, ""), 40), 1008},
		{"flood of messages", bytes.Repeat(transporttest.Frame(0x82, "x"), 400), 1008},
		{"flood of empty messages", bytes.Repeat(transporttest.Frame(0x82, ""), 400), 1008},
		{"flood of bytes", bytes.Repeat(transporttest.Frame(0x82, strings.Repeat("x", 4000)), 24), 1008},

		{"close", transporttest.CloseFrame(1000, "bye"), 1000},
		{"close without a code", transporttest.Frame(0x88, ""), CodeNoStatus},
		{"close, then more", cat(transporttest.CloseFrame(1001, ""), transporttest.Frame(0x82, "late"), transporttest.Frame(0x81, "x")), 1001},
		{"close inside a message", cat(transporttest.Frame(0x02, "half"), transporttest.CloseFrame(4321, "")), 4321},
		{"close with the longest reason", transporttest.CloseFrame(3000, strings.Repeat("x", 123)), 3000},
	}
	for _, rsv := range []byte{0x10, 0x20, 0x40} {
		rows = append(rows, frameRow{fmt.Sprintf("reserved bit %#x", rsv), transporttest.Frame(0x82|rsv, "x"), 1002})
	}
	for _, op := range []byte{3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf} {
		rows = append(rows, frameRow{fmt.Sprintf("reserved opcode %#x", op), transporttest.Frame(0x80|op, "x"), 1002})
	}
	for _, code := range []uint16{0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2000, 2999, 5000, 65535} {
		rows = append(rows, frameRow{fmt.Sprintf("close code %d", code), transporttest.CloseFrame(code, ""), 1002})
	}
	for _, code := range []uint16{1001, 1002, 1003, 1007, 1011, 1012, 1013, 1014, 3999, 4000, 4999} {
		rows = append(rows, frameRow{fmt.Sprintf("valid close code %d", code), transporttest.CloseFrame(code, "x"), int(code)})
	}
	return rows
}

// TestFrames sends every row whole and byte by byte to every transport.
//
// Hazards: broken frame, text, close reason, declared length, fragments, close handshake, ws length, ws close codes.
func TestFrames(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{Limits: Limits{MaxPerAddress: -1}}, host, nil)
		for _, row := range frameRows() {
			for _, bytewise := range []bool{false, true} {
				if bytewise && len(row.bytes) > 10_000 {
					continue // the fuzz target and TestParserSplits cut long streams
				}
				p := dial(t, s).upgrade()
				se := take(t, host.sessions, "session")
				p.send(row.bytes, bytewise)
				if code := p.closeFrame(); code != row.code {
					t.Errorf("%s (bytewise %v): closed with %d, want %d", row.name, bytewise, code, row.code)
				}
				p.end() // nothing more, and the server closes its side at once
				err := take(t, se.closed, "call of Closed")
				var ce *CloseError
				if !errors.As(err, &ce) || int(ce.Code) != row.code {
					t.Errorf("%s: Closed(%v), want code %d", row.name, err, row.code)
				} else if valid := row.bytes[0] == 0x88 && row.code != 1002 && row.code != 1007; valid && !ce.Remote {
					t.Errorf("%s: not counted as the peer's close", row.name)
				}
				if strings.HasPrefix(row.name, "close") {
					select {
					case m := <-se.messages:
						t.Errorf("%s: received %q", row.name, m)
					default:
					}
				}
				_ = p.Close()
			}
		}
	})
}

func TestMessages(t *testing.T) {
	var all []byte
	var want []string
	add := func(m string, frames ...[]byte) {
		want = append(want, m)
		all = append(all, bytes.Join(frames, nil)...)
	}
	long := strings.Repeat("0123456789abcdef", 256) // exactly the limit
	add("", transporttest.Frame(0x82, ""))
	add("x", transporttest.Frame(0x82, "x"))
	add(long[:125], transporttest.Frame(0x82, long[:125]))
	add(long[:126], transporttest.Frame(0x82, long[:126]))
	add(long, transporttest.Frame(0x82, long))
	add("abc", transporttest.Frame(0x02, "a"), transporttest.Frame(0x00, "b"), transporttest.Frame(0x80, "c"))
	add("a", transporttest.Frame(0x02, ""), transporttest.Frame(0x00, "a"), transporttest.Frame(0x80, ""))
	add("", transporttest.Frame(0x02, ""), transporttest.Frame(0x80, ""))
	add("with a ping inside", transporttest.Frame(0x02, "with a ping "), transporttest.Frame(0x89, "ping"), transporttest.Frame(0x8a, "pong"), transporttest.Frame(0x80, "inside"))
	add(long, transporttest.Frame(0x02, long[:2000]), transporttest.Frame(0x80, long[2000:]))
	add("abcdefghijklmnop", transporttest.Frame(0x02, "a"), bytes.Join(mapFrames("bcdefghijklmno"), nil), transporttest.Frame(0x80, "p"))

	onEach(t, func(t *testing.T, v variant) {
		host := newDouble()
		s := v.start(t, Config{}, host, nil)
		for _, bytewise := range []bool{false, true} {
			p := dial(t, s).upgrade()
			se := take(t, host.sessions, "session")
			p.send(all, bytewise)
			for i, w := range want {
				if m := take(t, se.messages, "message"); m != w {
					t.Fatalf("message %d (bytewise %v): %d bytes %.20q, want %d", i, bytewise, len(m), m, len(w))
				}
			}
			if op, payload, err := p.frame(); op != 0xa || string(payload) != "ping" || err != nil {
				t.Errorf("ping answered with opcode %x, %q, %v", op, payload, err)
			}
		}
	})
}

func mapFrames(s string) (frames [][]byte) {
	for i := range len(s) {
		frames = append(frames, transporttest.Frame(0, s[i:i+1]))
	}
	return frames
}

// Hazards: fragments.
func TestMessageDeadline(t *testing.T) {
	unfinished := map[string][]byte{
		"half a header":   {0x82},
		"half a payload":  transporttest.Frame(0x82, "abcdef")[:8],
		"first fragment":  transporttest.Frame(0x02, "abc"),
		"fragment + ping": append(transporttest.Frame(0x02, "abc"), transporttest.Frame(0x89, "")...),
	}
	onEachAtOnce(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{Limits: Limits{MessageTimeout: 150 * time.Millisecond}}, newDouble(), nil)
		for name, b := range unfinished {
			p := dial(t, s).upgrade()
			began := time.Now()
			p.send(append(transporttest.Frame(0x82, "whole"), b...), false)
			if code := p.closeFrame(); code != 1008 {
				t.Errorf("%s: closed with %d, want 1008", name, code)
			}
			if d := time.Since(began); d < 150*time.Millisecond {
				t.Errorf("%s: closed after %v", name, d)
			}
		}
	})
}

// TestAuthDeadline: pings do not count as a sign of life of an application.
//
// Hazards: silent.
func TestAuthDeadline(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{Limits: Limits{AuthTimeout: 150 * time.Millisecond}}, newDouble(), nil)
		silent, speaking := dial(t, s).upgrade(), dial(t, s).upgrade()
		silent.send(transporttest.Frame(0x89, "ping"), false)
		speaking.send(transporttest.Frame(0x82, "hello"), false)
		if code := silent.closeFrame(); code != CodeAuthTimeout {
			t.Errorf("closed with %d, want %d", code, CodeAuthTimeout)
		}
		speaking.send(transporttest.Frame(0x89, "still here"), false)
		if op, payload, err := speaking.frame(); op != 0xa || string(payload) != "still here" || err != nil {
			t.Errorf("the speaking one got opcode %x, %q, %v", op, payload, err)
		}
	})
}

// Hazards: half open.
func TestHeartbeat(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{Limits: Limits{Heartbeat: 400 * time.Millisecond}}, newDouble(), nil)
		p := dial(t, s).upgrade()
		p.send(transporttest.Frame(0x82, "hello"), false)
		for range 2 {
			if op, _, err := p.frame(); op != 9 || err != nil {
				t.Fatalf("opcode %x, %v, want a ping", op, err)
			}
			p.send(transporttest.Frame(0x8a, ""), false)
		}
		if op, _, err := p.frame(); op != 9 || err != nil {
			t.Fatalf("opcode %x, %v, want a ping", op, err)
		}
		if code := p.closeFrame(); code != CodeHeartbeat {
			t.Errorf("closed with %d, want %d", code, CodeHeartbeat)
		}
		if n := s.Stats().PingsOut; n != 3 {
			t.Errorf("%d pings counted, want 3", n)
		}
	})
}

// TestLinger: a peer that does not close its side is cut off.
//
// Hazards: close handshake.
func TestLinger(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, v variant) {
		s := v.start(t, Config{Limits: Limits{CloseTimeout: 150 * time.Millisecond}}, newDouble(), nil)
		p := dial(t, s).upgrade()
		p.send(transporttest.CloseFrame(1000, ""), false)
		if code := p.closeFrame(); code != 1000 {
			t.Errorf("closed with %d", code)
		}
		if _, err := p.br.ReadByte(); err != io.EOF {
			t.Errorf("after the close frame: %v, want EOF", err)
		}
		eventually(t, "descriptor closed", func() bool { return s.Stats().Open == 0 })
	})
}
