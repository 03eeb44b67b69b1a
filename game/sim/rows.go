package sim

import (
	"math"
	"slices"
	"unsafe"
)

// Row is one row with its types erased: a cell for each field of its schema,
// and the texts that Text cells index.
type Row struct {
	Cells []int64
	Texts []string
}

// Block is a table at one instant with its types erased: row i has id IDs[i]
// and cells Cells[i*Width : (i+1)*Width]. Text cells index Texts. A Block owns
// its memory and is meant to be filled again and again.
type Block struct {
	Width int
	Last  ID // the highest id ever given in the table
	IDs   []ID
	Cells []int64
	Texts []string
}

// Row returns the cells of row i.
func (b *Block) Row(i int) []int64 { return b.Cells[i*b.Width : (i+1)*b.Width : (i+1)*b.Width] }

// Index returns where the row with that id stands.
func (b *Block) Index(id ID) (int, bool) { return slices.BinarySearch(b.IDs, id) }

// CopyFrom makes b equal to src.
func (b *Block) CopyFrom(src *Block) {
	b.Width, b.Last = src.Width, src.Last
	b.IDs = append(b.IDs[:0], src.IDs...)
	b.Cells = append(b.Cells[:0], src.Cells...)
	b.Texts = append(b.Texts[:0], src.Texts...)
}

// Resize gives b n rows of that width; their cells are whatever they were.
func (b *Block) Resize(width, n int) {
	b.Width = width
	b.IDs = slices.Grow(b.IDs[:0], n)[:n]
	b.Cells = slices.Grow(b.Cells[:0], n*width)[:n*width]
	b.Texts = b.Texts[:0]
}

// Rows is erased access to the rows of one table as they are now.
type Rows struct {
	schema *RowSchema
	table  Store
}

// Capture fills b with every row.
func (r Rows) Capture(b *Block) {
	m := r.table.Memory()
	b.Resize(len(r.schema.Fields), m.N)
	b.Last = r.table.LastID()
	copy(b.IDs, m.IDs)
	capture(r.schema, m, b)
}

// Load makes the table equal to b. Fields that b's sender did not know are
// zero.
func (r Rows) Load(b *Block) {
	r.table.Resize(b.IDs, b.Last)
	m := r.table.Memory()
	for i := range min(m.N, len(b.IDs)) {
		storeRow(r.schema, m.row(i, r.schema.size), Row{b.Row(i), b.Texts})
	}
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
		f.store(unsafe.Add(p, -int(f.offset)), f.bound(f.integer(math.RoundToEven(v))))
	}
}

// SetCell gives field k of row i the value of a cell; not for texts. It must not
// be used on a state that is stepped.
func (r Rows) SetCell(i, k int, c int64) {
	f := &r.schema.Fields[k]
	f.store(unsafe.Add(r.table.Memory().Base, uintptr(i)*r.schema.size), c)
}

// Index is where the row with that id stands, or −1.
func (r Rows) Index(id ID) int {
	if i, ok := slices.BinarySearch(r.table.Memory().IDs, id); ok {
		return i
	}
	return -1
}

// VisibleTo reports whether row i may be sent to p. Only for guarded tables.
func (r Rows) VisibleTo(i int, p PlayerID) bool { return r.table.VisibleTo(i, p) }

// Position is the place of row i. Only for placed tables.
func (r Rows) Position(i int) (x, y float64) { return r.table.Position(i) }

// Posted is erased access to the events of one kind that the last step
// emitted.
type Posted struct {
	schema *RowSchema
	queue  Queue
}

// Len is the number of events.
func (p Posted) Len() int { return len(p.queue.Players()) }

// To says for whom event i is; 0 is everyone.
func (p Posted) To(i int) PlayerID { return p.queue.Players()[i] }

// Place is where something happened, if that is Known.
type Place struct {
	X, Y  float64
	Known bool
}

// Place says where event i happened.
func (p Posted) Place(i int) Place {
	if places := p.queue.Places(); i < len(places) {
		return places[i]
	}
	return Place{}
}

// Dropped counts the events of this kind that found their queue full.
func (p Posted) Dropped() uint64 { return p.queue.Lost() }

// Capture fills b with every event; ids are not set.
func (p Posted) Capture(b *Block) {
	m := p.queue.Memory()
	b.Resize(len(p.schema.Fields), m.N)
	capture(p.schema, m, b)
}

// capture goes field by field, so that the choice of how to read one is made
// once a table and not once a cell.
func capture(s *RowSchema, m Memory, b *Block) {
	width := len(s.Fields)
	for k := range s.Fields {
		f := &s.Fields[k]
		out := b.Cells[min(k, len(b.Cells)):]
		if f.Kind == Text {
			for i := range m.N {
				out[i*width] = int64(len(b.Texts))
				b.Texts = append(b.Texts, *f.text(m.row(i, s.size)))
			}
			continue
		}
		if f.mem == memFloat64 && f.inv != 0 && f.Wrap == 0 && !f.clamp {
			for i := range m.N { // already rounded: the product is whole
				out[i*width] = int64(*(*float64)(unsafe.Add(m.row(i, s.size), f.offset)) * f.inv)
			}
			continue
		}
		for i := range m.N {
			out[i*width] = f.load(m.row(i, s.size))
		}
	}
}

func storeRow(s *RowSchema, row unsafe.Pointer, from Row) {
	for k := range s.Fields {
		f, c := &s.Fields[k], from.Cells[k]
		if f.Kind != Text {
			f.store(row, c)
			continue
		}
		if uint64(c) < uint64(len(from.Texts)) {
			*f.text(row) = from.Texts[c]
		} else {
			*f.text(row) = ""
		}
	}
}
