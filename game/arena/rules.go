package arena

import (
	"cmp"
	"fmt"
	"strings"
	"unicode"

	"arbiter/game"
)

type (
	world  = game.World[State]
	inputs = game.Inputs[Input]
)

// rules are the game; Config is all they hold.
type rules struct{ Config }

// Start opens the first round.
func (r rules) Start(w *world) {
	r.open(w)
	for range r.Drones {
		w.State.Drones.Add(r.drone(w))
	}
}

// Join gives a player their pilot and their ship.
func (r rules) Join(w *world, p game.Player) {
	r.widen(w, w.State.Pilots.Len()+1)
	w.State.Pilots.Add(Pilot{Player: p.ID, Name: tagged(w, p.ID, cmp.Or(clean(p.Name), fmt.Sprintf("pilot %d", p.ID)))})
	r.launch(w, p.ID)
}

// Leave removes both. Their bullets fly on.
func (r rules) Leave(w *world, p game.PlayerID) {
	id, _ := shipOf(w, p)
	w.State.Ships.Delete(id)
	id, _ = w.State.Pilots.Find(func(x *Pilot) bool { return x.Player == p })
	w.State.Pilots.Delete(id)
}

// Step flies everything, then judges. A predicting client only flies.
func (r rules) Step(w *world, in *inputs) {
	r.flyShips(w, in)
	r.flyBullets(w)
	if w.Predicting() {
		return
	}
	r.flyDrones(w)
	r.judge(w)
	r.relaunch(w)
	r.rename(w)
	r.endRound(w)
}

// limited rules send each client what is around its ship.
type limited struct{ rules }

// Eye follows the pilot's ship, or stays where it was lost.
func (r limited) Eye(w *world, p game.PlayerID) (game.Area, bool) {
	if _, s := shipOf(w, p); s != nil {
		return game.Area{X: s.X, Y: s.Y, Radius: r.ViewRadius}, true
	}
	pilot := pilotOf(w, p)
	if pilot == nil {
		return game.Area{}, false
	}
	return game.Area{X: pilot.X, Y: pilot.Y, Radius: r.ViewRadius}, true
}

func (r rules) rename(w *world) {
	for p, c := range w.State.Renames.All() {
		if name := clean(c.Name); name != "" {
			pilotOf(w, p).Name = tagged(w, p, name)
		}
	}
}

// clean drops what does not print, and blanks around the name.
func clean(name string) string {
	printing := func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return -1
	}
	return strings.TrimSpace(strings.Map(printing, name))
}

func shipOf(w *world, p game.PlayerID) (game.ID, *Ship) {
	return w.State.Ships.Find(func(s *Ship) bool { return s.Player == p })
}

func pilotOf(w *world, p game.PlayerID) *Pilot {
	_, pilot := w.State.Pilots.Find(func(x *Pilot) bool { return x.Player == p })
	return pilot
}
