package arena

import (
	"math"

	"arbiter/game"
)

const (
	shipHP      = 3
	killPoints  = 10
	dronePoints = 1
	safeFor     = 1.5 // seconds in which a new ship cannot be hit
	backAfter   = 2.0 // seconds without a ship
)

// hit takes a life off a ship, and the ship when it was the last.
func (r rules) hit(w *world, id game.ID, s *Ship, b *Bullet) {
	w.State.Hits.EmitTo(Hit{By: b.Player, Who: s.Player, X: b.X, Y: b.Y}, b.Player, s.Player)
	if s.HP--; s.HP > 0 {
		return
	}
	if by := pilotOf(w, b.Player); by != nil {
		by.Kills++
		r.score(w, by, killPoints)
	}
	lost := pilotOf(w, s.Player)
	lost.Deaths++
	lost.X, lost.Y = s.X, s.Y
	lost.Back = w.Tick() + game.Tick(w.Ticks(backAfter))
	w.State.Kills.Emit(Kill{By: b.Player, Who: s.Player})
	w.State.Explosions.EmitAt(Explosion{X: s.X, Y: s.Y, Ship: true}, s.X, s.Y)
	w.State.Ships.Delete(id)
}

// relaunch gives ships to those who have waited.
func (r rules) relaunch(w *world) {
	for _, p := range w.State.Pilots.All() {
		if p.Back != 0 && !w.Tick().Before(p.Back) {
			p.Back = 0
			r.launch(w, p.Player)
		}
	}
}

// launch starts a ship where it is loneliest, of some places tried on its
// team's side of the field.
func (r rules) launch(w *world, p game.PlayerID) {
	f := w.State.Field.Get()
	s := Ship{Player: p, HP: shipHP, Safe: w.Tick() + game.Tick(w.Ticks(safeFor))}
	best, at, of := -1.0, 0, 1
	if team := teamOf(w, p); team != "" {
		at, of = side(w, team)
	}
	width := (f.W - 80) / float64(of)
	left := 40 + float64(width*float64(at))
	for range 12 {
		x := left + float64(w.Rand.Float64()*width)
		y := 40 + float64(w.Rand.Float64()*(f.H-80))
		if d := r.loneliness(w, x, y); d > best {
			best, s.X, s.Y = d, x, y
		}
	}
	s.Angle = float64(w.Rand.IntN(headings)) * (2 * math.Pi / headings)
	w.State.Ships.Add(s)
}

// loneliness is the square of the distance to the nearest ship.
func (r rules) loneliness(w *world, x, y float64) float64 {
	nearest := 1e12
	for _, s := range w.State.Ships.All() {
		dx, dy := s.X-x, s.Y-y
		nearest = min(nearest, float64(dx*dx)+float64(dy*dy))
	}
	return nearest
}
