package sim

import (
	"slices"
	"unsafe"
)

// testTable is a Store of rows of T, as package game's Table is.
type testTable[T any] struct {
	ids  []ID
	rows []T
	last ID
}

func (t *testTable[T]) Memory() Memory {
	return Memory{IDs: t.ids, Base: unsafe.Pointer(unsafe.SliceData(t.rows)), N: len(t.rows)}
}

func (t *testTable[T]) Resize(ids []ID, last ID) {
	t.ids, t.rows, t.last = slices.Clone(ids), make([]T, len(ids)), last
}

func (t *testTable[T]) Limit(string, int)            {}
func (t *testTable[T]) LastID() ID                   { return t.last }
func (t *testTable[T]) CopyFrom(src Store)           { *t = *src.(*testTable[T]) }
func (t *testTable[T]) VisibleTo(int, PlayerID) bool { return true }
func (t *testTable[T]) Position(int) (x, y float64)  { return 0, 0 }

// testInputs is an InputStore.
type testInputs[T any] struct{ rows []T }

func (t *testInputs[T]) Memory() Memory {
	return Memory{Base: unsafe.Pointer(unsafe.SliceData(t.rows)), N: len(t.rows)}
}

func (t *testInputs[T]) Insert(i int) { t.rows = slices.Insert(t.rows, i, *new(T)) }
func (t *testInputs[T]) Delete(i int) { t.rows = slices.Delete(t.rows, i, i+1) }
func (t *testInputs[T]) Reset(n int)  { t.rows = make([]T, n) }
