package pilots

import (
	"math"

	"arbiter/cmd/arbiter/bots"
	"arbiter/game"
	"arbiter/game/arena"
)

// Arena is the pilot of the arena, or of a variant of it.
func Arena(g *game.Game[arena.State, arena.Input]) bots.Pilot {
	return bots.NewPilot(g, func() func(*arena.State, bots.View) arena.Input { return new(hunter).decide })
}

// hunter plays the arena: it turns to the nearest ship, or drone if there is
// none, keeps at a distance from which it can hit, and fires when it aims at it.
type hunter struct {
	prey target // at the last decision
}

// target is what a hunter shoots at: where it was at the last decision.
type target struct {
	drone bool
	id    game.ID
	x, y  float64
	tick  game.Tick
}

const (
	bulletFast = 420.0 // units/s, added to the ship's own speed
	bulletFar  = 440.0 // units, about what it flies
	topSpin    = 0.6 * 2 * math.Pi
	spinUp     = 9 * topSpin
	nearEnough = 160.0
	tooNear    = 70.0
)

func (h *hunter) decide(s *arena.State, v bots.View) (in arena.Input) {
	_, own := s.Ships.Find(func(o *arena.Ship) bool { return o.Player == v.Player })
	if own == nil {
		return in // between two lives
	}
	prey, ok := nearest(s, own)
	if !ok {
		return arena.Input{Thrust: 1, Turn: 1} // look around
	}
	// Where it will be when a bullet arrives, as seen from the moving ship.
	vx, vy := h.speed(prey, v)
	prey.tick = v.Tick
	h.prey = prey
	dx, dy := prey.x-own.X, prey.y-own.Y
	flight := math.Hypot(dx, dy) / bulletFast
	dx, dy = dx+(vx-own.VX)*flight, dy+(vy-own.VY)*flight
	far := math.Hypot(dx, dy)

	off := math.Remainder(math.Atan2(dy, dx)-own.Angle, 2*math.Pi)
	rest := off - own.Spin*math.Abs(own.Spin)/(2*spinUp) // when it stops turning now
	switch fine := topSpin / float64(v.Rate) / 2; {
	case rest > fine:
		in.Turn = 1
	case rest < -fine:
		in.Turn = -1
	}
	in.Fire = far < bulletFar && math.Abs(off) < max(0.1, math.Atan2(14, far))
	switch ahead := math.Abs(off) < 0.8; {
	case far < tooNear:
		in.Thrust = -1
	case ahead && far > nearEnough:
		in.Thrust = 1
	}
	return in
}

// speed is the prey's in units a second, 0 if it was another one before.
func (h *hunter) speed(prey target, v bots.View) (vx, vy float64) {
	was := h.prey
	if was.id != prey.id || was.drone != prey.drone || !was.tick.Before(v.Tick) {
		return 0, 0
	}
	k := float64(v.TickRate) / float64(v.Tick.Sub(was.tick))
	return (prey.x - was.x) * k, (prey.y - was.y) * k
}

// nearest finds the ship next to own, or else the drone.
func nearest(s *arena.State, own *arena.Ship) (p target, found bool) {
	best := math.Inf(1)
	look := func(drone bool, id game.ID, x, y float64) {
		if d := (x-own.X)*(x-own.X) + (y-own.Y)*(y-own.Y); d < best {
			best, found = d, true
			p = target{drone: drone, id: id, x: x, y: y}
		}
	}
	for id, o := range s.Ships.All() {
		if o != own {
			look(false, id, o.X, o.Y)
		}
	}
	if !found {
		for id, d := range s.Drones.All() {
			look(true, id, d.X, d.Y)
		}
	}
	return p, found
}
