package matchmaking

// around walks the waiting tickets of an aisle from a key, the nearest first,
// whatever their class; of equally near ones the first in the line. Classes
// can be closed, and their tickets are passed over from then on.
type around struct {
	parts []outward
	class []int32
	last  int // the part that was taken from
}

// walk starts around a key. There is one walk at a time.
func (w *work) walk(a aisle, key, reach, lean float64) *around {
	o := &w.around
	o.parts, o.class = o.parts[:0], o.class[:0]
	for class, s := range a {
		if s == nil {
			continue
		}
		if part := s.from(key, reach, lean, w.taken); part.next >= 0 {
			o.parts = append(o.parts, part)
			o.class = append(o.class, int32(class))
		}
	}
	return o
}

// take returns the next ticket's index in the line and its latency.
func (o *around) take() (at int32, ms float64, ok bool) {
	best := -1
	for i := range o.parts {
		p := &o.parts[i]
		if p.next < 0 || best >= 0 && p.far > o.parts[best].far {
			continue
		}
		if best < 0 || p.far < o.parts[best].far || p.s.at[p.next] < at {
			best, at = i, p.s.at[p.next]
		}
	}
	if best < 0 {
		return 0, 0, false
	}
	p := &o.parts[best]
	o.last, ms = best, p.s.ms[p.next]
	p.step()
	return at, ms, true
}

// closeLast passes over the class of the ticket taken last.
func (o *around) closeLast() { o.parts[o.last].next = -1 }

// lastClass is the class of the ticket taken last.
func (o *around) lastClass() int32 { return o.class[o.last] }

// closeLarger passes over parties of more than so many.
func (o *around) closeLarger(size int) {
	for i := range o.parts {
		if o.parts[i].s.size > size {
			o.parts[i].next = -1
		}
	}
}
