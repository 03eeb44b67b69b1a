package game

import (
	"math"
	"slices"
	"unsafe"
)

// This file is what a client needs beside a match: ways between the typed
// State of a game's author and the tables, events and commands that messages
// number.

// TableIndex is where t, a table of m's State, stands in the schema; false if
// it is not m's.
func TableIndex[S, I, T any](m *Match[S, I], t *Table[T]) (int, bool) {
	return m.parts.find(t)
}

// ValueIndex is TableIndex for a Value.
func ValueIndex[S, I, T any](m *Match[S, I], v *Value[T]) (int, bool) {
	return m.parts.find(v)
}

func (p *parts) find(t storage) (int, bool) {
	for i, s := range p.tables {
		if s == t {
			return i, true
		}
	}
	return 0, false
}

// EventIndex is where e, events of m's State, stands in the schema; false if
// it is not m's.
func EventIndex[S, I, T any](m *Match[S, I], e *Events[T]) (int, bool) {
	return find(m.parts.events, e)
}

// CommandIndex is where c, commands of m's State, stands in the schema; false
// if it is not m's.
func CommandIndex[S, I, T any](m *Match[S, I], c *Commands[T]) (int, bool) {
	return find(m.parts.commands, c)
}

func find(all []mailbox, b mailbox) (int, bool) {
	for i, m := range all {
		if m == b {
			return i, true
		}
	}
	return 0, false
}

// StoreEvent writes an event that a client was sent into dst. T must be the
// row type of m's events of that kind.
func StoreEvent[S, I, T any](m *Match[S, I], kind int, r Row, dst *T) {
	s := &m.game.schema.Events[kind]
	if s.size == unsafe.Sizeof(*dst) {
		storeRow(s, unsafe.Pointer(dst), r)
	}
}

// CommandRow returns the row of a command as it is sent, rounded and bounded
// as its schema says. T must be the row type of m's commands of that kind; src
// is rounded too.
func CommandRow[S, I, T any](m *Match[S, I], kind int, src *T) Row {
	s := &m.game.schema.Commands[kind]
	if s.size != unsafe.Sizeof(*src) {
		return Row{}
	}
	row := memory{base: unsafe.Pointer(src), n: 1}
	s.round(row)
	var b Block
	b.Resize(len(s.Fields), 1)
	capture(s, row, &b)
	return Row{Cells: b.Cells, Texts: b.Texts}
}

// SetFloat gives field k of row i a value in the field's units that lies
// between two steps of the wire, for drawing. An integer field is rounded to
// the nearest. It must not be used on a state that is stepped.
func (r Rows) SetFloat(i, k int, v float64) {
	f := &r.schema.Fields[k]
	p := unsafe.Add(r.table.memory().base, uintptr(i)*r.schema.size+f.offset)
	switch f.mem {
	case memFloat32:
		*(*float32)(p) = float32(v)
	case memFloat64:
		*(*float64)(p) = v
	case memBool, memString:
	default:
		f.store(unsafe.Add(p, -int(f.offset)), f.bound(int64(math.RoundToEven(v))))
	}
}

// Index is where the row with that id stands, or −1.
func (r Rows) Index(id ID) int {
	if i, ok := slices.BinarySearch(r.table.memory().ids, id); ok {
		return i
	}
	return -1
}
