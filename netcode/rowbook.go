package netcode

// rowBook remembers how single rows are encoded, for one pair of baselines:
// where sights differ, every receiver has a body of his own, but what it says
// of a row, save how far that is from the row before, is the same for all. So a
// row is compared and encoded once, and then copied.
type rowBook struct {
	base, prev *Frame
	rows       []rowCode // by table, row of the newest frame, and whether it leads on
	bytes      []byte    // all values, one row's after the other
}

// rowCode is one row's part of a book. An empty mask is a row that needs no
// word.
type rowCode struct {
	mask    uint64
	from, n int32 // its values in bytes
	known   bool
	moved   bool // it is not what it was in the baseline
}

// maxBooks bounds the pairs of baselines in one tick for which rows are
// remembered. There are few pairs, because nearly everybody was sent the tick
// before. Receivers with another one are encoded for by themselves.
const maxBooks = 8

// bookFor returns the book of these ends, or nil if there is no room for it.
func (e *encoder) bookFor(at *ends) *rowBook {
	for i := range e.books[:e.open] {
		if b := &e.books[i]; b.base == at.base.frame && b.prev == at.prev.frame {
			return b
		}
	}
	if e.open == maxBooks {
		return nil
	}
	if e.open == len(e.books) {
		e.books = append(e.books, rowBook{})
	}
	b := &e.books[e.open]
	e.open++
	b.base, b.prev, b.bytes = at.base.frame, at.prev.frame, b.bytes[:0]
	n := 0
	for i := range at.now.frame.Tables {
		n += 2 * len(at.now.frame.Tables[i].IDs)
	}
	if cap(b.rows) < n {
		b.rows = make([]rowCode, n+n/4)
	}
	b.rows = b.rows[:n]
	clear(b.rows)
	return b
}
