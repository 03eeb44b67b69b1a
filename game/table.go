package game

import (
	"fmt"
	"iter"
	"math"
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

	name  string // of the state's field; set with limit when a match begins
	limit int    // rows; 0: none
}

// Add appends a row and returns its new id. A table that is replicated holds at
// most [MaxRows], and no table gives more than 2^32−1 ids in its match's time:
// Add panics with a [LimitError] that names the table, which ends the match.
func (t *Table[T]) Add(row T) ID {
	if t.last == math.MaxUint32 || t.limit > 0 && len(t.ids) >= t.limit {
		panic(t.full())
	}
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
			if id == math.MaxUint32 {
				return
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

func (t *tableStore[T]) Limit(name string, rows int) { t.name, t.limit = name, rows }

// full says what t has reached.
func (t *Table[T]) full() *LimitError {
	if t.last == math.MaxUint32 {
		return &LimitError{Table: t.name, What: "has given its last id, 4,294,967,295; change rows in place of deleting and adding them"}
	}
	return &LimitError{Table: t.name, What: fmt.Sprintf("has %d rows, the most that clients take (game.MaxRows); delete some, or spread them over several tables", t.limit)}
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
