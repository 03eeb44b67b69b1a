package game

import (
	"iter"
	"reflect"
	"slices"
	"unsafe"

	"arbiter/game/sim"
)

// Table holds the rows of one kind of entity in ascending order of id. T is
// plain data: numbers, bools, strings, fixed arrays and structs of those.
//
// Row pointers stay valid until the next Add, Delete or Clear. A Table belongs
// to its match's goroutine.
type Table[T any] struct {
	ids  []ID
	rows []T
	last ID
}

// Add appends a row and returns its new id.
func (t *Table[T]) Add(row T) ID {
	t.last++
	t.ids = append(t.ids, t.last)
	t.rows = append(t.rows, row)
	return t.last
}

// Get returns the row with that id, or nil.
func (t *Table[T]) Get(id ID) *T {
	if i, ok := slices.BinarySearch(t.ids, id); ok {
		return &t.rows[i]
	}
	return nil
}

// Delete removes the row with that id and reports whether it was there.
func (t *Table[T]) Delete(id ID) bool {
	i, ok := slices.BinarySearch(t.ids, id)
	if ok {
		t.ids = slices.Delete(t.ids, i, i+1)
		t.rows = slices.Delete(t.rows, i, i+1)
	}
	return ok
}

// Clear removes every row; ids go on ascending.
func (t *Table[T]) Clear() { t.ids, t.rows = t.ids[:0], t.rows[:0] }

// Len is the number of rows.
func (t *Table[T]) Len() int { return len(t.ids) }

// All yields the rows in order of id. The loop may delete any row and add
// rows; it does not visit rows added meanwhile.
func (t *Table[T]) All() iter.Seq2[ID, *T] {
	return func(yield func(ID, *T) bool) {
		last := t.last
		for i := 0; i < len(t.ids) && t.ids[i] <= last; {
			id := t.ids[i]
			if !yield(id, &t.rows[i]) {
				return
			}
			if i < len(t.ids) && t.ids[i] == id {
				i++
				continue
			}
			i, _ = slices.BinarySearch(t.ids, id+1) // rows were deleted
		}
	}
}

// Find returns the first row for which ok is true, or 0 and nil.
func (t *Table[T]) Find(ok func(*T) bool) (ID, *T) {
	for i := range t.rows {
		if ok(&t.rows[i]) {
			return t.ids[i], &t.rows[i]
		}
	}
	return 0, nil
}

func (t *Table[T]) kind() sim.PartKind { return sim.TablePart }
func (t *Table[T]) row() reflect.Type  { return reflect.TypeFor[T]() }
func (t *Table[T]) erased() sim.Store  { return (*tableStore[T])(t) }

// tableStore is a Table as the framework uses it.
type tableStore[T any] Table[T]

func (t *tableStore[T]) Memory() sim.Memory {
	return sim.Memory{IDs: t.ids, Base: unsafe.Pointer(unsafe.SliceData(t.rows)), N: len(t.rows)}
}

func (t *tableStore[T]) Resize(ids []ID, last ID) {
	t.ids = append(t.ids[:0], ids...)
	t.rows = slices.Grow(t.rows[:0], len(ids))[:len(ids)]
	clear(t.rows)
	t.last = last
}

func (t *tableStore[T]) LastID() ID { return t.last }

func (t *tableStore[T]) CopyFrom(src sim.Store) {
	s := src.(*tableStore[T])
	t.ids = append(t.ids[:0], s.ids...)
	t.rows = append(t.rows[:0], s.rows...)
	t.last = s.last
}

func (t *tableStore[T]) VisibleTo(i int, p PlayerID) bool {
	return any(&t.rows[i]).(guarded).VisibleTo(p)
}

func (t *tableStore[T]) Position(i int) (x, y float64) {
	return any(&t.rows[i]).(placed).Position()
}
