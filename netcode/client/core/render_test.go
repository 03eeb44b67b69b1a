package core

import (
	"math"
	"testing"
	"time"

	"arbiter/game"
	"arbiter/netcode/netcodetest"
)

// train is a game in which one thing moves evenly for ever, which makes the
// smallest unevenness of what is drawn visible.
type trainState struct {
	Cars   game.Table[trainCar]
	Lights game.Value[trainLight]
}
type trainCar struct {
	X     float64 `net:"step=1/64,linear"`
	Angle float64 `net:"step=tau/1024,wrap"`
	Round int     // hold
	Last  int     `net:"interp=snap"`
}
type trainLight struct{ Red bool }
type trainInput struct{ Stop bool }
type trainRules struct{}

const trainSpeed = 2.0 // a tick

func (trainRules) Start(w *game.World[trainState]) {
	w.State.Cars.Add(trainCar{})
	w.State.Cars.Add(trainCar{X: 10})
}
func (trainRules) Join(*game.World[trainState], game.Player)    {}
func (trainRules) Leave(*game.World[trainState], game.PlayerID) {}
func (trainRules) Step(w *game.World[trainState], in *game.Inputs[trainInput]) {
	for _, c := range w.State.Cars.All() {
		c.X += trainSpeed
		c.Angle += 0.1
		c.Round, c.Last = int(w.Tick()), int(w.Tick())
	}
	if w.Tick() == 100 {
		w.State.Cars.Delete(2)
	}
}

var train = game.MustDefine[trainState, trainInput]("train", trainRules{}, game.Config{TickRate: 30})

func TestPictureMovesEvenly(t *testing.T) {
	for name, path := range map[string]netcodetest.Config{
		"perfect": {Delay: 20 * ms},
		"jitter":  {Delay: 40 * ms, Jitter: 25 * ms},
		"stalls":  {Delay: 40 * ms, Jitter: 5 * ms, StallRate: 0.4, Stall: 700 * ms},
	} {
		t.Run(name, func(t *testing.T) {
			path.Seed = 4
			b := newHarness(t, train, 1)
			p := b.join(train, false, path)
			b.run(3*time.Second, func() { p.Interpolated(b.local()) })
			car := func() trainCar { return *p.Interpolated(b.local()).Cars.Get(1) }
			last, frames, uneven, still, jumps := trainCar{}, 0, 0, 0, 0
			silent, newest, longest := time.Duration(0), game.Tick(0), time.Duration(0)
			b.run(20*time.Second, func() {
				if tick := p.Seat().Frame().Tick; tick != newest {
					newest, silent = tick, 0
				}
				silent += ms
				longest = max(longest, silent)
				c := car()
				if frames++; frames == 1 {
					last = c
					return
				}
				moved := c.X - last.X
				perfect := trainSpeed * 30 / 1000
				switch {
				case moved < 0:
					t.Fatalf("at %v the car went back from %v to %v", b.now, last.X, c.X)
				case moved == 0:
					still++
				case moved > 20*perfect:
					jumps++
				case moved < perfect*0.85 || moved > perfect*1.15:
					uneven++
				}
				if shown := c.X / trainSpeed; shown > float64(newest)+30*0.126 {
					t.Fatalf("extrapolated to tick %.1f, the newest is %d", shown, newest)
				}
				if c.Round > int(c.X/trainSpeed+1e-9) || c.Last != int(newest) {
					t.Fatalf("at %.2f, newest %d: held %d, snapped %d", c.X/trainSpeed, newest, c.Round, c.Last)
				}
				if turned := math.Mod(c.Angle-last.Angle+2*math.Pi, 2*math.Pi); turned > 1 && path.StallRate == 0 || c.Angle < 0 || c.Angle >= 2*math.Pi {
					t.Fatalf("the car turned by %v at %v", turned, c.Angle)
				}
				last = c
			})
			behind := float64(newest) - last.X/trainSpeed
			if path.StallRate == 0 {
				if still+jumps > 0 || uneven > frames/100 {
					t.Errorf("of %d pictures %d were uneven, %d stood still, %d jumped", frames, uneven, still, jumps)
				}
				if behind < 0.2 || behind > 4 {
					t.Errorf("what is drawn is %.1f ticks behind the newest state", behind)
				}
			} else if longest < 600*ms || jumps == 0 || jumps > 20 || still > frames/2 {
				t.Errorf("silence of up to %v: %d jumps, %d still", longest, jumps, still)
			}
			t.Logf("%d pictures, %d uneven, %d still, %d jumps, %.1f behind, silent up to %v, %+v", frames, uneven, still, jumps, behind, longest, p.Seat().Stats())
		})
	}
}

func TestPictureKeepsARowUntilItsLastTime(t *testing.T) {
	b := newHarness(t, train, 1)
	p := b.join(train, false, netcodetest.Config{Delay: 20 * ms})
	goneState, goneDrawn := time.Duration(0), time.Duration(0)
	b.run(5*time.Second, func() {
		if p.Seat().Frame() == nil {
			return
		}
		if goneState == 0 && p.State().Cars.Get(2) == nil {
			goneState = b.now
		}
		if goneDrawn == 0 && p.Interpolated(b.local()).Cars.Get(2) == nil {
			goneDrawn = b.now
		}
	})
	if d := goneDrawn - goneState; goneState == 0 || d < 20*ms || d > 80*ms {
		t.Errorf("gone from the state at %v, from what is drawn at %v", goneState, goneDrawn)
	}
}
