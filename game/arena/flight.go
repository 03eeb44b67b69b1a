package arena

import (
	"math"

	"arbiter/game"
)

// Units are about a pixel; a ship is a circle of radius 12.
const (
	shipRadius  = 12
	droneRadius = 10

	thrust     = 260.0             // units/s² ahead
	brakes     = 160.0             // units/s² backwards
	drag       = 0.6               // of the speed, a second
	topSpin    = 0.6 * 2 * math.Pi // radians/s
	spinUp     = 9 * topSpin       // radians/s²: a short tap aims finely
	bounce     = 0.5               // of the speed, kept at a wall
	bulletFast = 420.0             // units/s, added to the ship's own
)

// The arithmetic below converts each product to float64, which forbids the
// compiler to fuse it with a sum: all machines round alike.

func (r rules) flyShips(w *world, in *inputs) {
	dt, field := w.Dt(), w.State.Field.Get()
	for _, s := range w.State.Ships.All() {
		do := in.Of(s.Player)
		s.turn(do.Turn, dt)
		s.push(do.Thrust, dt)
		s.X, s.VX = glide(s.X, s.VX, dt, field.W)
		s.Y, s.VY = glide(s.Y, s.VY, dt, field.H)
		if do.Fire && !w.Tick().Before(s.Ready) {
			r.fire(w, s, in.View(s.Player))
		}
	}
}

// turn brings the spin towards what is asked for, and turns by it.
func (s *Ship) turn(ask int8, dt float64) {
	want, change := float64(float64(ask)*topSpin), float64(spinUp*dt) // rounded, so that no sum is fused with them
	s.Spin = min(max(want, s.Spin-change), s.Spin+change)
	s.Angle += float64(s.Spin * dt)
}

func (s *Ship) push(ask int8, dt float64) {
	s.Thrust = ask > 0
	a := float64(ask) * thrust
	if ask < 0 {
		a = float64(ask) * brakes
	}
	cos, sin := heading(s.Angle)
	keep := 1 - float64(drag*dt)
	s.VX = float64(s.VX*keep) + float64(float64(a*cos)*dt)
	s.VY = float64(s.VY*keep) + float64(float64(a*sin)*dt)
}

// glide moves along one axis and bounces at its ends.
func glide(x, v, dt, size float64) (float64, float64) {
	x += float64(v * dt)
	switch {
	case x < shipRadius:
		return shipRadius, float64(max(v, -v) * bounce)
	case x > size-shipRadius:
		return size - shipRadius, -float64(max(v, -v) * bounce)
	}
	return x, v
}

const headings = 1024 // in a circle, as fine as Ship.Angle on the wire

// cosines has a quarter more than a circle, for the sines. Rounding its entries
// well above their last bits makes them the same on every machine.
var cosines = func() (t [headings + headings/4]float64) {
	for i := range t {
		t[i] = math.Round(math.Cos(2*math.Pi*float64(i)/headings)*(1<<20)) / (1 << 20)
	}
	return t
}()

// heading is the direction of an angle in radians.
func heading(angle float64) (cos, sin float64) {
	i := int(math.RoundToEven(angle*(headings/(2*math.Pi)))) & (headings - 1)
	return cosines[i], cosines[(i+headings-headings/4)&(headings-1)]
}

// drone makes one that drifts from some place.
func (r rules) drone(w *world) Drone {
	f := w.State.Field.Get()
	d := Drone{X: float64(w.Rand.Float64() * f.W), Y: float64(w.Rand.Float64() * f.H)}
	d.steer(w)
	return d
}

// steer takes a course at random, for one to four seconds.
func (d *Drone) steer(w *world) {
	cos, sin := cosines[w.Rand.IntN(headings)], cosines[w.Rand.IntN(headings)]
	d.DX, d.DY = eighths(60*cos*w.Dt()), eighths(60*sin*w.Dt())
	d.Turns = w.Tick() + game.Tick(w.Ticks(1)+w.Rand.IntN(w.Ticks(3)))
}

func (r rules) flyDrones(w *world) {
	f := w.State.Field.Get()
	for _, d := range w.State.Drones.All() {
		if !w.Tick().Before(d.Turns) {
			d.steer(w)
		}
		d.X, d.DX = drift(d.X, d.DX, f.W)
		d.Y, d.DY = drift(d.Y, d.DY, f.H)
	}
}

func drift(x, d, size float64) (float64, float64) {
	if x+d < 0 || x+d > size {
		d = -d
	}
	return min(max(x+d, 0), size), d
}

// eighths rounds to the wire's step for positions.
func eighths(v float64) float64 { return math.RoundToEven(v*8) / 8 }
