// Package wheel is what the load generator's loops and the floor's have in
// common: a wheel of moments on which everybody has one of their own, and a poll that
// waits for the next one to the microsecond.
package wheel

import (
	"slices"
	"time"
)

// spokes is into how many moments an interval is divided.
const spokes = 256

// Wheel calls everybody once an interval, each at a moment of their own, so that they
// do not come all at once. Interval must be set; negative means never. Group
// is how many successive ones share a moment; 0 means 1.
type Wheel[T comparable] struct {
	Interval time.Duration
	Group    int

	slots  [spokes][]T
	turn   int64 // the next moment, counted from the beginning of time
	placed int
}

// Add gives v a moment, far from that of the group before, and returns it for
// Remove.
func (w *Wheel[T]) Add(v T) (spoke int) {
	spoke = w.placed / max(w.Group, 1) * 159 % spokes // about spokes divided by the golden ratio
	w.placed++
	w.slots[spoke] = append(w.slots[spoke], v)
	return spoke
}

// Remove takes v off.
func (w *Wheel[T]) Remove(spoke int, v T) {
	if i := slices.Index(w.slots[spoke], v); i >= 0 {
		w.slots[spoke] = slices.Delete(w.slots[spoke], i, i+1)
	}
}

func (w *Wheel[T]) at(turn int64) time.Duration {
	return time.Duration(turn * int64(w.Interval) / spokes)
}

// Next is when somebody's moment is, an interval from now at most.
func (w *Wheel[T]) Next(now time.Duration) time.Duration {
	if w.Interval < 0 {
		return now + time.Hour
	}
	for i := range int64(spokes) {
		if len(w.slots[(w.turn+i)%spokes]) > 0 {
			return w.at(w.turn + i)
		}
	}
	return now + w.Interval
}

// Due moves the wheel on to the next moment that is somebody's, if it has
// come. at is below 0 if it has not. who is valid until Add or Remove.
func (w *Wheel[T]) Due(now time.Duration) (who []T, at time.Duration) {
	if w.Interval < 0 {
		return nil, -1
	}
	for w.at(w.turn) <= now {
		at, who = w.at(w.turn), w.slots[w.turn%spokes]
		w.turn++
		if len(who) > 0 {
			return who, at
		}
	}
	return nil, -1
}
