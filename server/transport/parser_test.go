package transport

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"arbiter/server/transport/transporttest"
)

func newParser() *parser {
	return &parser{rules: &frameRules{messageBytes: 4096, fragments: 16, pool: &pool{poison: true}}}
}

// transcript feeds the stream in pieces that end at the cuts and writes down
// every event.
func transcript(stream []byte, cuts ...int) string {
	p := newParser()
	var b strings.Builder
	at := 0
	for _, cut := range append(cuts, len(stream)) {
		piece := bytes.Clone(stream[at:cut]) // the parser unmasks in place
		at = cut
		for {
			ev, n := p.next(piece)
			piece = piece[n:]
			if ev.kind == evMore {
				break
			}
			fmt.Fprintf(&b, "%d %d %d %s %q\n", ev.kind, ev.frames, ev.code, ev.reason, ev.payload)
			if ev.kind == evFail {
				return b.String()
			}
		}
		poison(piece)
	}
	fmt.Fprintf(&b, "midway %v\n", p.midway())
	return b.String()
}

// TestParserSplits cuts every stream of the frame table at every two places.
//
// Hazards: splits.
func TestParserSplits(t *testing.T) {
	streams := [][]byte{
		bytes.Join([][]byte{transporttest.Frame(0x82, "one"), transporttest.Frame(0x02, "tw"), transporttest.Frame(0x89, "!"), transporttest.Frame(0x80, "o"), transporttest.Frame(0x82, ""), transporttest.CloseFrame(1000, "bye")}, nil),
		append(transporttest.Frame(0x82, strings.Repeat("x", 130)), transporttest.Frame(0x82, "y")...),
	}
	for _, row := range frameRows() {
		if len(row.bytes) < 200 {
			streams = append(streams, row.bytes)
		}
	}
	for _, stream := range streams {
		want := transcript(stream)
		for i := range len(stream) + 1 {
			for j := i; j <= len(stream); j++ {
				if got := transcript(stream, i, j); got != want {
					t.Fatalf("% x cut at %d and %d:\n%swant\n%s", stream, i, j, got, want)
				}
			}
		}
	}
}

// TestParserBuffers: nothing is kept between messages, and what is kept inside
// one is what came, not what was declared.
//
// Hazards: released buffer.
func TestParserBuffers(t *testing.T) {
	p := newParser()
	p.next(transporttest.Frame(0x82, strings.Repeat("x", 4096))[:20])
	if cap(p.message) > 512 {
		t.Errorf("%d bytes held for 12", cap(p.message))
	}
	p.release()
	p = newParser()
	if ev, _ := p.next(transporttest.Frame(0x82, "whole")); ev.kind != evMessage || p.message != nil || p.spent != nil || p.midway() {
		t.Errorf("a whole message left a buffer: %+v", p)
	}
}

func TestParserAllocs(t *testing.T) {
	p := newParser()
	stream := append(transporttest.Frame(0x82, strings.Repeat("x", 100)), transporttest.Frame(0x89, "ping")...)
	split := transporttest.Frame(0x82, strings.Repeat("y", 300))
	work := make([]byte, 1024)
	if n := testing.AllocsPerRun(1000, func() {
		b := work[:copy(work, stream)]
		for len(b) > 0 {
			_, n := p.next(b)
			b = b[n:]
		}
		b = work[:copy(work, split)]
		p.next(b[:100])
		if ev, _ := p.next(b[100:]); ev.kind != evMessage {
			t.Fatal("no message")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestAppendHeader(t *testing.T) {
	for n, want := range map[int]string{
		0:       "8200",
		125:     "827d",
		126:     "827e007e",
		65535:   "827effff",
		65536:   "827f0000000000010000",
		1 << 20: "827f0000000000100000",
	} {
		if got := fmt.Sprintf("%x", AppendHeader(nil, n)); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
	if got := appendClose(nil, 1000, strings.Repeat("é", 100)); len(got) != 2+2+122 {
		t.Errorf("long reason: %d bytes, want it cut between runes", len(got))
	}
}

func FuzzFrames(f *testing.F) {
	for _, row := range frameRows() {
		if len(row.bytes) < 1000 {
			f.Add(row.bytes, uint16(1), uint16(5))
		}
	}
	f.Fuzz(func(t *testing.T, stream []byte, i, j uint16) {
		want := transcript(stream)
		a := min(int(i), len(stream))
		b := min(max(int(j), a), len(stream))
		if got := transcript(stream, a, b); got != want {
			t.Errorf("cut at %d and %d:\n%swant\n%s", a, b, got, want)
		}
		every := make([]int, len(stream))
		for k := range every {
			every[k] = k
		}
		if got := transcript(stream, every...); got != want {
			t.Errorf("byte by byte:\n%swant\n%s", got, want)
		}
	})
}
