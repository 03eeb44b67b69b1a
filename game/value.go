package game

import (
	"reflect"
	"unsafe"

	"arbiter/game/sim"
)

// Value is a table of exactly one row, for what a match has one of: the round,
// the score, the clock. On the wire it is a table whose only row has id 1.
type Value[T any] struct{ v T }

// Get returns the row; it stays valid as long as the match.
func (v *Value[T]) Get() *T { return &v.v }

func (v *Value[T]) kind() sim.PartKind { return sim.ValuePart }
func (v *Value[T]) row() reflect.Type  { return reflect.TypeFor[T]() }
func (v *Value[T]) erased() sim.Store  { return (*valueStore[T])(v) }

// valueStore is a Value as the framework uses it.
type valueStore[T any] Value[T]

var valueIDs = []ID{1}

func (v *valueStore[T]) Memory() sim.Memory {
	return sim.Memory{IDs: valueIDs, Base: unsafe.Pointer(&v.v), N: 1}
}

func (v *valueStore[T]) Resize([]ID, ID) {
	var zero T
	v.v = zero
}

func (v *valueStore[T]) Limit(string, int)      {}
func (v *valueStore[T]) LastID() ID             { return 1 }
func (v *valueStore[T]) CopyFrom(src sim.Store) { v.v = src.(*valueStore[T]).v }

func (v *valueStore[T]) VisibleTo(_ int, p PlayerID) bool {
	return any(&v.v).(guarded).VisibleTo(p)
}

func (v *valueStore[T]) Position(int) (x, y float64) { return any(&v.v).(placed).Position() }
