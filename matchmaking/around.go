package matchmaking

// nearestCursor walks the waiting tickets of an aisle from a key, the nearest first,
// whatever their class; of equally near ones the first in the line. Classes
// can be closed, and their tickets are passed over from then on.
type nearestCursor struct {
	parts []bucketCursor
	class []int32
	lastPart  int // the part that was taken from
}

// nearestTo starts around a key. There is one walk at a time.
func (w *work) nearestTo(ix regionIndex, key, reach, bias float64) *nearestCursor {
	o := &w.cursor
	o.parts, o.class = o.parts[:0], o.class[:0]
	for class, s := range ix {
		if s == nil {
			continue
		}
		if part := s.cursor(key, reach, bias, w.taken); part.at >= 0 {
			o.parts = append(o.parts, part)
			o.class = append(o.class, int32(class))
		}
	}
	return o
}

// next returns the next ticket's index in the line and its latency.
func (c *nearestCursor) next() (at int32, ms float64, ok bool) {
	best := -1
	for i := range c.parts {
		p := &c.parts[i]
		if p.at < 0 || best >= 0 && p.distance > c.parts[best].distance {
			continue
		}
		if best < 0 || p.distance < c.parts[best].distance || p.bucket.at[p.at] < at {
			best, at = i, p.bucket.at[p.at]
		}
	}
	if best < 0 {
		return 0, 0, false
	}
	p := &c.parts[best]
	c.lastPart, ms = best, p.bucket.ms[p.at]
	p.advance()
	return at, ms, true
}

// closeLast passes over the class of the ticket taken last.
func (c *nearestCursor) closeLast() { c.parts[c.lastPart].at = -1 }

// lastClass is the class of the ticket taken last.
func (c *nearestCursor) lastClass() int32 { return c.class[c.lastPart] }

// closeLarger passes over parties of more than so many.
func (c *nearestCursor) closeLarger(size int) {
	for i := range c.parts {
		if c.parts[i].bucket.size > size {
			c.parts[i].at = -1
		}
	}
}
