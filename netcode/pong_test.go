package netcode

import (
	"testing"
	"time"
)

var pongMessage = message[Pong]{
	kind:   KindPong,
	append: func(p Pong) []byte { return p.Append(nil) },
	parse:  ParsePong,
	fields: func(p Pong) any {
		return map[string]any{"clientTime": p.ClientTime, "tick": p.Tick, "sinceTickMicros": p.SinceTick.Microseconds()}
	},
	need: 4,
}

func TestGoldenPong(t *testing.T) {
	pongMessage.golden(t, []named[Pong]{
		{"before the first step", Pong{ClientTime: 5}},
		{"in the middle of a tick", Pong{3_600_000_000, 7200, 8 * time.Millisecond}},
		{"largest", Pong{1 << 53, 1<<32 - 1, (1<<32 - 1) * time.Microsecond}},
	})
}

func TestPongCutsTimesToTheWire(t *testing.T) {
	for d, want := range map[time.Duration]time.Duration{
		-time.Second:        0,
		1999:                time.Microsecond,
		1000 * time.Hour:    (1<<32 - 1) * time.Microsecond,
		3 * time.Nanosecond: 0,
	} {
		p, err := ParsePong(Pong{SinceTick: d}.Append(nil))
		if err != nil || p.SinceTick != want {
			t.Errorf("%v came back as %v, %v; want %v", d, p.SinceTick, err, want)
		}
	}
}

func FuzzPong(f *testing.F) { pongMessage.fuzz(f, "pong.json") }
