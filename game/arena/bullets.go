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
	if !r.Uncompensated {
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
		if r.strikeShip(w, then, b) || r.strikeDrone(w, then, b) {
			w.State.Bullets.Delete(id)
		}
	}
}

// strikeShip finds the first ship in the bullet's way. It must have been there
// then, and still be there now.
func (r rules) strikeShip(w *world, then *State, b *Bullet) bool {
	for id, was := range then.Ships.All() {
		if was.Player == b.Player || !b.touches(was.X, was.Y, shipRadius) {
			continue
		}
		if s := w.State.Ships.Get(id); s != nil && s.Safe.Before(w.Tick()) {
			r.hit(w, id, s, b)
			return true
		}
	}
	return false
}

func (r rules) strikeDrone(w *world, then *State, b *Bullet) bool {
	for id, was := range then.Drones.All() {
		if !b.touches(was.X, was.Y, droneRadius) || w.State.Drones.Get(id) == nil {
			continue
		}
		w.State.Hits.EmitTo(Hit{By: b.Player, X: was.X, Y: was.Y}, b.Player)
		w.State.Explosions.Emit(Explosion{X: was.X, Y: was.Y})
		w.State.Drones.Delete(id)
		w.State.Drones.Add(r.drone(w))
		if by := pilotOf(w, b.Player); by != nil {
			by.Score += dronePoints
		}
		return true
	}
	return false
}

// touches reports whether the bullet's last move passed within radius of a
// point: the distance from the point to that segment.
func (b *Bullet) touches(x, y, radius float64) bool {
	x, y = x-b.X, y-b.Y // seen from the bullet, which came from -DX, -DY
	reach := radius + max(b.DX, -b.DX, b.DY, -b.DY)
	if x > reach || x < -reach || y > reach || y < -reach {
		return false
	}
	long := float64(b.DX*b.DX) + float64(b.DY*b.DY)
	if long > 0 {
		k := min(max((float64(x*b.DX)+float64(y*b.DY))/long, -1), 0)
		x -= float64(k * b.DX)
		y -= float64(k * b.DY)
	}
	return float64(x*x)+float64(y*y) <= float64(radius*radius)
}
