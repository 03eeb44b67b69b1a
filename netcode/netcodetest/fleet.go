package netcodetest

import (
	"math"

	"arbiter/game"
)

// Fleet is a game for benchmarks, at 30 Hz: FleetSize moving ships, of which
// nine in ten change in every tick.
var Fleet = game.MustDefine[FleetState, FleetInput]("fleet", fleetRules{}, game.Config{TickRate: 30})

type fleetShip struct {
	X, Y   float64 `net:"step=1/64,linear"`
	Angle  float64 `net:"step=tau/256,wrap"`
	HP     int8
	VX, VY float64 `net:"-"`
}

// FleetState is the state of [Fleet].
type FleetState struct{ Ships game.Table[fleetShip] }

// FleetInput is its input, which changes nothing.
type FleetInput struct{ Go bool }
type fleetRules struct{}

// FleetSize is how many ships the fleet has.
const FleetSize = 100

func (fleetRules) Start(w *game.World[FleetState]) {
	for range FleetSize {
		a := w.Rand.Float64() * 2 * math.Pi
		w.State.Ships.Add(fleetShip{X: w.Rand.Float64() * 2000, Y: w.Rand.Float64() * 2000, HP: 100,
			VX: 4 * math.Cos(a), VY: 4 * math.Sin(a)})
	}
}
func (fleetRules) Join(*game.World[FleetState], game.Player)    {}
func (fleetRules) Leave(*game.World[FleetState], game.PlayerID) {}
func (fleetRules) Step(w *game.World[FleetState], _ *game.Inputs[FleetInput]) {
	for id, s := range w.State.Ships.All() {
		if id%10 == 0 {
			continue // at rest
		}
		if r := w.Rand.IntN(100); r < 40 { // thrusts
			s.VX += 0.2 * math.Cos(s.Angle)
			s.VY += 0.2 * math.Sin(s.Angle)
		} else if r < 80 { // turns
			s.Angle += 0.12
		} else if r < 85 {
			s.HP -= 5
		}
		s.X += s.VX
		s.Y += s.VY
	}
}
