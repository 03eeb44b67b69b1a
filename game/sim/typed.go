package sim

import "unsafe"

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
