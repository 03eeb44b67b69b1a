package replicate

// rowCache remembers how single rows are encoded, for one pair of baselines:
// where visible sets differ, every receiver has a body of its own, but what it
// says of a row, save how far that is from the row before, is the same for all.
// So a row is compared and encoded once, and then copied.
type rowCache struct {
	base, prev *Frame
	rows       []cachedRow // by table, row of the newest frame, and whether it is extrapolated
	bytes      []byte      // all values, one row's after the other
}

// cachedRow is one row's part of a cache. An empty mask is a row that needs no
// word.
type cachedRow struct {
	mask    uint64
	from, n int32 // its values in bytes
	known   bool
	changed bool // it is not what it was in the baseline
}

// maxCaches bounds the pairs of baselines in one tick for which rows are
// remembered. There are few pairs, because nearly everybody was sent the tick
// before. Receivers with another one are encoded for by themselves.
const maxCaches = 8

// cacheFor returns the cache for that key's baselines, or nil if there is no
// room for it.
func (e *bodyEncoder) cacheFor(at *bodyKey) *rowCache {
	for i := range e.caches[:e.open] {
		if c := &e.caches[i]; c.base == at.base.frame && c.prev == at.prev.frame {
			return c
		}
	}
	if e.open == maxCaches {
		return nil
	}
	if e.open == len(e.caches) {
		e.caches = append(e.caches, rowCache{})
	}
	c := &e.caches[e.open]
	e.open++
	c.base, c.prev, c.bytes = at.base.frame, at.prev.frame, c.bytes[:0]
	n := 0
	for i := range at.now.frame.Tables {
		n += 2 * len(at.now.frame.Tables[i].IDs)
	}
	if cap(c.rows) < n {
		c.rows = make([]cachedRow, n+n/4)
	}
	c.rows = c.rows[:n]
	clear(c.rows)
	return c
}
