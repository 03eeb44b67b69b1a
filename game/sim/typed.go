package sim

import (
	"math"
	"slices"
	"unsafe"
)

// InputCells writes the cells of an input, rounded and bounded as its schema
// says, into dst, which holds one for each field. I must be the game's Input.
func InputCells[I any](s *Schema, in *I, dst []int64) {
	for i := range s.Input.Fields {
		f := &s.Input.Fields[i]
		dst[i] = f.bound(f.load(unsafe.Pointer(in)))
	}
}

// StoreEvent writes an event that a client was sent into dst. T must be the row
// type of the game's events of that kind.
func StoreEvent[T any](s *Schema, kind int, r Row, dst *T) {
	row := &s.Events[kind]
	if row.size == unsafe.Sizeof(*dst) {
		storeRow(row, unsafe.Pointer(dst), r)
	}
}

// CommandRow returns the row of a command as it is sent, rounded and bounded
// as its schema says. T must be the row type of the game's commands of that
// kind; src is rounded too.
func CommandRow[T any](schema *Schema, kind int, src *T) Row {
	s := &schema.Commands[kind]
	if s.size != unsafe.Sizeof(*src) {
		return Row{}
	}
	row := Memory{Base: unsafe.Pointer(src), N: 1}
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
	p := unsafe.Add(r.table.Memory().Base, uintptr(i)*r.schema.size+f.offset)
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
	if i, ok := slices.BinarySearch(r.table.Memory().IDs, id); ok {
		return i
	}
	return -1
}
