package netcode

import (
	"errors"
	"testing"
)

var ackMessage = message[Ack]{
	kind:   KindAck,
	append: func(a Ack) []byte { return a.Append(nil) },
	parse:  ParseAck,
	fields: func(a Ack) any { return map[string]any{"tick": a.Tick} },
	need:   2,
}

func TestGoldenAck(t *testing.T) {
	ackMessage.golden(t, []named[Ack]{
		{"one byte", Ack{127}},
		{"two minutes at 60 Hz", Ack{7200}},
		{"last tick there is", Ack{1<<32 - 1}},
	})
}

func TestAckRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		hex  string
		want error
	}{
		"nil tick":      {"9203c0", ErrTruncated},
		"negative tick": {"9203ff", ErrRange},
		"33 bits":       {"9203cf0000000100000000", ErrRange},
		"a string":      {"9203a0", ErrType},
	} {
		if _, err := ParseAck(unhex(t, c.hex)); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestAckDoesNotAllocate(t *testing.T) {
	b := Ack{123_456}.Append(nil)
	if n := testing.AllocsPerRun(100, func() {
		if a, err := ParseAck(b); err != nil || a.Tick != 123_456 {
			t.Fatal(a, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzAck(f *testing.F) { ackMessage.fuzz(f, "ack.json") }

func BenchmarkParseAck(b *testing.B) {
	msg := Ack{123_456}.Append(nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseAck(msg); err != nil {
			b.Fatal(err)
		}
	}
}
