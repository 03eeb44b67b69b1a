package arena

import (
	"testing"

	"arbiter/game"
	"arbiter/game/gametest"
	"arbiter/game/sim"
)

// busy is a match of n players in full swing, and what reaches it.
func busy(n int, g *game.Game[State, Input]) (*game.Match[State, Input], func()) {
	m := g.New(1)
	script := gametest.NewScript(m.Schema(), gametest.ScriptConfig{Players: n, Stay: true})
	var inputs []sim.TickInput
	for range 1024 {
		in := gametest.Clone(script.Next())
		in.Commands = nil // renaming makes a string
		inputs = append(inputs, in)
	}
	i := 0
	tick := func() {
		m.Step(&inputs[i%len(inputs)])
		i++
	}
	for range 1024 {
		tick()
	}
	return m, tick
}

func TestStepAllocatesNothing(t *testing.T) {
	for _, g := range []*game.Game[State, Input]{Game, Large} {
		m, tick := busy(16, g)
		if n := testing.AllocsPerRun(1000, tick); n != 0 {
			t.Errorf("%s: %v allocations a step", g.Name(), n)
		}
		if m.State().Bullets.Len() == 0 {
			t.Error("nobody shoots")
		}
	}
}

func TestCaptureAndHashAllocateNothing(t *testing.T) {
	m, _ := busy(16, Game)
	blocks := make([]sim.Block, len(m.Schema().Tables))
	var saved []byte
	work := func() {
		for i := range blocks {
			m.Rows(i).Capture(&blocks[i])
		}
		m.Hash()
		saved = m.AppendCheckpoint(saved[:0])
	}
	work()
	if n := testing.AllocsPerRun(100, work); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkStep(b *testing.B) {
	for _, g := range []*game.Game[State, Input]{Game, Large} {
		b.Run(g.Name()+"/64", func(b *testing.B) {
			b.ReportAllocs()
			_, tick := busy(64, g)
			for b.Loop() {
				tick()
			}
		})
	}
}

func BenchmarkCapture(b *testing.B) {
	b.ReportAllocs()
	m, _ := busy(64, Game)
	blocks := make([]sim.Block, len(m.Schema().Tables))
	for b.Loop() {
		for i := range blocks {
			m.Rows(i).Capture(&blocks[i])
		}
	}
}

func BenchmarkHash(b *testing.B) {
	b.ReportAllocs()
	m, _ := busy(64, Game)
	for b.Loop() {
		m.Hash()
	}
}

func BenchmarkAppendCheckpoint(b *testing.B) {
	b.ReportAllocs()
	m, _ := busy(64, Game)
	var saved []byte
	for b.Loop() {
		saved = m.AppendCheckpoint(saved[:0])
	}
	b.ReportMetric(float64(len(saved)), "bytes")
}
