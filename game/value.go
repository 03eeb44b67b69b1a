package game

import "unsafe"

// Value is a table of exactly one row, for what a match has one of: the round,
// the score, the clock. On the wire it is a table whose only row has id 1.
type Value[T any] struct{ v T }

// Get returns the row; it stays valid as long as the match.
func (v *Value[T]) Get() *T { return &v.v }

var valueIDs = []ID{1}

func (v *Value[T]) memory() memory {
	return memory{ids: valueIDs, base: unsafe.Pointer(&v.v), n: 1}
}

func (v *Value[T]) resize([]ID, ID) {
	var zero T
	v.v = zero
}

func (v *Value[T]) lastID() ID           { return 1 }
func (v *Value[T]) copyFrom(src storage) { v.v = src.(*Value[T]).v }

func (v *Value[T]) visibleTo(_ int, p PlayerID) bool {
	return any(&v.v).(viewable).VisibleTo(p)
}

func (v *Value[T]) position(int) (x, y float64) { return any(&v.v).(placed).Position() }
func (v *Value[T]) zero() any                   { return new(T) }
func (v *Value[T]) single()                     {}
