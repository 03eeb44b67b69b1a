package netcode

import (
	"math"
	"testing"
)

var pingMessage = message[Ping]{
	kind:   KindPing,
	append: func(p Ping) []byte { return p.Append(nil) },
	parse:  ParsePing,
	fields: func(p Ping) any { return map[string]any{"clientTime": p.ClientTime} },
	need:   2,
}

func TestGoldenPing(t *testing.T) {
	pingMessage.golden(t, []named[Ping]{
		{"at once", Ping{0}},
		{"after an hour", Ping{3_600_000_000}},
		{"largest exact in a double", Ping{1 << 53}},
		{"before the epoch", Ping{-1_000_000}},
	})
}

func TestPingKeepsAnyTime(t *testing.T) {
	for _, v := range []int64{math.MinInt64, math.MaxInt64} {
		if p, err := ParsePing(Ping{v}.Append(nil)); err != nil || p.ClientTime != v {
			t.Errorf("%d came back as %d, %v", v, p.ClientTime, err)
		}
	}
}

func FuzzPing(f *testing.F) { pingMessage.fuzz(f, "ping.json") }
