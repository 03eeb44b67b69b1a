package game

import (
	"reflect"
	"unsafe"
)

// storage is a Table or Value with its row type erased.
type storage interface {
	memory() memory
	resize(ids []ID, last ID)
	lastID() ID
	copyFrom(src storage)
	visibleTo(i int, p PlayerID) bool
	position(i int) (x, y float64)
	zero() any
}

// mailbox is an Events or Commands with its row type erased.
type mailbox interface {
	memory() memory
	pushZero(p PlayerID) unsafe.Pointer
	to() []PlayerID
	drop()
	lost() uint64
	zero() any
}

type eventBox interface {
	mailbox
	event()
}

type commandBox interface {
	mailbox
	command()
}

// viewable rows decide who may see them; see package doc.
type viewable interface{ VisibleTo(p PlayerID) bool }

// placed rows have a place in the world for areas of interest.
type placed interface{ Position() (x, y float64) }

// memory is where rows lie: n of them from base, their ids beside.
type memory struct {
	ids  []ID
	base unsafe.Pointer
	n    int
}

// row is where row i lies. Loops compute it from base each time, because a
// pointer stepped past the last row would be an invalid one.
func (m *memory) row(i int, size uintptr) unsafe.Pointer {
	return unsafe.Add(m.base, uintptr(i)*size)
}

// parts are the erased fields of one State, in the order of its schema.
type parts struct {
	tables   []storage
	events   []mailbox
	commands []mailbox
}

// partsOf lists the fields of *state. The schema has proved its shape.
func partsOf(state any) parts {
	var p parts
	v := reflect.ValueOf(state).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i).Addr().Interface().(type) {
		case storage:
			p.tables = append(p.tables, f)
		case eventBox:
			p.events = append(p.events, f)
		case commandBox:
			p.commands = append(p.commands, f)
		}
	}
	return p
}

func (p *parts) copyFrom(src *parts) {
	for i, t := range p.tables {
		t.copyFrom(src.tables[i])
	}
}
