package pilots

import (
	"math"

	"arbiter/cmd/arbiter/bots"
	"arbiter/game/tag"
)

// Tag is the pilot of tag.
func Tag() bots.Pilot {
	return bots.NewPilot(tag.Game, func() func(*tag.State, bots.View) tag.Input { return chase })
}

const (
	afraid = 35.0 // units: further away than this nobody flees
	margin = 8.0  // from a wall
	middle = 50.0
	pause  = 15 // ticks
)

// chase runs after the nearest player while this one is it, flees from who is it,
// and moves towards the middle when that one is far away. All are equally fast,
// so those who flee pause now and then, or nobody would ever be caught.
func chase(s *tag.State, v bots.View) (in tag.Input) {
	me := v.Player
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
	case (int(v.Tick)/pause+int(me))%4 == 0:
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
