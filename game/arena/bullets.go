package arena

import "arbiter/game"

const (
	reload     = 0.25 // seconds between two shots
	bulletLife = 1.1  // seconds
)

// fire starts a bullet at the ship's nose.
func (r rules) fire(w *world, s *Ship, seen game.Tick) {
	s.Ready = w.Tick() + game.Tick(w.Ticks(reload))
	cos, sin := heading(s.Angle)
	b := Bullet{
		Player: s.Player,
		X:      s.X + float64(cos*shipRadius), Y: s.Y + float64(sin*shipRadius),
		DX:   eighths(float64((s.VX + float64(cos*bulletFast)) * w.Dt())),
		DY:   eighths(float64((s.VY + float64(sin*bulletFast)) * w.Dt())),
		Ends: w.Tick() + game.Tick(w.Ticks(bulletLife)),
	}
	if !r.Uncompensated && !distrusted(w, s.Player) {
		b.Age = w.Tick().Sub(seen)
	}
	w.State.Bullets.Add(b)
}

func (r rules) flyBullets(w *world) {
	f := w.State.Field.Get()
	for id, b := range w.State.Bullets.All() {
		b.X += b.DX
		b.Y += b.DY
		if w.Tick().Sub(b.Ends) >= 0 || b.X < 0 || b.Y < 0 || b.X > f.W || b.Y > f.H {
			w.State.Bullets.Delete(id)
		}
	}
}

// judge tests every bullet against the others as its shooter saw them.
func (r rules) judge(w *world) {
	for id, b := range w.State.Bullets.All() {
		then := &w.State
		if b.Age > 0 {
			then = w.At(w.Tick() - game.Tick(b.Age))
		}
		move := b.lastMove()
		if r.strikeShip(w, then, b, &move) || r.strikeDrone(w, then, b, &move) {
			w.State.Bullets.Delete(id)
		}
	}
}

// strikeShip finds the first ship in the bullet's way. It must have been there
// then, and still be there now.
func (r rules) strikeShip(w *world, then *State, b *Bullet, move *sweep) bool {
	for id, was := range then.Ships.All() {
		if !move.near(was.X, was.Y) || was.Player == b.Player || friends(w, was.Player, b.Player) || !move.touches(was.X, was.Y, shipRadius) {
			continue
		}
		if s := w.State.Ships.Get(id); s != nil && s.Safe.Before(w.Tick()) {
			r.hit(w, id, s, b)
			return true
		}
	}
	return false
}

func (r rules) strikeDrone(w *world, then *State, b *Bullet, move *sweep) bool {
	for id, was := range then.Drones.All() {
		if !move.near(was.X, was.Y) || !move.touches(was.X, was.Y, droneRadius) || w.State.Drones.Get(id) == nil {
			continue
		}
		w.State.Hits.EmitTo(Hit{By: b.Player, X: was.X, Y: was.Y}, b.Player)
		w.State.Explosions.EmitAt(Explosion{X: was.X, Y: was.Y}, was.X, was.Y)
		w.State.Drones.Delete(id)
		w.State.Drones.Add(r.drone(w))
		if by := pilotOf(w, b.Player); by != nil {
			r.score(w, by, dronePoints)
		}
		return true
	}
	return false
}
