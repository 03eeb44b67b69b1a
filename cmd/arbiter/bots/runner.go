package bots

import (
	"math"

	"arbiter/game"
	"arbiter/game/tag"
)

// runner plays tag: it chases the nearest when it is it, flees from who is it,
// and strolls towards the middle when that one is far away. All are equally
// fast, so those who flee pause for breath, or nobody would ever be caught.
type runner struct{}

const (
	afraid = 35.0 // units
	margin = 8.0  // from a wall
	middle = 50.0
	pause  = 15 // ticks
)

func (runner) decide(s *tag.State, me game.PlayerID, t game.Tick) (in tag.Input) {
	_, own := s.Runners.Find(func(r *tag.Runner) bool { return r.Player == me })
	if own == nil {
		return in
	}
	it := s.Chase.Get().It
	best, other := math.Inf(1), (*tag.Runner)(nil)
	for _, r := range s.Runners.All() {
		if r == own || it != me && r.Player != it {
			continue
		}
		if d := math.Hypot(r.X-own.X, r.Y-own.Y); d < best {
			best, other = d, r
		}
	}
	switch {
	case other == nil, it != me && best > afraid:
		return tag.Input{X: towards(own.X, middle), Y: towards(own.Y, middle)}
	case it == me:
		return tag.Input{X: towards(own.X, other.X), Y: towards(own.Y, other.Y)}
	case (int(t)/pause+int(me))%4 == 0:
		return in
	}
	return tag.Input{X: away(own.X, other.X), Y: away(own.Y, other.Y)}
}

func towards(from, to float64) int8 {
	switch d := to - from; {
	case d > 1:
		return 1
	case d < -1:
		return -1
	}
	return 0
}

// away flees, but not into a wall.
func away(from, to float64) int8 {
	switch {
	case from < margin:
		return 1
	case from > 2*middle-margin:
		return -1
	case from >= to:
		return 1
	}
	return -1
}
