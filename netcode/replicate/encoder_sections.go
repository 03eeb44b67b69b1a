package replicate

import "arbiter/netcode"

// sectionWriter writes flat runs, one behind the other. A run is made of
// sections, one for each table that has entries: (table, count, count entries).
type sectionWriter struct {
	b     []byte
	from  int // where the current run begins
	items int // in it

	count int // where the current section's count stands
	rows  int // entries in the current section
}

func (w *sectionWriter) reset() { w.b, w.from, w.items = w.b[:0], 0, 0 }

// open begins another run.
func (w *sectionWriter) open() { w.from, w.items = len(w.b), 0 }

// run returns the run just made, valid until reset.
func (w *sectionWriter) run() netcode.FlatRun {
	return netcode.FlatRun{Items: w.items, Bytes: w.b[w.from:len(w.b):len(w.b)]}
}

// begin begins a section.
func (w *sectionWriter) begin(table int) {
	w.b = netcode.AppendInt(w.b, int64(table))
	w.count, w.rows = len(w.b), 0
	w.b = append(w.b, 0)
	w.items += 2
}

// end writes the section's count, or takes an empty section back.
func (w *sectionWriter) end() {
	switch {
	case w.rows == 0:
		w.b = w.b[:w.count-1] // table numbers are one byte
		w.items -= 2
	case w.rows < 128:
		w.b[w.count] = byte(w.rows)
	default:
		var wide [9]byte
		n := netcode.AppendInt(wide[:0], int64(w.rows))
		w.b = append(w.b, n[1:]...)
		copy(w.b[w.count+len(n):], w.b[w.count+1:])
		copy(w.b[w.count:], n)
	}
}
