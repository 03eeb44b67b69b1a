package sim

// history is a ring of copies of the last states, for lag compensation.
type history struct {
	ring  []pastState
	count int // how many of the ring are filled
}

type pastState struct {
	parts Parts
	tick  Tick
}

func (h *history) index(t Tick) int { return int(uint32(t) % uint32(len(h.ring))) }

// push keeps the state after step t; ticks come without gaps.
func (h *history) push(t Tick, src *Parts) {
	slot := &h.ring[h.index(t)]
	slot.parts.copyFrom(src)
	slot.tick = t
	h.count = min(h.count+1, len(h.ring))
}

// Past returns which slot of KeepPast has the state after step t, or the oldest
// there is if t is older; false if t is not yet past, or there is no past.
func (c *Core) Past(t Tick) (slot int, ok bool) {
	h := &c.past
	back := c.tick.Sub(t)
	if back <= 0 || h.count == 0 {
		return 0, false
	}
	return h.index(c.tick - Tick(min(back, h.count))), true
}
