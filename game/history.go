package game

// history keeps copies of the last states for rewinding.
type history[S any] struct {
	ring  []past[S]
	count int // how many of the ring are filled
}

type past[S any] struct {
	state *S
	parts parts
	tick  Tick
}

func newHistory[S any](ticks int) *history[S] {
	h := &history[S]{ring: make([]past[S], ticks)}
	for i := range h.ring {
		h.ring[i].state = new(S)
		h.ring[i].parts = partsOf(h.ring[i].state)
	}
	return h
}

func (h *history[S]) slot(t Tick) *past[S] { return &h.ring[uint32(t)%uint32(len(h.ring))] }

// push keeps the state after step t; ticks come without gaps.
func (h *history[S]) push(t Tick, src *parts) {
	slot := h.slot(t)
	slot.parts.copyFrom(src)
	slot.tick = t
	h.count = min(h.count+1, len(h.ring))
}

// at returns the state after step t, the oldest there is if t is older, or
// nil if t is not yet past.
func (h *history[S]) at(t, now Tick) *S {
	back := now.Sub(t)
	if back <= 0 || h.count == 0 {
		return nil
	}
	back = min(back, h.count)
	slot := h.slot(now - Tick(back))
	return slot.state
}

func (h *history[S]) reset() { h.count = 0 }
