package sim

import "unsafe"

// Store is a table or a value of a State, with its row type erased.
type Store interface {
	Memory() Memory
	// Resize makes it a table of those ids with zero rows; last is the highest
	// id ever given. A value only becomes zero.
	Resize(ids []ID, last ID)
	// LastID is the highest id ever given.
	LastID() ID
	// Limit tells it its name, for messages, and how many rows it may have.
	Limit(name string, rows int)
	// CopyFrom makes it equal to src, which has the same row type.
	CopyFrom(src Store)
	// VisibleTo asks row i. Only for guarded tables.
	VisibleTo(i int, p PlayerID) bool
	// Position asks row i. Only for placed tables.
	Position(i int) (x, y float64)
}

// Queue is the events or commands of one kind, with their row type erased.
type Queue interface {
	Memory() Memory
	// PushZero appends a zero row of p and returns it; nil if the queue is full.
	PushZero(p PlayerID) unsafe.Pointer
	// Players says for each row whom it is for or from; 0 is everyone.
	Players() []PlayerID
	// Drop removes all rows.
	Drop()
	// Lost counts the rows that found the queue full.
	Lost() uint64
	// Places are those of the first rows; rows beyond have none.
	Places() []Place
}

// InputStore is the inputs that the players of a match hold, one for each seat,
// with their type erased.
type InputStore interface {
	Memory() Memory
	Insert(i int) // puts a zero input before the i-th
	Delete(i int)
	Reset(n int) // makes it n zero inputs
}

// Memory is where rows lie: N of them from Base, one after the other, and their
// ids beside. It is valid until the rows change in number.
type Memory struct {
	IDs  []ID // nil for events, commands and inputs
	Base unsafe.Pointer
	N    int
}

// row is where row i lies. Loops compute it from Base each time, because a
// pointer stepped past the last row would be an invalid one.
func (m *Memory) row(i int, size uintptr) unsafe.Pointer {
	return unsafe.Add(m.Base, uintptr(i)*size)
}

// Parts are the erased fields of one State, in the order of its schema.
type Parts struct {
	Tables           []Store
	Events, Commands []Queue
}

func (p *Parts) copyFrom(src *Parts) {
	for i, t := range p.Tables {
		t.CopyFrom(src.Tables[i])
	}
}
