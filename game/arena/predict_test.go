package arena

import (
	"testing"

	"arbiter/game"
	"arbiter/game/gametest"
	"arbiter/game/sim"
)

// A client that runs ahead of the server is exactly right about its own ship,
// as long as nobody hits it.
func TestPredictionIsExact(t *testing.T) {
	for _, g := range []*game.Game[State, Input]{Game, Large} {
		const me, ahead, ticks = 3, 8, 600
		m := g.New(5)
		script := gametest.NewScript(m.Schema(), gametest.ScriptConfig{Seed: 5, Stay: true})
		var inputs []sim.TickInput
		for range ticks + ahead {
			in := gametest.Clone(script.Next())
			for i := range in.Inputs {
				if in.Inputs[i].Player != me {
					in.Inputs[i].Cells[2] = 0 // nobody else fires
				}
			}
			inputs = append(inputs, in)
		}
		type guess struct{ ship Ship }
		var guesses [ahead]guess // by tick modulo ahead
		var held []int64
		var moved, fired float64
		bullets := 0
		for n := range ticks {
			m.Step(&inputs[n])
			mine := ship(m, me)
			if n >= ahead {
				want, got := *mine, guesses[n%ahead].ship
				if got != want {
					t.Fatalf("%s: tick %d\npredicted %+v\nis        %+v", g.Name(), n+1, got, want)
				}
				moved += max(mine.VX, -mine.VX) + max(mine.VY, -mine.VY)
			}
			for _, in := range inputs[n].Inputs {
				if in.Player == me {
					held = in.Cells
				}
			}
			if held == nil {
				held = []int64{0, 0, 0}
			}
			p := g.NewPrediction(game.Player{ID: me})
			p.Load(m.Tick(), gametest.Received(m, me), held)
			for k := range ahead {
				var in sim.TickInput
				for _, i := range inputs[n+1+k].Inputs {
					if i.Player == me {
						in.Inputs = append(in.Inputs, i)
					}
				}
				before := p.State().Bullets.Len()
				p.Step(&in)
				if p.State().Bullets.Len() > before {
					fired++
				}
			}
			guesses[n%ahead].ship = *ship(p, me)
			bullets += p.State().Bullets.Len()
		}
		if moved < 1000 || fired == 0 || bullets == 0 {
			t.Errorf("%s: moved %v, fired %v, %d bullets: nothing was shown", g.Name(), moved, fired, bullets)
		}
	}
}

// A bullet in flight is where its last movement leads: it costs nothing.
func TestBulletsFlyByWholeSteps(t *testing.T) {
	m := stage(t, Game, 1)
	place(m, 1, 100, 300, 1.234)
	press(m, 1, 0, Input{Fire: true})
	press(m, 1, 0, Input{})
	var xs, ys []float64
	for range 10 {
		m.Step(1)
		_, b := m.State().Bullets.Find(func(*Bullet) bool { return true })
		xs, ys = append(xs, b.X), append(ys, b.Y)
	}
	for i := range xs[2:] {
		if xs[i+2]-xs[i+1] != xs[i+1]-xs[i] || ys[i+2]-ys[i+1] != ys[i+1]-ys[i] || xs[i] == xs[i+1] {
			t.Fatalf("not a straight flight: %v %v", xs, ys)
		}
	}
}
