package wasm_test

import "testing"

// What a client does for each snapshot in a match of 16 ships at 8 ticks ahead:
// load once, step 8 times.
func BenchmarkCorrect(b *testing.B) {
	const ahead = 8
	m, match, load, _ := flight(b, 16)
	b.Run("native", func(b *testing.B) {
		for b.Loop() {
			if _, err := m.Load(match, 100, load); err != nil {
				b.Fatal(err)
			}
			for range ahead {
				if _, err := m.Step(match, nil); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	g := newGuest(b)
	n := g.must("predict", g.game("arena", 0, 0), 1)
	b.Run("wazero", func(b *testing.B) {
		for b.Loop() {
			g.must("load", n, 100, g.write(load))
			for range ahead {
				g.must("step", n, 0)
			}
		}
	})
	b.Run("wazero/load", func(b *testing.B) {
		for b.Loop() {
			g.must("load", n, 100, g.write(load))
		}
	})
	b.Run("wazero/step", func(b *testing.B) {
		for b.Loop() {
			g.must("step", n, 0)
		}
	})
}
