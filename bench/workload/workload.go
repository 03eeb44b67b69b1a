// Package workload is the game that benchmarks play: the least that still
// resembles one. Every player has a ship that moves in every tick, and changes
// their input as often as the load generator likes. A server hosts the games of
// [Games]; the load generator knows them by name and schema only.
package workload

import (
	"fmt"
	"math"

	"arbiter/game"
)

// Ship is a player's. Everybody is sent where it is and where it points, its
// player also how fast it is.
type Ship struct {
	Player game.PlayerID
	X, Y   float64 `net:"step=1/8,linear"`
	Angle  float64 `net:"step=tau/256,wrap"`
	VX, VY float64 `net:"step=1/8,owner"` // units a second
	Spin   float64 `net:"step=tau/64,owner"`
}

// Position places ships for areas of interest.
func (s *Ship) Position() (x, y float64) { return s.X, s.Y }

// State is everything there is in a match.
type State struct {
	Ships game.Table[Ship]
}

// Input is what a player does; packed it is one byte.
type Input struct {
	Thrust int8 `net:"min=-1,max=1"`
	Turn   int8 `net:"min=-1,max=1"`
}

const (
	pull  = 60.0 // units a second, in a second, of thrust
	swing = 3.0  // radians a second, in a second, of turning
	top   = 90.0 // units a second that a ship is limited to
	slow  = 10.0 // and that it never falls below, so that everybody moves in every tick
	twist = 1.4  // radians a second that it turns on top of its spin
)

// rules are shared by the games, which differ in room and sight.
type rules struct {
	side float64 // of the field, in units
}

// Join implements [game.Rules].
func (r rules) Join(w *game.World[State], p game.Player) {
	a := w.Rand.Float64() * 2 * math.Pi
	w.State.Ships.Add(Ship{
		Player: p.ID, X: w.Rand.Float64() * r.side, Y: w.Rand.Float64() * r.side, Angle: a,
		VX: 40 * math.Cos(a), VY: 40 * math.Sin(a),
	})
}

// Leave implements [game.Rules].
func (r rules) Leave(w *game.World[State], p game.PlayerID) {
	id, _ := w.State.Ships.Find(func(s *Ship) bool { return s.Player == p })
	w.State.Ships.Delete(id)
}

// Step implements [game.Rules].
func (r rules) Step(w *game.World[State], in *game.Inputs[Input]) {
	dt := w.Dt()
	for _, s := range w.State.Ships.All() {
		do := in.Of(s.Player)
		s.Spin = min(max(s.Spin+float64(do.Turn)*swing*dt, -0.9), 0.9)
		s.Angle += (s.Spin + twist) * dt
		sin, cos := math.Sincos(s.Angle)
		s.VX += float64(do.Thrust) * pull * cos * dt
		s.VY += float64(do.Thrust) * pull * sin * dt
		if v := math.Hypot(s.VX, s.VY); v > top {
			s.VX, s.VY = s.VX*top/v, s.VY*top/v
		} else if v < slow {
			s.VX, s.VY = slow*cos, slow*sin
		}
		s.X, s.VX = bounce(s.X+s.VX*dt, s.VX, r.side)
		s.Y, s.VY = bounce(s.Y+s.VY*dt, s.VY, r.side)
	}
}

// bounce keeps a ship between 0 and side.
func bounce(at, v, side float64) (float64, float64) {
	switch {
	case at < 0:
		return -at, -v
	case at > side:
		return 2*side - at, -v
	}
	return at, v
}

// sighted rules show a player what is around their ship.
type sighted struct {
	rules
	radius float64
}

// Eye implements the optional area of interest.
func (r sighted) Eye(w *game.World[State], p game.PlayerID) (game.Area, bool) {
	_, s := w.State.Ships.Find(func(s *Ship) bool { return s.Player == p })
	if s == nil {
		return game.Area{}, false
	}
	return game.Area{X: s.X, Y: s.Y, Radius: r.radius}, true
}

// Rate is the games' tick and snapshot rate, in Hz, unless a server is told
// otherwise.
const Rate = 20

// bigMatchPlayers is the size of the match with an area of interest.
const bigMatchPlayers = 1000

// Name is the name of the game for matches of that many players: 2, 10, 64, 200,
// or 1000 with an area of interest of about 20 others.
func Name(players int) string { return fmt.Sprintf("bench-%d", players) }

// Games are what a server hosts to be measured.
func Games() []game.Definition {
	var list []game.Definition
	for _, players := range []int{2, 10, 64, 200} {
		list = append(list, define(players, rules{side: 1000}))
	}
	return append(list, define(bigMatchPlayers, sighted{rules{side: 4000}, 320}))
}

func define(players int, r game.Rules[State, Input]) *game.Game[State, Input] {
	return game.MustDefine[State, Input](Name(players), r, game.Config{TickRate: Rate, MaxPlayers: players})
}

// At returns the game for matches of that many players, at another rate; 0 is
// [Rate].
func At(players, rate int) (game.Definition, error) {
	for _, g := range Games() {
		if g.Name() == Name(players) {
			return g.(*game.Game[State, Input]).AtRates(rate, rate)
		}
	}
	return nil, fmt.Errorf("bench: no game for %d players: use 2, 10, 64, 200 or 1000", players)
}
